"""An e-mail as it is being written, shown as a real person would get it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.api.serializers import ProblemShape
from campaigns.document import Document, parse_document
from campaigns.models import Campaign
from campaigns.plain_data import normal
from campaigns.problems import ProblemsError
from orchestration.email_previews import people_for_email, show_email

CAMPAIGN = OpenApiParameter("campaign", str, OpenApiParameter.PATH)
VIEW = Need("read", "campaigns.view_campaign")


class PlaceBody(serializers.Serializer[Any]):
    """The document as it stands, stored or not, and which of its activities is meant."""

    document = serializers.JSONField(help_text=_("The document: it says who arrives, and with what."))
    activity = serializers.CharField(max_length=60)


class PeopleBody(PlaceBody):
    search = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        default="",
        help_text=_("A key, or part of what people are recognised by."),
    )


class PersonShape(serializers.Serializer[Any]):
    """One of the people by key, and words to recognise them by."""

    key = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField())


class PreviewPeopleShape(serializers.Serializer[Any]):
    """`run` is the run in which they arrived there; null where they are people of the table."""

    run = serializers.IntegerField(allow_null=True)
    people = PersonShape(many=True)


class EmailBody(PlaceBody):
    """Which content, and as whom: without a key, as the first person of the table."""

    content = serializers.JSONField(help_text=_("The content, as the settings of the activity have it."))
    recipient = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class SenderShape(serializers.Serializer[Any]):
    """As the recipient sees it; blank as long as no channel is chosen."""

    name = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)


class FoundLinkShape(serializers.Serializer[Any]):
    """A link whose clicks will be counted, and its line in the HTML."""

    number = serializers.IntegerField()
    url = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    line = serializers.IntegerField()


class ShownEmailShape(serializers.Serializer[Any]):
    """The e-mail of one person, by key: null as long as nobody arrives, blank where the key may not be seen.

    `examples` are values that no run has made yet. `html` is untrusted: show it in a sandboxed frame only.
    """

    recipient = serializers.CharField(allow_null=True, allow_blank=True)
    examples = serializers.ListField(child=serializers.CharField())
    sender = SenderShape()
    subject = serializers.CharField(allow_blank=True)
    preheader = serializers.CharField(allow_blank=True)
    html = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    text_template = serializers.CharField(allow_blank=True)
    text_is_derived = serializers.BooleanField()
    links = FoundLinkShape(many=True)
    bytes = serializers.IntegerField()


class EmailPreviewShape(serializers.Serializer[Any]):
    """The e-mail, or why it cannot be rendered; paths of problems lead into the content."""

    shown = ShownEmailShape(allow_null=True)
    problems = ProblemShape(many=True)


class EmailPreviews(Door):
    """Nothing is stored, nothing is sent; personal data is masked for whoever may not see it."""

    needs: ClassVar = {"preview": VIEW, "people": VIEW}
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        operation_id="campaigns_preview_email",
        request=EmailBody,
        responses={200: EmailPreviewShape},
        parameters=[CAMPAIGN],
    )
    @action(detail=False, methods=["post"])
    def preview(self, request: Any, campaign: str) -> Response:
        """All parts of the e-mail, rendered for one person. A content that is not whole yet is no mistake of the request."""
        found, document, asked = _asked(request, campaign, EmailBody)
        content, who = normal(asked["content"], ("content",)), asked["recipient"]
        try:
            shown = show_email(found, document, asked["activity"], content, recipient=who, by=request.user)
        except ProblemsError as error:
            return Response({"shown": None, "problems": [problem.as_dict() for problem in error.problems]})
        return Response({"shown": ShownEmailShape(shown).data, "problems": []})

    @extend_schema(
        operation_id="campaigns_email_people",
        request=PeopleBody,
        responses={200: PreviewPeopleShape},
        parameters=[CAMPAIGN],
    )
    @action(detail=False, methods=["post"])
    def people(self, request: Any, campaign: str) -> Response:
        """Whom it can be shown for: who arrived there in the latest run, or else people of the table."""
        found, document, asked = _asked(request, campaign, PeopleBody)
        people = people_for_email(found, document, asked["activity"], search=asked["search"], by=request.user)
        return Response(PreviewPeopleShape(people).data)


def _asked(request: Any, slug: str, kind: type[PlaceBody]) -> tuple[Campaign, Document, Mapping[str, Any]]:
    campaign = get_object_or_404(Campaign, slug=slug)
    body = kind(data=request.data)
    body.is_valid(raise_exception=True)
    asked: Mapping[str, Any] = body.validated_data
    return campaign, _document(asked["document"]), asked


def _document(data: Any) -> Document:
    try:
        return parse_document(data)
    except ProblemsError as error:
        raise ProblemsError(problem.under("/document") for problem in error.problems) from None
