"""Launching what is planned. A launch is a row, unique by campaign and planned time: whoever inserts it first has it.

Any number of beats may tick at once, a tick may be repeated or missed, a clock may jump: the row decides.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from campaigns.campaign_states import settle_campaign
from campaigns.models import Campaign, CampaignVersion
from campaigns.schedules.definition import Schedule
from campaigns.schedules.launches import launches
from campaigns.schedules.policy import Action, Circumstances, Decision, decide_due
from campaigns.schedules.reading import read_schedule
from campaigns.states import move
from orchestration.models import Occurrence, RunKind
from orchestration.runs import document_of_version, start_live_run
from orchestration.states import OCCURRENCE

logger = logging.getLogger(__name__)

CATCH_UP = 1000
"""How many missed launches of one campaign a single tick writes down; the next tick goes on."""

AS_SOON_AS_POSSIBLE = {"frequency": "as_soon_as_possible"}

ACTIVE = ("running", "paused", "failed")


def tick() -> int:
    """Launch everything that is due, each campaign in a transaction of its own; answers the runs started."""
    due = CampaignVersion.objects.filter(state="published", campaign__state__in=("scheduled", "live"))
    return sum(_tick_campaign(pk) for pk in due.order_by("campaign_id").values_list("campaign_id", flat=True))


def _tick_campaign(campaign_id: int) -> int:
    """One broken campaign must not keep the others from launching."""
    try:
        return launch_due(campaign_id)
    except Exception:
        logger.exception("Campaign %s could not be launched.", campaign_id)
        return 0


@transaction.atomic
def launch_due(campaign_id: int) -> int:
    """Write down and decide every launch of the campaign that is due by the database's clock."""
    campaign = (
        Campaign.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=campaign_id).first()
    )
    version = CampaignVersion.objects.filter(campaign_id=campaign_id, state="published").first()
    if campaign is None or version is None or campaign.state not in ("scheduled", "live"):
        return 0
    document = document_of_version(version)
    schedule, zone = (
        read_schedule(document.schedule or AS_SOON_AS_POSSIBLE),
        ZoneInfo(document.campaign.time_zone),
    )
    now = database_now()
    _write_down(campaign, version, launches(schedule, zone, after=_since(campaign, version), until=now))
    started = _decide(campaign, version, schedule, zone, now)
    settle_campaign(
        campaign, runs_active=_active(campaign), launches_ahead=_ahead(campaign, schedule, zone, now)
    )
    return started


@transaction.atomic
def settle(campaign_id: int) -> None:
    """After a run has ended: launch what is queued, or let the campaign complete."""
    launch_due(campaign_id)
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
    if campaign.state == "closed":
        settle_campaign(campaign, runs_active=_active(campaign), launches_ahead=False)


def database_now() -> datetime:
    """The one clock that decides what is due."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def _since(campaign: Campaign, version: CampaignVersion) -> datetime:
    """Where the last tick left off: planned times up to a publication are not its to launch."""
    last = campaign.occurrences.order_by("-planned_at").values_list("planned_at", flat=True).first()
    return max(last, version.published_at) if last else version.published_at


def _write_down(campaign: Campaign, version: CampaignVersion, planned: Iterable[datetime]) -> None:
    Occurrence.objects.bulk_create(
        (Occurrence(campaign=campaign, version=version, planned_at=at) for at in islice(planned, CATCH_UP)),
        ignore_conflicts=True,
    )


def _decide(
    campaign: Campaign, version: CampaignVersion, schedule: Schedule, zone: ZoneInfo, now: datetime
) -> int:
    waiting = {o.planned_at: o for o in campaign.occurrences.filter(state__in=("due", "queued"))}
    circumstances = Circumstances(now=now, published_at=version.published_at, run_active=_active(campaign))
    decisions = decide_due(schedule, zone, planned=waiting, circumstances=circumstances)
    return sum(_carry_out(waiting[at], decision, version) for at, decision in decisions)


def _carry_out(occurrence: Occurrence, decision: Decision, version: CampaignVersion) -> int:
    mine = Occurrence.objects.filter(pk=occurrence.pk)
    if decision.action is Action.SKIP:
        move(mine, OCCURRENCE, "skipped", reason=decision.reason or "")
    elif decision.action is Action.QUEUE:
        move(mine, OCCURRENCE, "queued")
    elif move(mine, OCCURRENCE, "launched", version=version):
        mine.update(run=start_live_run(version, anchor=None))
        return 1
    return 0


def _active(campaign: Campaign) -> bool:
    return campaign.runs.filter(kind=RunKind.LIVE, state__in=ACTIVE).exists()


def _ahead(campaign: Campaign, schedule: Schedule, zone: ZoneInfo, now: datetime) -> bool:
    queued = campaign.occurrences.filter(state__in=("due", "queued")).exists()
    return (
        queued
        or schedule.frequency == "signal"
        or next(launches(schedule, zone, after=now), None) is not None
    )
