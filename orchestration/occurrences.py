"""Launching what is planned. A launch is a row, unique by campaign and planned time: whoever inserts it first has it.

Any number of beats may tick at once, a tick may be repeated or missed, a clock may jump: the row decides.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import QuerySet

from campaigns.campaign_states import settle_campaign
from campaigns.models import Campaign, CampaignVersion
from campaigns.schedules.definition import Schedule
from campaigns.schedules.launches import launches
from campaigns.schedules.policy import Action, Circumstances, Decision, SkipReason, decide_due
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
LAUNCHING = ("scheduled", "live")


def tick() -> int:
    """Launch everything that is due, each campaign in a transaction of its own; answers the runs started."""
    published = Campaign.objects.filter(versions__state="published")
    started = _count_each(launch_due, published.filter(state__in=LAUNCHING))
    _count_each(settle, published.filter(state="closed"))
    return started


def _count_each(act: Callable[[int], int | None], campaigns: QuerySet[Campaign]) -> int:
    """One broken campaign must not keep the others from launching."""
    total = 0
    for pk in campaigns.order_by("pk").values_list("pk", flat=True):
        try:
            total += act(pk) or 0
        except Exception:
            logger.exception("Campaign %s could not be launched or settled.", pk)
    return total


@transaction.atomic
def launch_due(campaign_id: int) -> int:
    """Write down and decide every launch of the campaign that is due by the database's clock."""
    campaign = (
        Campaign.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=campaign_id).first()
    )
    version = CampaignVersion.objects.filter(campaign_id=campaign_id, state="published").first()
    if campaign is None or version is None or campaign.state not in LAUNCHING:
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
    """The launch that waits for a run to end comes first; those that are due now see what became of it."""
    waiting = list(_waiting(campaign))
    if not waiting:
        return 0
    known = Circumstances(now=now, published_at=version.published_at, run_active=_active(campaign))
    started = 0
    for state in ("queued", "due"):
        asked = {each.planned_at: each for each in waiting if each.state == state}
        decisions = decide_due(schedule, zone, planned=asked, circumstances=known)
        started += sum(_carry_out(asked[at], decision, version) for at, decision in decisions)
        known = replace(known, run_active=_active(campaign), queued=_queued(campaign))
    return started


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


def withdraw_planned(campaign: Campaign) -> int:
    """Launches that are due or wait are lost when their campaign launches no more; answers how many."""
    return move(_waiting(campaign), OCCURRENCE, "skipped", reason=SkipReason.WITHDRAWN)


def note_missed(version: CampaignVersion) -> None:
    """Write down launches of the version before that were due, but not yet looked at, when this one replaced it."""
    campaign = version.campaign
    before = campaign.versions.filter(number=version.number - 1).first()
    if before is None:
        return
    document = document_of_version(before)
    schedule = read_schedule(document.schedule or AS_SOON_AS_POSSIBLE)
    missed = launches(
        schedule,
        ZoneInfo(document.campaign.time_zone),
        after=_since(campaign, before),
        until=before.state_changed_at,
    )
    _write_down(campaign, before, missed)


def _waiting(campaign: Campaign) -> QuerySet[Occurrence]:
    """Launches that are written down and not decided for good."""
    return campaign.occurrences.filter(state__in=OCCURRENCE.before("skipped"))


def _queued(campaign: Campaign) -> bool:
    return campaign.occurrences.filter(state="queued").exists()


def _active(campaign: Campaign) -> bool:
    return campaign.runs.filter(kind=RunKind.LIVE, state__in=ACTIVE).exists()


def _ahead(campaign: Campaign, schedule: Schedule, zone: ZoneInfo, now: datetime) -> bool:
    return (
        _waiting(campaign).exists()
        or schedule.frequency == "signal"
        or next(launches(schedule, zone, after=now), None) is not None
    )
