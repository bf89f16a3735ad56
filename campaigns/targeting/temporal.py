"""Comparisons of dates and moments: each becomes a span with constant bounds, so that indexes serve.

For a column stored without a zone the bounds are converted, never the column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.attributes import Subject
from campaigns.targeting.bound import bound
from campaigns.targeting.clock import TICK, Clock, stored_bound
from campaigns.targeting.operators import Operator
from campaigns.targeting.periods import ELAPSED, ONE_DAY, Span
from campaigns.targeting.rules import Within
from campaigns.targeting.schema import FieldType

_FEBRUARY_28, _FEBRUARY_29 = 228, 229
_LEAST_FULL_WINDOW = timedelta(days=365)


def compare(subject: Subject, operator: Operator, values: Sequence[date], clock: Clock) -> exp.Expr:
    """A positive comparison with days and instants."""
    spans = [_extent(value, subject.type, clock) for value in values]
    return _COMPARISONS[operator](subject, spans)


def within_period(subject: Subject, period: Span, clock: Clock) -> exp.Expr:
    return _within(subject, _bound_of(period.start, subject, clock), _bound_of(period.end, subject, clock))


def anniversary(subject: Subject, first: date, last: date, clock: Clock) -> exp.Expr:
    """True where the day and month fall from `first` to `last` and the date itself lies before `first`."""
    local = partial(local_day, subject, clock)
    before = exp.LT(this=local(), expression=bound(first))
    if last - first >= _LEAST_FULL_WINDOW:
        return before
    month_day = exp.Paren(
        this=exp.Add(
            this=exp.Mul(this=_part("MONTH", local()), expression=exp.Literal.number(100)),
            expression=_part("DAY", local()),
        )
    )
    return trees.every([before, _in_window(month_day, _month_day(first), _last_month_day(last))])


def no_later(subject: Subject, start: Subject, within: Within, clock: Clock) -> exp.Expr:
    """True where `subject` lies at most so much time after `start`, both of one type and one storage.

    Days and longer units count from day to day, hours and minutes by the clock that the values are stored by.
    """
    count, unit = (3 * within.n, "month") if within.unit == "quarter" else (within.n, within.unit)
    span = trees.cast(exp.Literal.string(f"{count} {unit}"), "interval")
    if within.unit in ELAPSED:
        return exp.LTE(this=subject.value(), expression=exp.Add(this=start.value(), expression=span))
    end = exp.Paren(this=exp.Add(this=local_day(start, clock), expression=span))
    return exp.LTE(this=local_day(subject, clock), expression=trees.cast(end, "date"))


def _in_window(month_day: exp.Expr, first: int, last: int) -> exp.Expr:
    after = exp.GTE(this=month_day, expression=exp.Literal.number(first))
    until = exp.LTE(this=month_day.copy(), expression=exp.Literal.number(last))
    return trees.every([after, until]) if first <= last else exp.Paren(this=trees.some([after, until]))


def _month_day(day: date) -> int:
    return day.month * 100 + day.day


def _last_month_day(day: date) -> int:
    """29 February is kept on the 28th in a year without one."""
    found = _month_day(day)
    return _FEBRUARY_29 if found == _FEBRUARY_28 and (day + ONE_DAY).day == 1 else found


def _part(part: str, value: exp.Expr) -> exp.Expr:
    return exp.Extract(this=exp.Var(this=part), expression=value)


def local_day(subject: Subject, clock: Clock) -> exp.Expr:
    """The day as written for values stored without a zone, else the day in the rule's zone."""
    if subject.type is FieldType.DATE:
        return subject.value()
    if subject.stored_zone:
        return trees.cast(subject.value(), "date")
    return trees.cast(trees.call("TIMEZONE", bound(clock.zone.key), subject.value()), "date")


def _extent(value: date, field_type: FieldType, clock: Clock) -> Span:
    """The half-open span a value covers: a whole day, or the smallest step of time."""
    if field_type is FieldType.DATE:
        day = clock.day_of(value) if isinstance(value, datetime) else value
        return Span(day, _after(day))
    if isinstance(value, datetime):
        return Span(value, value + TICK)
    return Span(_start_of(value, clock), _start_of(_after(value), clock))


def _after(day: date) -> date | None:
    return None if day == date.max else day + ONE_DAY


def _start_of(day: date | None, clock: Clock) -> date | None:
    """The instant a day starts, None where that lies beyond the calendar and so is no bound."""
    try:
        return None if day is None else clock.day_start(day)
    except OverflowError:
        return None


def _bound_of(at: date | None, subject: Subject, clock: Clock) -> date | None:
    """A bound of a period as the subject's type has it: an instant for days, a day for instants."""
    if at is None or isinstance(at, datetime) == (subject.type is FieldType.DATETIME):
        return at
    return clock.day_of(at) if isinstance(at, datetime) else _start_of(at, clock)


def _within(subject: Subject, start: date | None, end: date | None) -> exp.Expr:
    if start is not None and end is not None and _is_single(subject, start, end):
        return exp.EQ(this=subject.value(), expression=_sql_bound(subject, start))
    parts: list[exp.Expr] = []
    if start is not None:
        parts.append(exp.GTE(this=subject.value(), expression=_sql_bound(subject, start)))
    if end is not None:
        parts.append(exp.LT(this=subject.value(), expression=_sql_bound(subject, end)))
    return trees.every(parts) if parts else trees.known(subject.value())


def _is_single(subject: Subject, start: date, end: date) -> bool:
    return not subject.stored_zone and end - start == (TICK if isinstance(start, datetime) else ONE_DAY)


def _sql_bound(subject: Subject, at: date) -> exp.Expr:
    if subject.stored_zone and isinstance(at, datetime):
        return bound(stored_bound(at, ZoneInfo(subject.stored_zone)))
    return bound(at)


def _equal(subject: Subject, spans: Sequence[Span]) -> exp.Expr:
    return _within(subject, spans[0].start, spans[0].end)


def _between(subject: Subject, spans: Sequence[Span]) -> exp.Expr:
    return _within(subject, spans[0].start, spans[1].end)


def _one_of(subject: Subject, spans: Sequence[Span]) -> exp.Expr:
    singles = [
        span.start for span in spans if span.start and span.end and _is_single(subject, span.start, span.end)
    ]
    if len(singles) == len(spans):
        return exp.In(this=subject.value(), expressions=[bound(start) for start in singles])
    return exp.Paren(this=trees.some(_equal(subject, [span]) for span in spans))


def _less(subject: Subject, spans: Sequence[Span]) -> exp.Expr:
    return exp.false() if spans[0].start is None else _within(subject, None, spans[0].start)


def _less_or_equal(subject: Subject, spans: Sequence[Span]) -> exp.Expr:
    return _within(subject, None, spans[0].end)


def _greater(subject: Subject, spans: Sequence[Span]) -> exp.Expr:
    return exp.false() if spans[0].end is None else _within(subject, spans[0].end, None)


def _greater_or_equal(subject: Subject, spans: Sequence[Span]) -> exp.Expr:
    return _within(subject, spans[0].start, None)


_COMPARISONS: Mapping[Operator, Callable[[Subject, Sequence[Span]], exp.Expr]] = {
    Operator.EQUAL: _equal,
    Operator.LESS: _less,
    Operator.LESS_OR_EQUAL: _less_or_equal,
    Operator.GREATER: _greater,
    Operator.GREATER_OR_EQUAL: _greater_or_equal,
    Operator.BETWEEN: _between,
    Operator.IN: _one_of,
}
