"""Small pieces of SQL that never fail on a row's value: what is out of range becomes NULL.

GREATEST and LEAST pass over NULL, which `within` relies on: a missing value is taken for the lower bound, and that
is out of range. So every piece uses its operand once, and deep expressions stay small.
"""

from __future__ import annotations

from sqlglot import exp

from campaigns.targeting import trees

DECIMALS = 20
"""Digits behind the point that products and quotients keep."""
LARGEST_EXPONENT = 60
LONGEST_TEXT = 100_000
MOST_CHARACTERS = 100_000_000

_BIGINT = 2**63
SHIFT_DAYS = 4_382_910
"""12,000 years, thirty times the 400 after which the calendar repeats."""

_MOST_STEPS = {"1 day": 4_000_000, "1 month": 130_000}


def number(value: int | str) -> exp.Expr:
    text = str(value)
    return (
        exp.Paren(this=exp.Neg(this=exp.Literal.number(text[1:])))
        if text[0] == "-"
        else exp.Literal.number(text)
    )


def text(value: str) -> exp.Expr:
    """A constant of the compiler's own; what an author wrote is bound."""
    return exp.Literal.string(value)


def typed(value: str, sql_type: str) -> exp.Expr:
    return trees.cast(text(value), sql_type)


def within(value: exp.Expr, low: exp.Expr, high: exp.Expr) -> exp.Expr:
    """The value if it lies between the bounds, neither of them included; else NULL."""
    clamped = clamp(value, low, high)
    return exp.Nullif(this=exp.Nullif(this=clamped, expression=low.copy()), expression=high.copy())


def clamp(value: exp.Expr, low: exp.Expr, high: exp.Expr) -> exp.Expr:
    return trees.call("LEAST", trees.call("GREATEST", value, low), high)


def bounded(value: exp.Expr) -> exp.Expr:
    """A number small enough to calculate with; NaN and the infinities are not."""
    return within(value, number(f"-1e{LARGEST_EXPONENT}"), number(f"1e{LARGEST_EXPONENT}"))


def whole(value: exp.Expr, low: int, high: int) -> exp.Expr:
    """A whole number as an SQL integer; NULL outside of low to high, both included."""
    return trees.cast(within(value, number(low - 1), number(high + 1)), "int")


def big(value: exp.Expr) -> exp.Expr:
    """A whole number as a bigint, NULL where it is none."""
    return trees.cast(within(value, number(-_BIGINT - 1), number(_BIGINT)), "bigint")


def numeric(value: exp.Expr) -> exp.Expr:
    return trees.cast(value, "numeric")


def filled(value: exp.Expr) -> exp.Expr:
    """A text, or NULL for the empty one."""
    return exp.Nullif(this=value, expression=text(""))


def is_true(condition: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.Is(this=exp.Paren(this=condition), expression=exp.true()))


def is_not_true(condition: exp.Expr) -> exp.Expr:
    return exp.Not(this=is_true(condition))


def is_empty(value: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.Is(this=exp.Paren(this=value), expression=exp.null()))


def part(name: str, value: exp.Expr) -> exp.Expr:
    return exp.Extract(this=exp.Var(this=name), expression=value)


def characters(value: exp.Expr) -> exp.Expr:
    """A count of characters: nothing and negative numbers as 0."""
    return trees.cast(clamp(value, number(0), number(MOST_CHARACTERS)), "int")


def by_code_point(value: exp.Expr) -> exp.Expr:
    return exp.Paren(this=trees.collated(exp.Paren(this=value), trees.BYTE_ORDER))


def calendar_day(value: exp.Expr) -> exp.Expr:
    """A date of the years 1 to 9999."""
    return within(value, typed("0001-12-31 BC", "date"), typed("10000-01-01", "date"))


def moment(value: exp.Expr) -> exp.Expr:
    """An instant that every zone shows in the years 1 to 9999."""
    return within(
        value, typed("0001-01-02 00:00+00", "timestamptz"), typed("9999-12-31 00:00+00", "timestamptz")
    )


def interval(words: str) -> exp.Expr:
    return typed(words, "interval")


def moved_local(local: exp.Expr, unit: str, amount: exp.Expr) -> exp.Expr:
    """A local time moved by days or months of the calendar, computed 12,000 years later, where there is room."""
    most = _MOST_STEPS[unit]
    step = exp.Mul(this=trees.cast(whole(amount, -most, most), "double precision"), expression=interval(unit))
    later = exp.Add(this=exp.Add(this=local, expression=interval(f"{SHIFT_DAYS} days")), expression=step)
    kept = within(exp.Paren(this=later), typed("12000-12-31", "timestamp"), typed("22000-01-01", "timestamp"))
    return exp.Paren(this=exp.Sub(this=kept, expression=interval(f"{SHIFT_DAYS} days")))


def moved_instant(instant: exp.Expr, seconds: exp.Expr) -> exp.Expr:
    """An instant moved by elapsed seconds."""
    most = number(400_000_000_000)
    kept = within(seconds, number(-400_000_000_000), most)
    step = exp.Mul(this=trees.cast(kept, "double precision"), expression=interval("1 second"))
    there = interval(f"{SHIFT_DAYS * 24} hours")
    later = exp.Add(this=exp.Add(this=instant, expression=there), expression=step)
    kept = within(
        exp.Paren(this=later),
        typed("12001-01-02 00:00+00", "timestamptz"),
        typed("21999-12-31 00:00+00", "timestamptz"),
    )
    return moment(exp.Paren(this=exp.Sub(this=kept, expression=there.copy())))
