"""Relative dates made absolute: moments, periods and anniversary windows counted from an anchor.

Units of a day and longer count in calendar days of the rule's zone; hours and minutes count in elapsed time.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from django.utils.translation import gettext as _

from campaigns.targeting.clock import TICK, Clock
from campaigns.targeting.operands import (
    Anchored,
    Days,
    Last,
    LaterThan,
    Next,
    Now,
    OlderThan,
    Period,
    This,
    Today,
)
from campaigns.targeting.problems import nearest, refusal, shown
from campaigns.targeting.scope import Value

ONE_DAY = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
ELAPSED = {"hour": timedelta(hours=1), "minute": timedelta(minutes=1)}


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to before `end`, both days or both instants; None is no bound."""

    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Anchor:
    """The moment relative dates count from, as an instant and as a day of the rule's zone."""

    instant: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Timeline:
    """The clock together with the variables that can serve as anchors."""

    clock: Clock
    variables: Mapping[str, Value | None]

    def anchor(self, part: Anchored, place: str) -> Anchor:
        if part.anchor is None:
            return Anchor(self.clock.now, self.clock.day_of(self.clock.now))
        if part.anchor not in self.variables:
            message = _("There is no variable “%(name)s” to count from.") % {"name": shown(part.anchor)}
            raise refusal(
                f"{place}/anchor", "unknown_variable", message, nearest(part.anchor, self.variables)
            )
        return self._anchored_at(self.variables[part.anchor], f"{place}/anchor")

    def _anchored_at(self, value: Value | None, place: str) -> Anchor:
        if isinstance(value, datetime):
            instant = value.astimezone(UTC) if value.tzinfo else self.clock.instant_of(value)
            return Anchor(instant, self.clock.day_of(instant))
        if isinstance(value, date):
            return _in_range(lambda: Anchor(self.clock.day_start(value), value), place)
        message = _("“%(value)s” is no date to count from.") % {"value": shown(value)}
        raise refusal(place, "no_date", message, _("Give the variable the type date, and a value."))

    def moment(self, part: Today | Now, place: str) -> date:
        """A day as a `date`, an instant as an aware `datetime`."""
        anchor = self.anchor(part, place)
        if isinstance(part, Today):
            return _in_range(lambda: moved(anchor.day, part.today, part.unit), place)
        return _in_range(lambda: anchor.instant + part.now * ELAPSED[part.unit], place)

    def period(self, part: Period, place: str) -> Span:
        """Days of the zone, or instants when the unit is an hour or a minute."""
        anchor = self.anchor(part, place)
        if isinstance(part, This):
            return _in_range(lambda: _calendar_unit(part, anchor.day), place)
        if part.unit in ELAPSED:
            return _in_range(lambda: _elapsed(part, anchor.instant), place)
        return _in_range(lambda: _days(part, anchor.day), place)

    def window(self, part: Days, place: str) -> tuple[date, date]:
        """First and last day of an anniversary window."""
        first, last = part.days
        if not 0 <= last - first <= 366:  # noqa: PLR2004 - a year, the longest window that says anything
            message = _("The days run from %(first)d to %(last)d.") % {"first": first, "last": last}
            remedy = _("Give the earlier day first, and at most a year between them.")
            raise refusal(f"{place}/days", "wrong_order", message, remedy)
        day = self.anchor(part, place).day
        return _in_range(lambda: (day + timedelta(days=first), day + timedelta(days=last)), place)


Made = TypeVar("Made")


def _in_range(make: Callable[[], Made], place: str) -> Made:
    try:
        return make()
    except (OverflowError, ValueError):
        message = _("This reaches beyond the years 1 to 9999.")
        raise refusal(
            place, "date_out_of_range", message, _("Use a smaller number or a shorter unit.")
        ) from None


def moved(day: date, number: int, unit: str) -> date:
    """The day `number` units away; a day that its month lacks becomes that month's last."""
    if unit == "day":
        return day + timedelta(days=number)
    if unit == "week":
        return day + timedelta(weeks=number)
    months = day.year * 12 + day.month - 1 + number * _MONTHS[unit]
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def unit_start(day: date, unit: str) -> date:
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[unit]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _calendar_unit(part: This, day: date) -> Span:
    start = moved(unit_start(day, part.this), part.shift, part.this)
    return Span(start, moved(start, 1, part.this))


def _days(part: Last | Next | OlderThan | LaterThan, day: date) -> Span:
    if isinstance(part, Last):
        return Span(moved(day, -part.last, part.unit), day + ONE_DAY)
    if isinstance(part, Next):
        return Span(day, moved(day, part.next, part.unit) + ONE_DAY)
    if isinstance(part, OlderThan):
        return Span(None, moved(day, -part.older_than, part.unit))
    return Span(moved(day, part.later_than, part.unit) + ONE_DAY, None)


def _elapsed(part: Last | Next | OlderThan | LaterThan, at: datetime) -> Span:
    step = ELAPSED[part.unit]
    if isinstance(part, Last):
        return Span(at - part.last * step, at + TICK)
    if isinstance(part, Next):
        return Span(at, at + part.next * step + TICK)
    if isinstance(part, OlderThan):
        return Span(None, at - part.older_than * step)
    return Span(at + part.later_than * step + TICK, None)
