"""Functions that choose between values, replace empty ones, and change a value's type."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.expressions import pieces
from campaigns.targeting.expressions.casts import to_boolean, to_date, to_instant, to_number, to_text
from campaigns.targeting.expressions.functions import Family, Function, family, of_sql
from campaigns.targeting.expressions.typed import Typed, Writing
from campaigns.targeting.schema import FieldType


def chosen(condition: exp.Expr, value: exp.Expr, otherwise: exp.Expr | None) -> exp.Expr:
    return exp.Paren(this=exp.Case(ifs=[exp.If(this=condition, true=value)], default=otherwise))


def _choose(_writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    condition, value, otherwise = arguments
    return chosen(condition.sql, value.sql, otherwise.sql)


def _coalesce(_writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    value, instead = arguments
    first = value.sql
    if value.is_number:
        first = exp.Nullif(this=first, expression=pieces.number(0))
    return exp.Coalesce(this=first, expressions=[instead.sql])


def _no_null(_writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    return exp.Coalesce(this=arguments[0].sql, expressions=[pieces.number(0)])


def _decode(_writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    """CASE value WHEN a THEN b …; what is left over at the end is the default."""
    value, *rest = (each.sql for each in arguments)
    default = rest.pop() if len(rest) % 2 else None
    ifs = [exp.If(this=when, true=then) for when, then in zip(rest[::2], rest[1::2], strict=True)]
    return exp.Paren(this=exp.Case(this=value, ifs=ifs, default=default))


def _if_equal(one: exp.Expr, other: exp.Expr, then: exp.Expr, otherwise: exp.Expr) -> exp.Expr:
    return chosen(exp.EQ(this=one, expression=other), then, otherwise)


def _if_empty(value: exp.Expr, then: exp.Expr | None = None, otherwise: exp.Expr | None = None) -> exp.Expr:
    if then is None:
        return pieces.is_empty(value)
    return chosen(pieces.is_empty(value), then, otherwise)


def _rounded(name: str) -> Callable[[Writing, Sequence[Typed]], exp.Expr]:
    def write(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
        whole = trees.call("ROUND", to_number(writing, arguments), pieces.number(0))
        return pieces.numeric(pieces.big(whole)) if name == "ToInt64" else pieces.numeric(_word(whole))

    return write


def _word(value: exp.Expr) -> exp.Expr:
    return pieces.whole(value, -(2**31), 2**31 - 1)


_function = family(Family.LOGIC)
_cast = family(Family.LOGIC)
_NO_VALUE = _("Empty if the value is empty or cannot be read.")

LOGIC_FUNCTIONS: tuple[Function, ...] = (
    _function(
        "Coalesce",
        "value same, instead same",
        None,
        _coalesce,
        _("The first value, or the second where the first is empty or 0."),
        "Coalesce(credit, 10)",
        of_empty=_("Empty only if both are."),
    ),
    _function(
        "Decode",
        "value any, when any, then same",
        None,
        _decode,
        _("The value that follows the first one equal to it; else the default, if there is one."),
        "Decode(segment, 'gold', 3, 'silver', 2, 1)",
        of_empty=_("An empty value equals none, so the default is taken."),
        repeats=2,
        has_default=True,
    ),
    _function(
        "IfEquals",
        "first text, second text, then same, otherwise same",
        None,
        of_sql(_if_equal),
        _("The third value if the first two are equal, else the fourth."),
        "IfEquals(name, nick, 1, 2)",
        of_empty=_("An empty text equals none."),
    ),
    _function(
        "Iif",
        "condition condition, then same, otherwise same",
        None,
        _choose,
        _("The second value if the condition holds, else the third."),
        "Iif(age > 30, 'old', 'young')",
        of_empty=_("An empty condition does not hold."),
    ),
    _function(
        "IsEmptyString",
        "value any, [then same], [otherwise same]",
        None,
        of_sql(_if_empty),
        _("Whether the value is empty; with two more values, the second one if so, else the third."),
        "IsEmptyString(name, 'nobody', name)",
        of_empty=_("True if it is empty."),
    ),
    _function(
        "NoNull",
        "value number",
        None,
        _no_null,
        _("The number, or 0 where it is empty."),
        "NoNull(credit)",
        of_empty=_("0 if it is empty."),
    ),
    _cast(
        "ToBoolean",
        "value any",
        FieldType.BOOLEAN,
        to_boolean,
        _(
            "Of a text 'true', 'false', 'yes', 'no', '1' or '0', whatever its case; of a number whether it is not 0."
        ),
        "ToBoolean(active)",
        of_empty=_NO_VALUE,
    ),
    _cast(
        "ToDate",
        "value any",
        FieldType.DATE,
        to_date,
        _("Of a text such as '2024-01-31', or of a date-time the date that the campaign's zone shows."),
        "ToDate(joined)",
        of_empty=_NO_VALUE,
    ),
    _cast(
        "ToDateTime",
        "value any",
        FieldType.DATETIME,
        to_instant,
        _(
            "Of a text such as '2024-01-31T09:00' or '2024-01-31 09:00:00+09:00', read in the campaign's zone "
            "where it names no offset; of a date its beginning."
        ),
        "ToDateTime(born)",
        of_empty=_NO_VALUE,
    ),
    _cast(
        "ToTimestamp",
        "value any",
        FieldType.DATETIME,
        to_instant,
        _("The same as ToDateTime."),
        "ToTimestamp(born)",
        of_empty=_NO_VALUE,
    ),
    _cast(
        "ToDouble",
        "value any",
        FieldType.FLOAT,
        to_number,
        _("A number, or the one that a text such as '-12.50' holds, to be stored as floating-point number."),
        "ToDouble(credit)",
        of_empty=_NO_VALUE,
    ),
    _cast(
        "ToInteger",
        "value any",
        FieldType.INTEGER,
        _rounded("ToInteger"),
        _(
            "The integer nearest to a number, or to the one a text holds; halves away from zero. Empty beyond 32 bits."
        ),
        "ToInteger(credit)",
        of_empty=_NO_VALUE,
    ),
    _cast(
        "ToInt64",
        "value any",
        FieldType.INTEGER,
        _rounded("ToInt64"),
        _("The same as ToInteger, up to 64 bits."),
        "ToInt64(credit)",
        of_empty=_NO_VALUE,
    ),
    _cast(
        "ToString",
        "value any",
        FieldType.TEXT,
        to_text,
        _(
            "As text: 12.5, true, 2024-01-31, and a date-time as 2024-01-31T09:00:00 by the clock of the campaign's zone."
        ),
        "ToString(credit)",
    ),
)
