"""The wall times each frequency asks for, in order, without a zone: what a calendar on the wall would have
marked.

No time is looked for minute by minute: each rule steps by its own days. Turning wall times into instants, and
leaving out what lies outside the validity, is `launches`' part.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import singledispatch
from itertools import dropwhile, takewhile

from campaigns.schedules.choices import Nth, Weekday
from campaigns.schedules.cron import cron_times
from campaigns.schedules.definition import (
    MINUTES_A_DAY,
    Cron,
    Daily,
    DayNumber,
    Every,
    LastDay,
    Monthly,
    NthWeekday,
    Once,
    Schedule,
    SeveralTimesADay,
    Weekly,
    Window,
)
from campaigns.schedules.fields import LAST_YEAR

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_END = date(LAST_YEAR + 1, 1, 1)


@singledispatch
def wall_times(schedule: Schedule, since: datetime) -> Iterator[datetime]:
    """Naive wall times, strictly increasing, from about `since` on: a few earlier ones of its day may lead.

    Ends with the last year a schedule can name. Nothing is planned as soon as possible or for a signal.
    """
    return iter(())


@wall_times.register
def _once(schedule: Once, since: datetime) -> Iterator[datetime]:
    yield schedule.at


@wall_times.register
def _several_times_a_day(schedule: SeveralTimesADay, since: datetime) -> Iterator[datetime]:
    return _at(_days(since.date(), schedule.weekdays), schedule.times)


@wall_times.register
def _every(schedule: Every, since: datetime) -> Iterator[datetime]:
    minutes = [timedelta(minutes=n) for n in _minutes(schedule.window, schedule.minutes)]
    reaches_next_day = minutes[-1] >= _DAY
    for day in _days(since.date() - _DAY * reaches_next_day, schedule.weekdays):
        midnight = datetime.combine(day, time())
        yield from (midnight + after for after in minutes)


@wall_times.register
def _daily(schedule: Daily, since: datetime) -> Iterator[datetime]:
    return _at(_days(since.date(), schedule.weekdays), (schedule.at,))


@wall_times.register
def _weekly(schedule: Weekly, since: datetime) -> Iterator[datetime]:
    first = max(since.date(), schedule.starting or since.date())
    days = (week + weekday.number * _DAY for week in _weeks(schedule, first) for weekday in schedule.weekdays)
    return _at((day for day in days if day >= first), (schedule.at,))


@wall_times.register
def _monthly(schedule: Monthly, since: datetime) -> Iterator[datetime]:
    chosen = {month.number for month in schedule.chosen}
    months = (month for month in _months(since.date()) if month.month in chosen)
    return _at((day for month in months for day in month_days(schedule.on, month)), (schedule.at,))


@wall_times.register
def _cron(schedule: Cron, since: datetime) -> Iterator[datetime]:
    return takewhile(lambda wall: wall.date() < _END, cron_times(schedule.expression, since))


@singledispatch
def count_wall_times(schedule: Schedule, after: datetime, until: datetime) -> int:
    """How many wall times lie in after < wall ≤ until."""
    found = dropwhile(lambda wall: wall <= after, wall_times(schedule, after))
    return sum(1 for _ in takewhile(lambda wall: wall <= until, found))


@count_wall_times.register
def _count_every(schedule: Every, after: datetime, until: datetime) -> int:
    """Day by day, by arithmetic."""
    minutes = _minutes(schedule.window, schedule.minutes)
    days = takewhile(lambda day: day <= until.date(), _days(after.date() - _DAY, schedule.weekdays))
    midnights = (datetime.combine(day, time()) for day in days)
    return sum(_up_to(minutes, until - each) - _up_to(minutes, after - each) for each in midnights)


def _up_to(minutes: range, after_midnight: timedelta) -> int:
    """How many of the minutes lie not behind that time."""
    last = after_midnight // timedelta(minutes=1)
    return len(range(minutes.start, min(minutes.stop, last + 1), minutes.step))


def _at(days: Iterable[date], times: Iterable[time]) -> Iterator[datetime]:
    return (datetime.combine(day, at) for day in days for at in times)


def _days(first: date, weekdays: Iterable[Weekday]) -> Iterator[date]:
    chosen = {weekday.number for weekday in weekdays} or range(7)
    day = first
    while day < _END:
        if day.weekday() in chosen:
            yield day
        day += _DAY


def _weeks(schedule: Weekly, first: date) -> Iterator[date]:
    """The Mondays of the weeks that count, from the week of `first` on."""
    origin = _monday(schedule.starting or first)
    step = schedule.interval * _WEEK
    week = origin - (origin - _monday(first)) // step * step
    while week < _END:
        yield week
        week += step


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY


def _months(first: date) -> Iterator[date]:
    """The first day of each month, from the month of `first` on."""
    month = first.replace(day=1)
    while month < _END:
        yield month
        month = (month + 31 * _DAY).replace(day=1)


@singledispatch
def month_days(on: object, month: date) -> list[date]:
    """The chosen days of one month, given by its first day; none where the month lacks them."""
    raise TypeError(type(on))


@month_days.register
def _by_number(on: DayNumber, month: date) -> list[date]:
    return [month.replace(day=day) for day in on.days if day <= _length(month)]


@month_days.register
def _last_day(on: LastDay, month: date) -> list[date]:
    return [month.replace(day=_length(month))]


@month_days.register
def _by_weekday(on: NthWeekday, month: date) -> list[date]:
    first = 1 + (on.weekday.number - month.weekday()) % 7
    days = [month.replace(day=day) for day in range(first, _length(month) + 1, 7)]
    place = -1 if on.nth is Nth.LAST else list(Nth).index(on.nth)
    return days[place:][:1]


def _length(month: date) -> int:
    return monthrange(month.year, month.month)[1]


def _minutes(window: Window | None, step: int) -> range:
    """Minutes after midnight; past 1440 where the window spans midnight."""
    if window is None:
        return range(0, MINUTES_A_DAY, step)
    opens, closes = _minute(window.opens), _minute(window.closes)
    return range(opens, closes + 1 + MINUTES_A_DAY * (closes < opens), step)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
