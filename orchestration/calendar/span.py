"""A span of whole days in one zone, and the instants between which each of them lies."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaigns.schedules.wall_clock import first_instant

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MOMENT = timedelta(microseconds=1)
FIRST, LAST = date(1971, 1, 1), date(2198, 12, 31)


@dataclass(frozen=True, slots=True)
class Span:
    """From `first` through `last`."""

    first: date
    last: date
    zone: ZoneInfo

    def days(self) -> Iterator[date]:
        return (self.first + DAY * number for number in range((self.last - self.first).days + 1))

    def begins(self, day: date) -> datetime:
        """The first instant of the day: where clocks skip midnight, the moment they jump."""
        return first_instant(datetime.combine(day, time()), self.zone)

    def ends(self, day: date) -> datetime:
        """The first instant that is no longer of the day."""
        return self.begins(day + DAY)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


def within_reach(day: date) -> date:
    """The nearest day that a schedule may name."""
    return min(max(day, FIRST), LAST)


def week_of(day: date, zone: ZoneInfo, *, first_weekday: int) -> Span:
    """`first_weekday` counts from Monday, 0, as Python does."""
    first = day - DAY * ((day.weekday() - first_weekday) % 7)
    return Span(first, first + DAY * 6, zone)


def month_of(day: date, zone: ZoneInfo, *, first_weekday: int) -> Span:
    """The whole weeks in which a day of the month lies."""
    first, last = day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    begin = week_of(first, zone, first_weekday=first_weekday).first
    return Span(begin, week_of(last, zone, first_weekday=first_weekday).last, zone)


def next_month(day: date, step: int) -> date:
    """The first day of the month that lies `step` months on."""
    months = day.year * 12 + day.month - 1 + step
    return date(months // 12, months % 12 + 1, 1)
