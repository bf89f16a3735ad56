"""The launches of a campaign: those to come, and what became of those that were due."""

from __future__ import annotations

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.pagination import NewestFirst
from campaigns.drafts import load_draft
from campaigns.models import Campaign
from campaigns.schedules.outlook import Outlook, outlook
from orchestration.api.run_questions import VIEW
from orchestration.api.runs import CAMPAIGN
from orchestration.api.shapes import LaunchesQuery, LaunchesShape, OccurrenceShape
from orchestration.models import Occurrence
from orchestration.occurrences import LAUNCHING
from orchestration.runs import document_of_version


class LatestPlannedFirst(NewestFirst):
    ordering = ("-planned_at", "-pk")


class Launches(Door):
    """By the published version as long as the campaign launches, or by the draft."""

    needs: ClassVar = {"list": VIEW}
    queryset = Occurrence.objects.none()
    serializer_class = OccurrenceShape
    pagination_class = LatestPlannedFirst
    filter_backends = ()

    @extend_schema(
        parameters=[CAMPAIGN, LaunchesQuery],
        responses=forced_singular_serializer(LaunchesShape),  # type: ignore[no-untyped-call]
    )
    def list(self, request: Any, campaign: str) -> Response:
        """The next ten launches and a page of the recorded ones."""
        found = get_object_or_404(Campaign, slug=campaign)
        query = LaunchesQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        of = query.validated_data["of"]
        page = self.paginate_queryset(found.occurrences.select_related("version"))
        recorded = self.get_paginated_response(OccurrenceShape(page, many=True).data).data
        return Response({"of": of, **_words(found, _outlook(found, of)), **recorded})


def _outlook(campaign: Campaign, of: str) -> Outlook | None:
    """None where nothing is to come: nothing is published, or the campaign launches no more."""
    if of == "draft":
        return outlook(load_draft(campaign))
    version = campaign.versions.filter(state="published").first()
    if version is None or campaign.state not in LAUNCHING:
        return None
    return outlook(document_of_version(version))


def _words(campaign: Campaign, found: Outlook | None) -> dict[str, Any]:
    if found is None:
        return {"sentence": "", "time_zone": campaign.time_zone, "upcoming": []}
    return {"sentence": found.sentence, "time_zone": found.zone.key, "upcoming": list(found.launches)}
