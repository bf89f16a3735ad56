"""From what the clock on the wall says to the instant it says it, whatever the zone does to its clocks.

The rule is one sentence: a wall time stands for the first instant at which the clock shows it or, having been
put forward, something later.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

_STEP = timedelta(seconds=1)


def first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive wall time.

    Shown twice: the first of both. Skipped: the first instant after the gap, whole days included. The
    function never decreases, so wall times in order give instants in order.
    """
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if wall_time(instant, zone) == wall:
        return instant
    return _end_of_gap(wall, zone, after=instant)


def wall_time(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the clock of the zone shows, naive."""
    return instant.astimezone(zone).replace(tzinfo=None)


def _end_of_gap(wall: datetime, zone: ZoneInfo, *, after: datetime) -> datetime:
    """Halve the time between both readings of a skipped wall time until the jump is found, to the second.

    Read with the offset from after the jump (fold 1) the wall time falls before the jump, with the older
    offset (fold 0) behind it.
    """
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while after - before > _STEP:
        middle = before + (after - before) // _STEP // 2 * _STEP
        if wall_time(middle, zone) < wall:
            before = middle
        else:
            after = middle
    return after
