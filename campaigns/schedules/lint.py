"""What is doubtful or hopeless about a schedule that reads well: judged with its zone and the present time.

Errors are schedules that would never launch again; warnings are launches their author may not expect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from campaigns.fixes import Fix, changing, leaving_out, writing
from campaigns.problems import Problem, Severity
from campaigns.schedules.choices import Month, Nth
from campaigns.schedules.definition import (
    MINUTES_A_DAY,
    DayNumber,
    Every,
    Monthly,
    NthWeekday,
    Once,
    Schedule,
    Validity,
    has_planned_times,
    longest_month,
)
from campaigns.schedules.launches import next_launches, validity_span
from campaigns.schedules.recurrence import wall_times

SHORTEST_INTERVAL = timedelta(minutes=15)
# Enough to see two launch days in a row at one launch each quarter of an hour.
_SAMPLE = 200


def lint_schedule(schedule: Schedule, zone: ZoneInfo, now: datetime) -> list[Problem]:
    """Problems of a schedule as of `now` (aware); paths are JSON pointers relative to the schedule."""
    checks: tuple[Callable[[Schedule, ZoneInfo, datetime], Iterable[Problem]], ...] = (
        _never_launches,
        _too_frequent,
        _uneven,
        _days_missing,
    )
    return [problem for check in checks for problem in check(schedule, zone, now)]


def _never_launches(schedule: Schedule, zone: ZoneInfo, now: datetime) -> Iterator[Problem]:
    if validity_span(schedule, zone)[1] <= now:
        yield Problem(
            "schedule.validity_over",
            "/validity/until",
            _("The validity of the schedule has ended."),
            _("Choose a later end, or remove it."),
            fixes=(_without_end(schedule.validity),),
        )
    elif has_planned_times(schedule) and not next_launches(schedule, zone, after=now, count=1):
        yield _passed() if isinstance(schedule, Once) and not schedule.validity else _outside()


def _without_end(validity: Validity | None) -> Fix:
    """Of a validity that has nothing else, nothing is left."""
    is_all = validity is None or validity.opens is None
    return leaving_out("/validity" if is_all else "/validity/until", _("Remove the end"))


def _passed() -> Problem:
    return Problem(
        "schedule.in_the_past",
        "/at",
        _("This time has passed."),
        _("Choose a later one, or launch as soon as possible."),
        fixes=(writing("", {"frequency": "as_soon_as_possible"}, _("Launch as soon as possible")),),
    )


def _outside() -> Problem:
    return Problem(
        "schedule.never_launches",
        "/validity",
        _("No launch of this schedule is left within its validity."),
        _("Choose a longer validity, or another time or day."),
    )


def _too_frequent(schedule: Schedule, zone: ZoneInfo, now: datetime) -> Iterator[Problem]:
    times = list(islice(wall_times(schedule, now.astimezone(zone).replace(tzinfo=None)), _SAMPLE))
    if any(later - earlier < SHORTEST_INTERVAL for earlier, later in pairwise(times)):
        yield Problem(
            "schedule.too_frequent",
            "",
            _("Launches follow each other in less than 15 minutes."),
            _("Leave more time between them, or make sure that a run ends sooner than the next begins."),
            Severity.WARNING,
        )


def _uneven(schedule: Schedule, zone: ZoneInfo, now: datetime) -> Iterator[Problem]:
    if isinstance(schedule, Every) and not schedule.window and MINUTES_A_DAY % schedule.minutes:
        yield Problem(
            "schedule.uneven_interval",
            "/interval",
            _("The interval does not divide the day: counted anew from midnight, the last one is shorter."),
            _("Choose an interval that divides the day, or set a window."),
            Severity.WARNING,
        )


def _days_missing(schedule: Schedule, zone: ZoneInfo, now: datetime) -> Iterator[Problem]:
    if isinstance(schedule, Monthly) and isinstance(schedule.on, DayNumber):
        yield from _numbers_missing(schedule.chosen, schedule.on)
    if isinstance(schedule, Monthly) and isinstance(schedule.on, NthWeekday) and schedule.on.nth is Nth.FIFTH:
        yield Problem(
            "schedule.day_missing",
            "/on/nth",
            _("Most months have no fifth %(weekday)s; they are skipped.")
            % {"weekday": schedule.on.weekday.label},
            _("Choose the last one if every month shall have a launch."),
            Severity.WARNING,
            fixes=(changing("/on/nth", "fifth", "last", _("Take the last one")),),
        )


def _numbers_missing(months: Iterable[Month], on: DayNumber) -> Iterator[Problem]:
    """February is held to have 28 days: a launch in leap years only is missed in the others."""
    for number, day in enumerate(on.days):
        lacking = [str(m.label) for m in months if day > longest_month(m) - (m is Month.FEB)]
        if lacking:
            yield Problem(
                "schedule.day_missing",
                f"/on/days/{number}",
                _("Day %(day)s is skipped where the month lacks it: %(months)s.")
                % {"day": day, "months": get_text_list(lacking, _("and"))},
                _("Choose the last day of the month if every month shall have a launch."),
                Severity.WARNING,
            )
