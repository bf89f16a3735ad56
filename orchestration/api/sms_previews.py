"""A text as it is being written, shown as real people would get it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.content.sms_segments import Alphabet
from campaigns.document import Document, parse_document
from campaigns.models import Campaign
from campaigns.plain_data import normal
from campaigns.problems import ProblemsError
from orchestration.sms_previews import SAMPLED, show_text

CAMPAIGN = OpenApiParameter("campaign", str, OpenApiParameter.PATH)


class TextBody(serializers.Serializer[Any]):
    """The document as it stands, stored or not, which of its activities is meant, and what it is to say."""

    document = serializers.JSONField(help_text=_("The document: it says who arrives, and with what."))
    activity = serializers.CharField(max_length=60)
    content = serializers.JSONField(help_text=_("The content, as the settings of the activity have it."))
    position = serializers.IntegerField(
        min_value=0,
        max_value=10 * SAMPLED,
        required=False,
        default=0,
        help_text=_("Which of the people rendered to show; the first follows the last."),
    )


class SegmentsShape(serializers.Serializer[Any]):
    """How a text travels. `left` is the room in its last segment, `outside` what the GSM alphabet lacks of it."""

    alphabet = serializers.ChoiceField(choices=[(each.value, each.value) for each in Alphabet])
    characters = serializers.IntegerField()
    units = serializers.IntegerField()
    count = serializers.IntegerField()
    left = serializers.IntegerField()
    outside = serializers.ListField(child=serializers.CharField(trim_whitespace=False))


class NamedShape(serializers.Serializer[Any]):
    """What the text may name."""

    path = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer


class ShownTextShape(serializers.Serializer[Any]):
    """The text of one person, and how many segments the longest of all people rendered needs.

    `examples` are values that no run has made yet; `recipient` is blank where nobody arrives yet and where the key may
    not be seen.
    """

    people = serializers.IntegerField()
    position = serializers.IntegerField()
    recipient = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    segments = SegmentsShape()
    longest = serializers.IntegerField()
    most_segments = serializers.IntegerField()
    sender = serializers.CharField(allow_blank=True)
    opt_out_text = serializers.CharField(allow_blank=True)
    examples = serializers.ListField(child=serializers.CharField())
    names = NamedShape(many=True)


class TextPreviews(Door):
    """Nothing is stored, nothing is sent; personal data is masked for whoever may not see it."""

    needs: ClassVar = {"preview": Need("read", "campaigns.view_campaign")}
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        operation_id="campaigns_preview_text",
        request=TextBody,
        responses={200: ShownTextShape},
        parameters=[CAMPAIGN],
    )
    @action(detail=False, methods=["post"])
    def preview(self, request: Any, campaign: str) -> Response:
        """The text of one person, and what it costs for the others."""
        found = get_object_or_404(Campaign, slug=campaign)
        body = TextBody(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        content = normal(asked["content"], ("content",))
        document = _document(asked["document"])
        shown = show_text(
            found, document, asked["activity"], content, position=asked["position"], by=request.user
        )
        return Response(ShownTextShape(shown).data)


def _document(data: Any) -> Document:
    try:
        return parse_document(data)
    except ProblemsError as error:
        raise ProblemsError(problem.under("/document") for problem in error.problems) from None
