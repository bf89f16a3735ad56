"""What `docs/schedules.md` says, done the slow way: every minute of UTC is visited and the clock on the wall
is read.

Nothing of the project is imported. A schedule is the plain data of its document. The clock's hand moves on
from minute to minute; a wall minute counts when the hand first reaches it or jumps over it, and never again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from datetime import datetime as clock
from itertools import compress
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NTH = ("first", "second", "third", "fourth", "fifth")
MINUTES = 24 * 60
NEVER = bytes(MINUTES)

DayRule = Callable[[date], bool]
MinuteRule = Callable[[int], bool]


class Walk:
    """The wall minutes that go by from one Unix time to another, each with the Unix time it was first reached
    at.
    """

    def __init__(self, zone: ZoneInfo, first: int, last: int) -> None:
        self.first_wall = highest = _wall(zone, first)
        self.reached = [first]
        for stamp in range(first + 60, last + 60, 60):
            wall = _wall(zone, stamp)
            while highest < wall:
                highest += 1
                self.reached.append(stamp)


class Plain:
    """A schedule as a question to each day and each minute of it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.parts = list(PARTS[document["frequency"]](document))
        self.validity = document.get("validity", {})
        self.days: dict[int, bytes] = {}
        self.minutes: dict[int, bytes] = {}

    def launches(self, walk: Walk, after: int, until: int) -> list[int]:
        """Unix times of the launches with after < time ≤ until."""
        start, offset = divmod(walk.first_wall, MINUTES)
        days = range(start, start + len(walk.reached) // MINUTES + 2)
        wanted = b"".join(map(self.marked, days))[offset : offset + len(walk.reached)]
        found = dict.fromkeys(compress(walk.reached, self.valid(wanted, walk.first_wall)))
        return [stamp for stamp in found if after < stamp <= until]

    def valid(self, wanted: bytes, first_wall: int) -> bytes:
        opens = max(0, _date_time(self.validity["from"]) - first_wall) if "from" in self.validity else 0
        closes = (
            _date_time(self.validity["until"]) + 1 - first_wall if "until" in self.validity else len(wanted)
        )
        return bytes(min(opens, len(wanted))) + wanted[opens : max(closes, opens)]

    def marked(self, ordinal: int) -> bytes:
        if ordinal not in self.days:
            day = date.fromordinal(ordinal)
            asked = [number for number, (wanted, _) in enumerate(self.parts) if wanted(day)]
            masks = [self.asked(number) for number in asked]
            self.days[ordinal] = bytes(map(any, zip(*masks, strict=True))) if masks else NEVER
        return self.days[ordinal]

    def asked(self, number: int) -> bytes:
        if number not in self.minutes:
            self.minutes[number] = bytes(map(self.parts[number][1], range(MINUTES)))
        return self.minutes[number]


def _wall(zone: ZoneInfo, stamp: int) -> int:
    local = clock.fromtimestamp(stamp, zone)
    return local.toordinal() * MINUTES + local.hour * 60 + local.minute


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _date_time(text: str) -> int:
    day, at = text.split("T")
    return date.fromisoformat(day).toordinal() * MINUTES + _minute(at)


def _on_weekdays(document: dict[str, Any]) -> DayRule:
    chosen = document.get("weekdays") or WEEKDAYS
    return lambda day: WEEKDAYS[day.weekday()] in chosen


def _at(document: dict[str, Any]) -> MinuteRule:
    at = _minute(document["at"])
    return lambda minute: minute == at


def _once(document: dict[str, Any]) -> Iterator[tuple[DayRule, MinuteRule]]:
    day, at = divmod(_date_time(document["at"]), MINUTES)
    yield lambda today: today.toordinal() == day, lambda minute: minute == at


def _several(document: dict[str, Any]) -> Iterator[tuple[DayRule, MinuteRule]]:
    times = [_minute(at) for at in document["times"]]
    yield _on_weekdays(document), lambda minute: minute in times


def _daily(document: dict[str, Any]) -> Iterator[tuple[DayRule, MinuteRule]]:
    yield _on_weekdays(document), _at(document)


def _every(document: dict[str, Any]) -> Iterator[tuple[DayRule, MinuteRule]]:
    step = document["interval"] * {"minutes": 1, "hours": 60}[document["unit"]]
    chosen = _on_weekdays(document)
    window = document.get("window", {"from": "00:00", "until": "23:59"})
    opens, closes = _minute(window["from"]), _minute(window["until"])
    if opens < closes:
        yield chosen, lambda minute: opens <= minute <= closes and (minute - opens) % step == 0
    else:
        yield chosen, lambda minute: minute >= opens and (minute - opens) % step == 0
        yield (
            lambda day: chosen(day - timedelta(days=1)),
            lambda minute: minute <= closes and (minute + MINUTES - opens) % step == 0,
        )


def _weekly(document: dict[str, Any]) -> Iterator[tuple[DayRule, MinuteRule]]:
    starting = date.fromisoformat(document.get("starting", "1970-01-05"))
    monday = starting.toordinal() - starting.weekday()
    chosen = _on_weekdays(document)

    def wanted(day: date) -> bool:
        week = (day.toordinal() - monday) // 7
        return day >= starting and chosen(day) and week % document.get("interval", 1) == 0

    yield wanted, _at(document)


def _monthly(document: dict[str, Any]) -> Iterator[tuple[DayRule, MinuteRule]]:
    months = document.get("months") or MONTHS
    yield lambda day: MONTHS[day.month - 1] in months and _is_month_day(document["on"], day), _at(document)


def _is_month_day(on: dict[str, Any], day: date) -> bool:
    if on["by"] == "day_number":
        return day.day in on["days"]
    if on["by"] == "last_day":
        return (day + timedelta(days=1)).day == 1
    if WEEKDAYS[day.weekday()] != on["weekday"]:
        return False
    if on["nth"] == "last":
        return (day + timedelta(days=7)).month != day.month
    so_far = [
        number for number in range(1, day.day + 1) if day.replace(day=number).weekday() == day.weekday()
    ]
    return len(so_far) == NTH.index(on["nth"]) + 1


def _cron(document: dict[str, Any]) -> Iterator[tuple[DayRule, MinuteRule]]:
    minute, hour, number, month, weekday = document["expression"].split()
    minutes, hours = _field(minute, 0, 59), _field(hour, 0, 23)
    numbers, months = _field(number, 1, 31), _field(month, 1, 12)
    weekdays = {day % 7 for day in _field(weekday, 0, 7)}
    both = number.startswith("*") or weekday.startswith("*")

    def wanted(day: date) -> bool:
        met = [day.day in numbers, (day.weekday() + 1) % 7 in weekdays]
        return day.month in months and (all(met) if both else any(met))

    yield wanted, lambda at: at // 60 in hours and at % 60 in minutes


def _field(text: str, lowest: int, highest: int) -> set[int]:
    found: set[int] = set()
    for term in text.split(","):
        span, _, step = term.partition("/")
        first, _, last = span.partition("-")
        if span == "*":
            first, last = str(lowest), str(highest)
        elif not last:
            last = str(highest) if step else first
        found |= set(range(int(first), int(last) + 1, int(step or 1)))
    return found


PARTS: dict[str, Callable[[dict[str, Any]], Iterator[tuple[DayRule, MinuteRule]]]] = {
    "once": _once,
    "several_times_a_day": _several,
    "every": _every,
    "daily": _daily,
    "weekly": _weekly,
    "monthly": _monthly,
    "cron": _cron,
}
