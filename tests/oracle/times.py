"""Instants and days by walking: a clock is watched minute by minute until it shows what is asked for."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def clock_shows(at: datetime, zone: str) -> datetime:
    shown = at.astimezone(ZoneInfo(zone))
    return datetime.combine(
        shown.date(), shown.time().replace(fold=0)
    )  # a plain one, whatever kind of datetime came


@cache
def instant(local: datetime, zone: str) -> datetime:
    """The first instant at which the zone's clock shows a local time or a later one."""
    at = local.replace(second=0, microsecond=0, tzinfo=UTC) - timedelta(hours=26)
    while clock_shows(at + HOUR, zone) < local - 2 * HOUR:  # still far off, whatever a clock may do
        at += HOUR
    while True:
        shows = clock_shows(at, zone)
        if shows <= local < shows + MINUTE:
            return at + (local - shows)
        at += MINUTE
        if clock_shows(at, zone) > local:
            return at


class Local(datetime):
    """The instant of a time that is stored without a zone, together with what is written."""

    written: datetime

    @classmethod
    def read(cls, written: datetime, zone: str) -> Local:
        at = instant(written, zone)
        found = cls.combine(at.date(), at.timetz())
        found.written = written
        return found


def day_start(day: date, zone: str) -> datetime:
    return instant(datetime.combine(day, time()), zone)


@cache
def day_of(at: datetime, zone: str) -> date:
    day = clock_shows(at, zone).date()
    return day + timedelta(days=1) if at >= day_start(day + timedelta(days=1), zone) else day


@cache
def moved(day: date, number: int, unit: str) -> date:
    if unit in ("day", "week"):
        return day + timedelta(days=number * {"day": 1, "week": 7}[unit])
    year, month = day.year, day.month
    for _ in range(abs(number) * {"month": 1, "quarter": 3, "year": 12}[unit]):
        month += 1 if number > 0 else -1
        if month in (0, 13):
            year, month = (year + 1, 1) if month == 13 else (year - 1, 12)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def shown_day(at: Any, zone: str) -> date:
    """The date that is written, or that the zone's clock shows at an instant."""
    if not isinstance(at, datetime):
        return at  # type: ignore[no-any-return]
    return (clock_shows(at, zone) if at.tzinfo else at).date()


def in_time(later: Any, earlier: Any, within: dict[str, Any], zone: str) -> bool:
    """Whether one moment lies at most so much time after another."""
    unit = within.get("unit", "day")
    if unit in ("hour", "minute"):
        return later - earlier <= within["n"] * (HOUR if unit == "hour" else MINUTE)  # type: ignore[no-any-return]
    return shown_day(later, zone) <= moved(shown_day(earlier, zone), within["n"], unit)


def start_of_unit(day: date, unit: str) -> date:
    one = timedelta(days=1)
    begins = {
        "day": lambda d: True,
        "week": lambda d: d.isoweekday() == 1,
        "month": lambda d: d.day == 1,
        "quarter": lambda d: d.day == 1 and d.month in (1, 4, 7, 10),
        "year": lambda d: d.day == 1 and d.month == 1,
    }[unit]
    while not begins(day):
        day -= one
    return day


def keeps_anniversary(born: date, day: date) -> bool:
    if (born.month, born.day) == (2, 29) and monthrange(day.year, 2)[1] == 28:
        return (day.month, day.day) == (2, 28)
    return (born.month, born.day) == (day.month, day.day)
