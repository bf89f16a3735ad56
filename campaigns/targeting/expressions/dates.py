"""Functions of dates and date-times. Days, months and hours are those the campaign's zone shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.bound import bound
from campaigns.targeting.expressions import pieces
from campaigns.targeting.expressions.functions import Family, Function, Write, family
from campaigns.targeting.expressions.truncation import truncated
from campaigns.targeting.expressions.typed import Typed, Writing
from campaigns.targeting.schema import FieldType

_UNITS = {"Days": ("1 day", 1), "Months": ("1 month", 1), "Years": ("1 month", 12)}
_SECONDS = {"Hours": 3_600, "Minutes": 60, "Seconds": 1}

Column = Callable[[], exp.Expr]


def _times(amount: exp.Expr, factor: int) -> exp.Expr:
    return amount if factor == 1 else exp.Paren(this=exp.Mul(this=amount, expression=pieces.number(factor)))


def _moved(unit: str, sign: int) -> Write:
    """By days, months or years of the calendar: a day its month lacks becomes that month's last."""
    step, factor = _UNITS[unit]

    def write(writing: Writing, arguments: Sequence[Typed]) -> Typed:
        value, amount = arguments
        return _by_calendar(writing, value, step, _times(amount.sql, sign * factor))

    return write


def _by_calendar(writing: Writing, value: Typed, step: str, amount: exp.Expr) -> Typed:
    moved = pieces.moved_local(writing.local(value), step, amount)
    if value.type is FieldType.DATE:
        return Typed(value.at, FieldType.DATE, trees.cast(moved, "date"))
    return Typed(value.at, FieldType.DATETIME, pieces.moment(writing.instant(moved)))


