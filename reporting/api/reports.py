"""The report of a campaign: its totals, and its tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.models import Campaign
from campaigns.personal_data import may_see
from orchestration.verdicts import People
from reporting.api.shapes import LineShape, ReportQuery, TotalsShape
from reporting.cells import Source
from reporting.reports import By, Question, table, totals
from reporting.scopes import Scope

VIEW = Need("read", "campaigns.view_campaign")
CAMPAIGN = OpenApiParameter("campaign", str, OpenApiParameter.PATH)
BY = OpenApiParameter("by", str, OpenApiParameter.PATH, enum=[str(by) for by in By])


class Reports(Door):
    """Numbers of one campaign; test runs are never in them."""

    needs: ClassVar = {"list": VIEW, "retrieve": VIEW}
    lookup_field = "by"
    lookup_value_regex = "[a-z_]+"
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        operation_id="campaigns_report_totals",
        parameters=[CAMPAIGN, ReportQuery],
        responses=forced_singular_serializer(TotalsShape),  # type: ignore[no-untyped-call]
    )
    def list(self, request: Any, campaign: str) -> Response:
        """The totals."""
        question = question_of(request, campaign)
        found = totals(question)
        asked = {"campaign": campaign, "people": str(question.people), "source": str(question.source)}
        return Response(TotalsShape(asked | asdict(found)).data)

    @extend_schema(
        operation_id="campaigns_report_table",
        parameters=[CAMPAIGN, ReportQuery, BY],
        responses=LineShape(many=True),
    )
    def retrieve(self, request: Any, campaign: str, by: str) -> Response:
        """One table: the same numbers, divided."""
        lines = table(question_of(request, campaign), by_of(by))
        return Response(LineShape([asdict(line) for line in lines], many=True).data)


def question_of(request: Any, slug: str) -> Question:
    """What the query of the request asks of the campaign; 404 and 400 as they are due."""
    campaign = get_object_or_404(Campaign, slug=slug)
    query = ReportQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    asked = query.validated_data
    scope = Scope(campaign, asked.get("run"), asked.get("activity", ""))
    return Question(scope, People(asked["people"]), Source(asked["source"]))


def by_of(text: str) -> By:
    if text not in set(By):
        raise Http404
    return By(text)


def sees_personal_data(request: Any) -> bool:
    return may_see(request.user)
