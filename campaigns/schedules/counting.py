"""How many launches lie in a span, without asking for each of them: a campaign may launch every minute."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.schedules.definition import Schedule
from campaigns.schedules.launches import launches
from campaigns.schedules.recurrence import count_wall_times
from campaigns.schedules.wall_clock import wall_time

_REACH = timedelta(hours=26)
"""No zone has ever put its clocks further; what a change before the span repeats is told within it."""
_MOMENT = timedelta(microseconds=1)


def count_launches(schedule: Schedule, zone: ZoneInfo, *, after: datetime, until: datetime) -> int:
    """As many as `launches` gives for the same span, of a day or a few.

    Where clocks change in the span or shortly before it, each is asked for; else wall times are counted.
    """
    if not _is_steady(zone, after, until):
        return sum(1 for _ in launches(schedule, zone, after=after, until=until))
    low, high = wall_time(after, zone), wall_time(until, zone)
    validity = schedule.validity
    if validity and validity.opens:
        low = max(low, validity.opens - _MOMENT)
    if validity and validity.closes:
        high = min(high, validity.closes)
    return count_wall_times(schedule, low, high) if low < high else 0


def _is_steady(zone: ZoneInfo, after: datetime, until: datetime) -> bool:
    """Whether the clocks show the same offset from well before the span to its end."""
    hours = int((until - after) / timedelta(hours=12)) + 1
    moments = [after - _REACH, after, *(after + timedelta(hours=12) * n for n in range(hours)), until]
    return len({moment.astimezone(zone).utcoffset() for moment in moments}) == 1
