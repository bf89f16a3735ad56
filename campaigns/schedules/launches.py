"""The planned launches of a schedule as instants: a pure function of schedule, zone and time.

What a tick does with a launch that is due is `policy`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import dropwhile, islice, takewhile
from zoneinfo import ZoneInfo

from campaigns.schedules.definition import Schedule
from campaigns.schedules.recurrence import wall_times
from campaigns.schedules.wall_clock import EARLIEST, LATEST, first_instant, wall_time


def launches(
    schedule: Schedule, zone: ZoneInfo, *, after: datetime, until: datetime | None = None
) -> Iterator[datetime]:
    """Planned instants in UTC with after < instant ≤ until, strictly increasing, computed as they are asked
    for.

    `after` and `until` are aware. Two wall times that fall on one instant give one launch. Half-open bounds
    let a caller go on where it stopped: the launches of two adjoining spans are those of both together.
    Without `until` the iterator goes on to the year 2199. Nothing is planned for *as soon as possible* and
    *signal*.
    """
    previous = _within_calendar(after)
    end = _within_calendar(until) if until else LATEST
    for wall in _valid_times(schedule, wall_time(previous, zone)):
        instant = first_instant(wall, zone)
        if instant > end:
            return
        if instant > previous:
            yield instant
            previous = instant


def next_launches(schedule: Schedule, zone: ZoneInfo, *, after: datetime, count: int = 10) -> list[datetime]:
    """The next planned instants in UTC after an aware one, at most `count`."""
    return list(islice(launches(schedule, zone, after=after), count))


def validity_span(schedule: Schedule, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first and the last instant, in UTC, a campaign may launch at."""
    validity = schedule.validity
    opens = first_instant(validity.opens, zone) if validity and validity.opens else EARLIEST
    closes = first_instant(validity.closes, zone) if validity and validity.closes else LATEST
    return opens, closes


def _valid_times(schedule: Schedule, since: datetime) -> Iterator[datetime]:
    """Wall times within the validity that are not before `since`."""
    validity = schedule.validity
    if validity and validity.opens:
        since = max(since, validity.opens)
    found: Iterator[datetime] = dropwhile(lambda wall: wall < since, wall_times(schedule, since))
    if validity and validity.closes:
        closes = validity.closes
        found = takewhile(lambda wall: wall <= closes, found)
    return found


def _within_calendar(instant: datetime) -> datetime:
    """In UTC, and far enough from the ends of Python's calendar that no zone's offset overflows it."""
    if instant.tzinfo is None:
        raise ValueError("Launches are asked for between aware times.")
    return min(max(instant, EARLIEST), LATEST).astimezone(UTC)
