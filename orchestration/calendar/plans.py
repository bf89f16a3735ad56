"""The schedules of published campaigns, read without the rest of their documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import F, JSONField, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from campaigns.models import Campaign, CampaignVersion
from campaigns.problems import ProblemsError
from campaigns.schedules.definition import Schedule
from campaigns.schedules.description import describe
from campaigns.schedules.launches import next_launches
from campaigns.schedules.reading import read_schedule

LAUNCHING = ("scheduled", "live")


@dataclass(frozen=True, slots=True)
class Plan:
    """When a campaign launches. `campaign` is its key."""

    campaign: int
    schedule: Schedule
    zone: ZoneInfo

    def next_after(self, at: datetime) -> datetime | None:
        return next(iter(next_launches(self.schedule, self.zone, after=at, count=1)), None)

    def words(self) -> str:
        return describe(self.schedule, self.zone)


def launching_versions() -> QuerySet[CampaignVersion]:
    """Published versions with what `plan_of` asks for; their documents stay in the database."""
    document = CampaignVersion.objects.filter(state="published").alias(
        document=Cast("definition", JSONField())
    )
    return document.annotate(
        planned=F("document__schedule"), zone_name=KT("document__campaign__time_zone")
    ).defer("definition")


def plans(campaigns: QuerySet[Campaign], most: int) -> Iterator[Plan]:
    """Of those of the campaigns that launch, the most lately published first."""
    wanted = campaigns.filter(state__in=LAUNCHING).order_by().values("pk")
    versions = launching_versions().filter(campaign__in=wanted).order_by("-published_at", "-pk")
    return (plan for version in versions[:most] if (plan := plan_of(version)))


def plan_of(version: Any) -> Plan | None:
    """None where no clock launches the campaign."""
    try:
        zone = ZoneInfo(version.zone_name or "UTC")
        return Plan(version.campaign_id, read_schedule(version.planned), zone) if version.planned else None
    except (ProblemsError, ZoneInfoNotFoundError, ValueError):
        return None