def _elapsed(unit: str, sign: int) -> Write:
    def write(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
        value, amount = arguments
        return pieces.moved_instant(writing.instant_of(value), _times(amount.sql, sign * _SECONDS[unit]))

    return write


def _ago(unit: str) -> Write:
    def write(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
        return _day_ago(unit, writing, arguments[0])

    return write


def _day_ago(unit: str, writing: Writing, amount: Typed) -> exp.Expr:
    """The run's day moved back."""
    step, factor = _UNITS[unit]
    return _by_calendar(writing, today(writing), step, _times(amount.sql, -factor)).sql


def today(writing: Writing) -> Typed:
    clock = writing.state.clock
    return Typed(0, FieldType.DATE, bound(clock.now.astimezone(clock.zone).date()))


def now(writing: Writing, _arguments: Sequence[Typed] = ()) -> exp.Expr:
    return bound(writing.state.clock.now)


def _days_ago_number(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    day = _day_ago("Days", writing, arguments[0])
    return pieces.numeric(trees.call("TO_CHAR", day, pieces.text("YYYYMMDD")))


def _days_between(writing: Writing, later: Typed, earlier: Typed) -> exp.Expr:
    days = exp.Sub(this=writing.day(later), expression=writing.day(earlier))
    return pieces.numeric(exp.Paren(this=days))


def _seconds_between(seconds: int) -> Write:
    def write(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
        later, earlier = (writing.instant_of(each) for each in arguments)
        elapsed = pieces.part("EPOCH", exp.Paren(this=exp.Sub(this=later, expression=earlier)))
        return trees.call("DIV", elapsed, pieces.number(seconds))

    return write


def _months_between(writing: Writing, later: Typed, earlier: Typed, months: int = 1) -> exp.Expr:
    days = [writing.day(later), writing.day(earlier)]
    found = writing.let(days, _complete_months)
    return trees.call("DIV", found, pieces.number(months))


def _complete_months(later: Column, earlier: Column) -> exp.Expr:
    """n, where the earlier day moved by n months is not after the later one, and by n + 1 it is."""
    first, last = (trees.call(name, later(), earlier()) for name in ("LEAST", "GREATEST"))
    step = exp.Mul(
        this=trees.cast(_months_apart(later, earlier), "double precision"),
        expression=pieces.interval("1 month"),
    )
    too_many = exp.GT(this=exp.Paren(this=exp.Add(this=first, expression=step)), expression=last)
    less = exp.Sub(
        this=_months_apart(later, earlier),
        expression=trees.cast(trees.cast(exp.Paren(this=too_many), "int"), "numeric"),
    )
    sign = trees.call("SIGN", pieces.numeric(exp.Paren(this=exp.Sub(this=later(), expression=earlier()))))
    return exp.Mul(this=sign, expression=exp.Paren(this=less))


def _months_apart(later: Column, earlier: Column) -> exp.Expr:
    return trees.call("ABS", exp.Sub(this=_month_number(later()), expression=_month_number(earlier())))


def _month_number(day: exp.Expr) -> exp.Expr:
    years = exp.Mul(this=pieces.part("YEAR", day), expression=pieces.number(12))
    return exp.Paren(this=exp.Add(this=years, expression=pieces.part("MONTH", day.copy())))


def _between(unit: str) -> Write:
    def write(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
        return _calendar_between(unit, writing, *arguments)

    return write


def _old(unit: str) -> Write:
    def write(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
        return _calendar_between(unit, writing, today(writing), arguments[0])

    return write


def _calendar_between(unit: str, writing: Writing, later: Typed, earlier: Typed) -> exp.Expr:
    if unit == "Days":
        return _days_between(writing, later, earlier)
    return _months_between(writing, later, earlier, _UNITS[unit][1])


def _compared(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    if all(each.type is FieldType.DATETIME for each in arguments):
        one, other = (each.sql for each in arguments)
        elapsed = pieces.part("EPOCH", exp.Paren(this=exp.Sub(this=one, expression=other)))
        return trees.call("SIGN", elapsed)
    return trees.call("SIGN", _days_between(writing, *arguments))


def _part(name: str, *, cut: bool = False) -> Write:
    def write(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
        found = pieces.part(name, writing.local(arguments[0]))
        return trees.call("FLOOR", found) if cut else found

    return write


def _weekday(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    found = pieces.part("ISODOW", writing.local(arguments[0]))
    return exp.Paren(this=exp.Sub(this=found, expression=pieces.number(1)))


def _year_and_month(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    return pieces.numeric(trees.call("TO_CHAR", writing.local(arguments[0]), pieces.text("YYYYMM")))


def _day(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    return writing.day(arguments[0])


def _unit_start(unit: str) -> Write:
    def write(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
        local = writing.local(arguments[0])
        # The week of 1 January of the year 1 begins on that day; no start lies before it.
        return trees.cast(trees.call("DATE_TRUNC", pieces.text(unit), local), "date")

    return write


def _oldest(writing: Writing, arguments: Sequence[Typed]) -> Typed:
    kinds = {each.type for each in arguments}
    if kinds == {FieldType.DATETIME}:
        return Typed(0, FieldType.DATETIME, trees.call("LEAST", *(each.sql for each in arguments)))
    return Typed(0, FieldType.DATE, trees.call("LEAST", *map(writing.day, arguments)))


_function = family(Family.DATE)
_D, _T, _I = FieldType.DATE, FieldType.DATETIME, FieldType.INTEGER
_ADDS = {
    "Days": _("So many days later (Sub: earlier) by the calendar: the same time of the day."),
    "Months": _("So many months later (Sub: earlier); a day that the month lacks becomes its last."),
    "Years": _("So many years later (Sub: earlier); 29 February becomes the 28th in a year without one."),
    "Hours": _("So many hours of elapsed time later (Sub: earlier)."),
    "Minutes": _("So many minutes of elapsed time later (Sub: earlier)."),
    "Seconds": _("So many seconds of elapsed time later (Sub: earlier)."),
}
_AGO = {
    "Days": _("The day so many days before today."),
    "Months": _("The day so many months before today; a day that the month lacks becomes its last."),
    "Years": _("The day so many years before today; 29 February becomes the 28th in a year without one."),
}
_DIFFERENCES = {
    "Days": _("Days from the second to the first, by the calendar; negative if that lies before it."),
    "Months": _("Complete months from the second to the first, by the calendar."),
    "Years": _("Complete years from the second to the first, by the calendar."),
    "Hours": _("Complete hours elapsed from the second to the first."),
    "Minutes": _("Complete minutes elapsed from the second to the first."),
    "Seconds": _("Complete seconds elapsed from the second to the first."),
}
_AGES = {
    "Days": _("Days since then, as of today."),
    "Months": _("Complete months since then, as of today."),
    "Years": _("Complete years since then, as of today: an age."),
}
_PARTS = {
    "Day": ("DAY", _("The day of the month.")),
    "DayOfYear": ("DOY", _("The day of the year, from 1.")),
    "Hour": ("HOUR", _("The hour, 0 to 23.")),
    "Minute": ("MINUTE", _("The minute, 0 to 59.")),
    "Month": ("MONTH", _("The month, 1 to 12.")),
    "Second": ("SECOND", _("The whole second, 0 to 59.")),
    "Year": ("YEAR", _("The year.")),
}
_STARTS = {
    "TruncMonth": ("month", _("The first day of its month.")),
    "TruncQuarter": ("quarter", _("The first day of its quarter.")),
    "TruncWeek": ("week", _("The Monday of its week.")),
    "TruncYear": ("year", _("The first day of its year.")),
}


def _movers() -> tuple[Function, ...]:
    found = []
    for unit, words in _ADDS.items():
        make, gives = (_moved, None) if unit in _UNITS else (_elapsed, _T)
        for name, sign in (("Add", 1), ("Sub", -1)):
            example = f"{name}{unit}(joined, {3 if unit != 'Years' else 1})"
            found.append(
                _function(
                    f"{name}{unit}", "moment moment, number whole", gives, make(unit, sign), words, example
                )
            )
    return tuple(found)


def _differences() -> tuple[Function, ...]:
    found = []
    for unit, words in _DIFFERENCES.items():
        write = _between(unit) if unit in _UNITS else _seconds_between(_SECONDS[unit])
        found.append(
            _function(
                f"{unit}Diff",
                "later moment, earlier moment",
                _I,
                write,
                words,
                f"{unit}Diff(GetDate(), joined)",
            )
        )
    return tuple(found)


DATE_FUNCTIONS: tuple[Function, ...] = (
    *_movers(),
    *_differences(),
    *(
        _function(f"{unit}Ago", "number whole", _D, _ago(unit), words, f"{unit}Ago(age)")
        for unit, words in _AGO.items()
    ),
    *(
        _function(f"{unit}Old", "since moment", _I, _old(unit), words, f"{unit}Old(born)")
        for unit, words in _AGES.items()
    ),
    *(
        _function(name, "moment moment", _I, _part(part, cut=part == "SECOND"), words, f"{name}(joined)")
        for name, (part, words) in _PARTS.items()
    ),
    *(
        _function(name, "moment moment", _D, _unit_start(unit), words, f"{name}(joined)")
        for name, (unit, words) in _STARTS.items()
    ),
    _function(
        "DateCmp",
        "first moment, second moment",
        _I,
        _compared,
        _(
            "-1, 0 or 1: whether the first is before, with or after the second; with a date among them, by days."
        ),
        "DateCmp(born, married)",
    ),
    _function(
        "DateOnly",
        "moment moment",
        _D,
        _day,
        _("The date that the campaign's zone shows."),
        "DateOnly(joined)",
    ),
    _function(
        "DaysAgoInt",
        "number whole",
        _I,
        _days_ago_number,
        _("The day so many days before today, as a number like 20240131."),
        "DaysAgoInt(age)",
    ),
    _function(
        "GetDate",
        "",
        _T,
        now,
        _("The instant of the run: in a test the same as in the run tested."),
        "GetDate()",
        of_empty=_("Never empty."),
    ),
    _function(
        "Oldest",
        "first moment, second moment",
        None,
        _oldest,
        _("The earlier of two; with a date among them, a date."),
        "Oldest(born, married)",
        of_empty=_("Empty arguments are left out; empty if all are."),
    ),
    _function(
        "TruncDate",
        "moment moment, seconds fixed_whole",
        _T,
        truncated,
        _(
            "Cut off to a multiple of so many seconds (1 to 86,400) of the day, by the clock: 3600 gives whole hours."
        ),
        "TruncDate(joined, 3600)",
    ),
    _function(
        "TruncDateTZ",
        "moment moment, seconds fixed_whole, zone fixed_text",
        _T,
        truncated,
        _("The same by the clock of another zone, as in 'Asia/Seoul'."),
        "TruncDateTZ(joined, 86400, 'Asia/Seoul')",
    ),
    _function(
        "WeekDay",
        "moment moment",
        _I,
        _weekday,
        _("The day of the week, 0 (Monday) to 6."),
        "WeekDay(joined)",
    ),
    _function(
        "YearAndMonth",
        "moment moment",
        _I,
        _year_and_month,
        _("Year and month as a number like 202401."),
        "YearAndMonth(joined)",
    ),
)
