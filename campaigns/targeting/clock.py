"""Local time and instants: what a wall clock's reading means, and days as spans of instants.

A local time that occurs twice is its first occurrence; one that the zone skips is the instant at which the
clocks jumped. Read so, instants never decrease as local time grows, which is what lets a bound be converted
instead of a column (`stored_bound`). Instants are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant that a naive local time names in a zone."""
    early = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if early.astimezone(zone).replace(tzinfo=None, fold=0) == local:
        return early
    late = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    before = min(early, late).astimezone(zone).utcoffset()
    return _first(lambda at: at.astimezone(zone).utcoffset() != before, min(early, late), max(early, late))


def stored_bound(instant: datetime, zone: ZoneInfo) -> datetime:
    """The least naive local time whose instant in `zone` is not before `instant`."""
    try:
        local = instant.astimezone(zone).replace(tzinfo=None, fold=0)
        return _first(lambda at: instant_of(at, zone) >= instant, local - 2 * _DAY, local + 2 * _DAY)
    except OverflowError:
        return instant.replace(tzinfo=None)


def _first(holds: Callable[[datetime], bool], low: datetime, high: datetime) -> datetime:
    """The first moment in (low, high] at which `holds`, found by halving; it holds from there on."""
    while high - low > TICK:
        middle = low + (high - low) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment a rule runs and the zone whose calendar it uses."""

    now: datetime
    zone: ZoneInfo

    def day_of(self, instant: datetime) -> date:
        """The day an instant lies in: not always the one shown, where clocks go back over midnight."""
        try:
            shown = instant.astimezone(self.zone).date()
            return shown + _DAY if instant >= self.day_start(shown + _DAY) else shown
        except OverflowError:
            return instant.date()

    def instant_of(self, local: datetime) -> datetime:
        return instant_of(local, self.zone)

    def day_start(self, day: date) -> datetime:
        return self.instant_of(datetime.combine(day, time()))
