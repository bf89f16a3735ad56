"""Runs that began in a span, by day. A campaign with many in a day is told by how many came to what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate

from campaigns.models import Campaign
from orchestration.calendar.planned import MOST_APART
from orchestration.calendar.span import Span
from orchestration.models import CampaignRun, RunKind

MOST_DAYS_OF_RUNS = 5000
"""Days of campaigns with runs that one page tells of."""


@dataclass(slots=True)
class PastDay:
    """A campaign's runs on one day: how many are in each state, and each of them where they are few."""

    campaign: int
    day: date
    states: dict[str, int] = field(default_factory=dict)
    runs: list[CampaignRun] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(self.states.values())


def past_days(campaigns: QuerySet[Campaign], span: Span, *, tests: bool = False) -> list[PastDay]:
    """Two queries, whatever the number of runs."""
    runs = _in_span(campaigns, span, tests)
    found: dict[tuple[int, date], PastDay] = {}
    counted = runs.values("campaign", "day", "state").annotate(count=Count("pk")).order_by("day", "campaign")
    for row in counted[:MOST_DAYS_OF_RUNS]:
        key = row["campaign"], row["day"]
        found.setdefault(key, PastDay(*key)).states[row["state"]] = row["count"]
    for run in _first_of_each_day(runs):
        past = found.get((run.campaign_id, run.day))
        if past and past.count <= MOST_APART:
            past.runs.append(run)
    return list(found.values())


def _in_span(campaigns: QuerySet[Campaign], span: Span, tests: bool) -> QuerySet[Any]:
    began = {"started_at__gte": span.begins(span.first), "started_at__lt": span.ends(span.last)}
    kinds = (RunKind.LIVE, RunKind.TEST) if tests else (RunKind.LIVE,)
    rows = CampaignRun.objects.filter(**began, kind__in=kinds, campaign__in=campaigns.order_by().values("pk"))
    found: QuerySet[Any] = rows.annotate(day=TruncDate("started_at", tzinfo=span.zone)).order_by()
    return found


def _first_of_each_day(runs: QuerySet[Any]) -> QuerySet[Any]:
    place = Window(
        RowNumber(), partition_by=[F("campaign"), F("day")], order_by=[F("started_at").asc(), F("pk").asc()]
    )
    few: QuerySet[Any] = (
        runs.annotate(place=place).filter(place__lte=MOST_APART).defer("definition", "variables")
    )
    return few.order_by("started_at", "pk")[: MOST_DAYS_OF_RUNS * MOST_APART]
