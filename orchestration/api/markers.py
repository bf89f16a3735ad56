"""The markers of a campaign's incremental queries: read, and set with If-Match."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.parameters import IF_MATCH
from campaigns.api.permissions import Need
from campaigns.api.preconditions import etag, required_match
from campaigns.api.problem_details import Details, Refusal
from campaigns.models import Campaign
from orchestration.api.run_questions import VIEW
from orchestration.api.runs import CAMPAIGN
from orchestration.exceptions import Refused
from orchestration.markers import CHANGED, Setting, ShownMarker, marker_named, markers_of, set_marker
from orchestration.models import QueryReading
from orchestration.run_permissions import LIVE

ACTIVITY = OpenApiParameter("activity", str, OpenApiParameter.PATH)
LARGEST = 10


class ReadingShape(serializers.ModelSerializer[QueryReading]):
    """What one live run read; it counts once its state is *kept*."""

    class Meta:
        model = QueryReading
        fields = ("run", "read_from", "read_to", "people", "state", "read_at")
        read_only_fields = fields


class MarkerShape(serializers.Serializer[Any]):
    """Until when an incremental query has read, null before it ever has; the latest readings first."""

    activity = serializers.CharField()
    value = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField()
    readings = ReadingShape(many=True)


class MarkerBody(serializers.Serializer[Any]):
    """Where the next run reads on, and why."""

    value = serializers.DateTimeField(allow_null=True, help_text=gettext_lazy("Null: from the beginning."))
    reason = serializers.CharField(max_length=200)
    forget_returned = serializers.BooleanField(
        default=False, help_text=gettext_lazy("Forget whom it has returned, so that they may come again.")
    )


class Markers(Door):
    """Incremental queries are named by the id of their activity."""

    needs: ClassVar = {"list": VIEW, "retrieve": VIEW, "update": Need("publish", LIVE)}
    queryset = QueryReading.objects.none()
    pagination_class = None
    filter_backends = ()
    lookup_field = "activity"
    lookup_value_regex = r"[a-z0-9_-]{1,60}"

    @extend_schema(parameters=[CAMPAIGN], responses=MarkerShape(many=True))
    def list(self, request: Any, campaign: str) -> Response:
        """All of a campaign, those of activities that its draft no longer has last."""
        found = get_object_or_404(Campaign, slug=campaign)
        return Response(MarkerShape(markers_of(found), many=True).data)

    @extend_schema(parameters=[CAMPAIGN, ACTIVITY], responses=MarkerShape)
    def retrieve(self, request: Any, campaign: str, activity: str) -> Response:
        """One, with its ETag."""
        return _answer(_found(get_object_or_404(Campaign, slug=campaign), activity))

    @extend_schema(parameters=[CAMPAIGN, ACTIVITY, IF_MATCH], request=MarkerBody, responses=MarkerShape)
    def update(self, request: Any, campaign: str, activity: str) -> Response:
        """Set it; a run that has read already is not changed by this."""
        found = get_object_or_404(Campaign, slug=campaign)
        _found(found, activity)
        match = required_match(request)
        body = MarkerBody(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        revision = int(match) if match.isdecimal() and len(match) < LARGEST else -1
        setting = Setting(asked["value"], revision, asked["reason"], asked["forget_returned"])
        try:
            return _answer(set_marker(found, activity, setting, by=request.user))
        except Refused as refusal:
            raise _conflict(refusal, _found(found, activity)) from None


def _found(campaign: Campaign, activity: str) -> ShownMarker:
    found = marker_named(campaign, activity)
    if found is None:
        raise Http404(_("This campaign has no such incremental query."))
    return found


def _answer(found: ShownMarker) -> Response:
    return Response(MarkerShape(found).data, headers={"ETag": etag(str(found.revision))})


def _conflict(refusal: Refused, present: ShownMarker) -> Exception:
    """Another revision is what If-Match is for; any other refusal stays what it is."""
    if refusal.code != CHANGED:
        return refusal
    headers = {"ETag": etag(str(present.revision))}
    return Refusal(
        Details(HTTPStatus.PRECONDITION_FAILED, "marker_conflict", refusal.message, headers=headers)
    )
