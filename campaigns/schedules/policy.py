"""What a tick does with launches that are due: start a run, queue it, or leave it out and say why.

Pure: the caller brings the database's clock and what it knows of runs, and carries the decision out under its
own compare-and-set. Several launches may be due at once after an outage; `decide_due` lets only the newest
start.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from campaigns.schedules.choices import Overlap
from campaigns.schedules.definition import Schedule, has_planned_times
from campaigns.schedules.launches import validity_span


class Action(StrEnum):
    """What to do with a due launch. A queued one is asked about again at the next tick."""

    LAUNCH = "launch"
    QUEUE = "queue"
    SKIP = "skip"


class SkipReason(TextChoices):
    """Why a planned launch did not become a run."""

    BEFORE_PUBLICATION = "before_publication", _("planned before the version was published")
    OUTSIDE_VALIDITY = "outside_validity", _("outside the validity of the schedule")
    TOO_LATE = "too_late", _("later than the greatest lateness")
    SUPERSEDED = "superseded", _("a newer launch was due at the same time")
    RUN_ACTIVE = "run_active", _("the earlier run was still going")
    ALREADY_QUEUED = "already_queued", _("another launch was already waiting")
    WITHDRAWN = "withdrawn", _("the campaign was taken back, closed or stopped")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the engine knows at a tick. `queued` says whether a launch other than those asked about is
    waiting.
    """

    now: datetime
    published_at: datetime
    run_active: bool = False
    queued: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a launch; a reason is there exactly when it is skipped."""

    action: Action
    reason: SkipReason | None = None


def decide(
    schedule: Schedule, zone: ZoneInfo, *, planned: datetime, circumstances: Circumstances
) -> Decision:
    """The decision on one due launch. All times are aware; `planned` is not after `now`."""
    if planned > circumstances.now:
        raise ValueError("A launch is decided on when it is due, not before.")
    reason = _lost(schedule, zone, planned, circumstances) or _hindered(schedule, circumstances)
    if reason:
        return Decision(Action.SKIP, reason)
    return Decision(Action.QUEUE if circumstances.run_active else Action.LAUNCH)


def decide_due(
    schedule: Schedule, zone: ZoneInfo, *, planned: Iterable[datetime], circumstances: Circumstances
) -> list[tuple[datetime, Decision]]:
    """Decisions on all launches due at one tick, oldest first. Only the newest that is not lost may start or
    wait.
    """
    lost = {at: _lost(schedule, zone, at, circumstances) for at in sorted(set(planned))}
    newest = max((at for at, reason in lost.items() if reason is None), default=None)
    return [
        (at, decide(schedule, zone, planned=at, circumstances=circumstances))
        if at == newest
        else (at, Decision(Action.SKIP, reason or SkipReason.SUPERSEDED))
        for at, reason in lost.items()
    ]


def _lost(schedule: Schedule, zone: ZoneInfo, planned: datetime, known: Circumstances) -> SkipReason | None:
    """A reason that waiting cannot mend."""
    opens, closes = validity_span(schedule, zone)
    if _is_before_publication(schedule, planned, known.published_at):
        return SkipReason.BEFORE_PUBLICATION
    if not opens <= planned <= closes:
        return SkipReason.OUTSIDE_VALIDITY
    if known.now - planned > schedule.max_lateness:
        return SkipReason.TOO_LATE
    return None


def _is_before_publication(schedule: Schedule, planned: datetime, published_at: datetime) -> bool:
    """A launch the publication or a signal asks for may fall on the very instant; a planned one belongs to
    the past.
    """
    return planned <= published_at if has_planned_times(schedule) else planned < published_at


def _hindered(schedule: Schedule, known: Circumstances) -> SkipReason | None:
    if not known.run_active:
        return None
    if schedule.overlap is Overlap.SKIP:
        return SkipReason.RUN_ACTIVE
    return SkipReason.ALREADY_QUEUED if known.queued else None
