"""The functions that a calendar or a type decides: dates, choices and casts, in one zone at one time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.oracle import times
from tests.oracle.evaluator import Oracle
from tests.oracle.expression_numbers import (
    clean,
    decode,
    number,
    plain,
    read_date,
    strict,
    to_boolean,
    to_number,
    whole,
)


@dataclass
class Calendar:
    """What the campaign's zone shows, at the time of the oracle."""

    oracle: Oracle

    def moment(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if len(value) == 10:
            return date.fromisoformat(value)
        return clean(datetime.fromisoformat(value), self.oracle.zone)

    def choices(self) -> dict[str, Callable[..., Any]]:
        return {
            "coalesce": lambda a, b: b if a is None or (a == 0 and isinstance(a, Decimal)) else a,
            "decode": decode,
            "ifequals": lambda a, b, c, d: c if a is not None and a == b else d,
            "iif": lambda a, b, c: b if a is True else c,
            "isemptystring": lambda a, *rest: (
                a is None if not rest else (rest[0] if a is None else (*rest, None)[1])
            ),
            "nonull": lambda a: Decimal(0) if a is None else a,
            "toboolean": strict(to_boolean),
            "todate": strict(lambda a: self.day(a) if isinstance(a, date) else read_date(a)),
            "todatetime": strict(self._to_instant),
            "totimestamp": strict(self._to_instant),
            "todouble": strict(to_number),
            "tointeger": strict(lambda a: whole(to_number(a), 2**31)),
            "toint64": strict(lambda a: whole(to_number(a), 2**63)),
            "tostring": strict(self._to_text),
        }

    def _to_text(self, value: Any) -> str:
        if isinstance(value, datetime):
            return f"{times.clock_shows(value, self.oracle.zone).replace(microsecond=0).isoformat()}"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, Decimal):
            return plain(value)
        return value.isoformat() if isinstance(value, date) else str(value)

    def _to_instant(self, value: Any) -> Any:
        if isinstance(value, date):
            return self.at(value)
        text = value.strip(" ")
        if re.fullmatch(
            r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?", text, re.ASCII
        ):
            try:
                return clean(datetime.fromisoformat(text), self.oracle.zone)
            except ValueError:
                return None
        return None

    def local(self, value: date) -> datetime:
        if isinstance(value, datetime):
            return times.clock_shows(value, self.oracle.zone)
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - what a clock shows

    def day(self, value: date) -> date:
        return self.local(value).date()

    def at(self, value: date) -> datetime | None:
        if isinstance(value, datetime):
            return value
        return clean(self.local(value), self.oracle.zone)

    def today(self) -> date:
        return self.day(self.oracle.now)

    def dates(self) -> dict[str, Callable[..., Any]]:
        found: dict[str, Callable[..., Any]] = {
            "getdate": lambda: self.oracle.now,
            "dateonly": strict(lambda a: self.day(self.moment(a))),
            "oldest": self._oldest,
            "datecmp": strict(lambda a, b: self._order(self.moment(a), self.moment(b))),
            "daysagoint": strict(lambda n: self._ago("day", n) and number(f"{self._ago('day', n):%Y%m%d}")),
            "truncdate": strict(lambda a, n: self._cut(self.moment(a), n, self.oracle.zone)),
            "truncdatetz": strict(lambda a, n, zone: self._cut(self.moment(a), n, zone)),
            "weekday": self._part(lambda at: at.weekday()),
            "yearandmonth": self._part(lambda at: at.year * 100 + at.month),
            "dayofyear": self._part(lambda at: at.timetuple().tm_yday),
        }
        for part in ("day", "hour", "minute", "month", "second", "year"):
            found[part] = self._part(lambda at, part=part: getattr(at, part))
        for unit in ("month", "quarter", "week", "year"):
            found["trunc" + unit] = strict(
                lambda a, unit=unit: times.start_of_unit(self.day(self.moment(a)), unit)
            )
        for unit in ("day", "month", "year"):
            found[f"{unit}sago"] = strict(lambda n, unit=unit: self._ago(unit, n))
            found[f"{unit}sdiff"] = strict(
                lambda a, b, unit=unit: self._calendar(unit, self.moment(a), self.moment(b))
            )
            found[f"{unit}sold"] = strict(
                lambda a, unit=unit: self._calendar(unit, self.today(), self.moment(a))
            )
            found[f"add{unit}s"] = strict(lambda a, n, unit=unit: self._moved(self.moment(a), n, unit))
            found[f"sub{unit}s"] = strict(lambda a, n, unit=unit: self._moved(self.moment(a), -n, unit))
        for unit, seconds in (("hour", 3600), ("minute", 60), ("second", 1)):
            found[f"{unit}sdiff"] = strict(
                lambda a, b, s=seconds: self._elapsed(self.moment(a), self.moment(b), s)
            )
            found[f"add{unit}s"] = strict(lambda a, n, s=seconds: self._later(self.moment(a), n * s))
            found[f"sub{unit}s"] = strict(lambda a, n, s=seconds: self._later(self.moment(a), -n * s))
        return found

    def _part(self, of: Callable[[datetime], int]) -> Callable[[Any], Any]:
        return strict(lambda a: number(of(self.local(self.moment(a)))))

    def _ago(self, unit: str, count: Decimal) -> date | None:
        return self._moved(self.today(), -count, unit)

    def _moved(self, value: date, count: Decimal, unit: str) -> Any:
        if abs(count) > {"day": 4_000_000, "month": 130_000, "year": 10_000}[unit]:
            return None
        try:
            day = times.moved(self.day(value), int(count), unit)
        except (OverflowError, ValueError):
            return None
        if not isinstance(value, datetime):
            return day
        return clean(datetime.combine(day, self.local(value).time()), self.oracle.zone)

    def _later(self, value: date, seconds: Decimal) -> Any:
        start = self.at(value)
        try:
            return None if start is None else clean(start + timedelta(seconds=int(seconds)), self.oracle.zone)
        except OverflowError:
            return None

    def _elapsed(self, later: date, earlier: date, seconds: int) -> Any:
        one, other = self.at(later), self.at(earlier)
        if one is None or other is None:
            return None
        microseconds = (one - other) // timedelta(microseconds=1)
        whole_units = abs(microseconds) // (seconds * 1_000_000)
        return number(whole_units if microseconds >= 0 else -whole_units)

    def _calendar(self, unit: str, later: date, earlier: date) -> Decimal:
        one, other = self.day(later), self.day(earlier)
        if unit == "day":
            return number((one - other).days)
        first, last = min(one, other), max(one, other)
        count = (last.year - first.year) * 12 + last.month - first.month
        while count and times.moved(first, count, "month") > last:
            count -= 1
        count //= 12 if unit == "year" else 1
        return number(count if one >= other else -count)

    def _order(self, one: date, other: date) -> Decimal:
        if not (isinstance(one, datetime) and isinstance(other, datetime)):
            one, other = self.day(one), self.day(other)
        return number((one > other) - (one < other))

    def _oldest(self, one: Any, other: Any) -> Any:
        both = [self.moment(each) for each in (one, other) if each is not None]
        if not all(isinstance(each, datetime) for each in both):
            both = [self.day(each) for each in both]
        return min(both, default=None)

    def _cut(self, value: date, seconds: Decimal, zone: str) -> Any:
        instant = self.at(value)
        if instant is None:
            return None
        shown = times.clock_shows(instant, zone)
        midnight = shown.replace(hour=0, minute=0, second=0, microsecond=0)
        steps = (shown - midnight) // timedelta(seconds=int(seconds))
        return clean(midnight + steps * timedelta(seconds=int(seconds)), zone)
