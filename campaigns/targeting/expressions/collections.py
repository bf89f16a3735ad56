"""Functions over the rows that links lead to: scalar subqueries, counted for each row on its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.expressions import pieces
from campaigns.targeting.expressions.functions import Family, Function, Write, family
from campaigns.targeting.expressions.numbers import divide
from campaigns.targeting.expressions.places import ExpressionError
from campaigns.targeting.expressions.reading import Collected
from campaigns.targeting.expressions.typed import MOMENTS, NUMBERS, Typed, Writing
from campaigns.targeting.schema import FieldType

STDDEV_DECIMALS = 6

Figure = Callable[[exp.Expr], exp.Expr]


def aggregate(name: str, collected: Collected, further: Sequence[Typed]) -> Typed:
    """The figure of a collection; `further` are the arguments after it."""
    field = collected.field
    if field is None:
        if name.lower() not in ("count", "countall"):
            message = _("This function needs a field of the collection.")
            raise ExpressionError(collected.at, "no_field", message, _("Name one, as in orders.total."))
        return _selected(collected, FieldType.INTEGER, pieces.numeric(exp.Count(this=exp.Star())))
    allowed, gives, figure = _FIGURES[name.lower()]
    if field.type not in allowed:
        message = _("A field of type %(type)s has no “%(function)s”.") % {
            "type": field.type.value,
            "function": name,
        }
        raise ExpressionError(collected.at, "wrong_type", message, _("Count it, or choose another field."))
    return _selected(
        collected, gives or _exact(field.type), figure(field.sql, *(each.sql for each in further))
    )


def _exact(field_type: FieldType) -> FieldType:
    return FieldType.DECIMAL if field_type is FieldType.FLOAT else field_type


def _selected(collected: Collected, field_type: FieldType, figure: exp.Expr) -> Typed:
    return Typed(collected.at, field_type, exp.Subquery(this=collected.chain.select([figure])))


def _count(value: exp.Expr) -> exp.Expr:
    return pieces.numeric(exp.Count(this=value))


def _distinct(value: exp.Expr) -> exp.Expr:
    return pieces.numeric(exp.Count(this=exp.Distinct(expressions=[value])))


def _sum(value: exp.Expr) -> exp.Expr:
    return pieces.bounded(exp.Coalesce(this=exp.Sum(this=value), expressions=[pieces.number(0)]))


def _average(value: exp.Expr) -> exp.Expr:
    return divide(exp.Sum(this=value), exp.Count(this=value.copy()))


def _deviation(value: exp.Expr) -> exp.Expr:
    return trees.call("ROUND", trees.call("STDDEV_SAMP", value), pieces.number(STDDEV_DECIMALS))


def _listed(value: exp.Expr, separator: exp.Expr) -> exp.Expr:
    ordered = exp.Order(
        this=exp.Coalesce(this=separator, expressions=[pieces.text("")]),
        expressions=[exp.Ordered(this=value.copy(), desc=False)],
    )
    return pieces.filled(trees.call("STRING_AGG", value, ordered))


_ORDERED = (*NUMBERS, *MOMENTS, FieldType.TEXT)
_ANY = tuple(each for each in FieldType if each is not FieldType.JSON)
_FIGURES: Mapping[str, tuple[Sequence[FieldType], FieldType | None, Callable[..., exp.Expr]]] = {
    "count": (_ANY, FieldType.INTEGER, _count),
    "countall": (_ANY, FieldType.INTEGER, lambda _value: pieces.numeric(exp.Count(this=exp.Star()))),
    "countdistinct": (_ANY, FieldType.INTEGER, _distinct),
    "sum": (NUMBERS, None, _sum),
    "avg": (NUMBERS, FieldType.DECIMAL, _average),
    "min": (_ORDERED, None, lambda value: exp.Min(this=value)),
    "max": (_ORDERED, None, lambda value: exp.Max(this=value)),
    "stddev": (NUMBERS, FieldType.DECIMAL, _deviation),
    "stringagg": ((FieldType.TEXT,), FieldType.TEXT, _listed),
}


def _unwritten(_writing: Writing, _arguments: Sequence[Typed]) -> exp.Expr:
    raise AssertionError("aggregates are written by `aggregate`")


_function = family(Family.AGGREGATE)
_WRITE: Write = _unwritten
_NOTHING = gettext_lazy("Empty values are left out; empty of nothing.")
_ZERO = gettext_lazy("Empty values are left out; 0 of nothing.")

AGGREGATE_FUNCTIONS: tuple[Function, ...] = (
    _function(
        "Avg",
        "field collected",
        FieldType.DECIMAL,
        _WRITE,
        gettext_lazy("The average of the linked rows."),
        "Avg(orders.total)",
        of_empty=_NOTHING,
    ),
    _function(
        "Count",
        "collection collection",
        FieldType.INTEGER,
        _WRITE,
        gettext_lazy("How many linked rows there are, or how many with a value in the field."),
        "Count(orders)",
        of_empty=_ZERO,
    ),
    _function(
        "CountAll",
        "collection collection",
        FieldType.INTEGER,
        _WRITE,
        gettext_lazy("How many linked rows there are."),
        "CountAll(orders)",
        of_empty=gettext_lazy("Empty values count too; 0 of nothing."),
    ),
    _function(
        "Countdistinct",
        "field collected",
        FieldType.INTEGER,
        _WRITE,
        gettext_lazy("How many different values the field has."),
        "Countdistinct(orders.shop)",
        of_empty=_ZERO,
    ),
    _function(
        "Max",
        "field collected",
        None,
        _WRITE,
        gettext_lazy("The greatest value; of texts the last by code point."),
        "Max(orders.at)",
        of_empty=_NOTHING,
    ),
    _function(
        "Min",
        "field collected",
        None,
        _WRITE,
        gettext_lazy("The least value; of texts the first by code point."),
        "Min(orders.total)",
        of_empty=_NOTHING,
    ),
    _function(
        "StdDev",
        "field collected",
        FieldType.DECIMAL,
        _WRITE,
        gettext_lazy(
            "The standard deviation of the values as a sample, rounded to 6 decimals; empty of fewer than two."
        ),
        "StdDev(orders.total)",
        of_empty=_NOTHING,
    ),
    _function(
        "StringAgg",
        "field collected, separator fixed_text",
        FieldType.TEXT,
        _WRITE,
        gettext_lazy("All values, by code point, with a separator between."),
        "StringAgg(orders.shop, ', ')",
        of_empty=_NOTHING,
    ),
    _function(
        "Sum",
        "field collected",
        None,
        _WRITE,
        gettext_lazy("The sum of the values."),
        "Sum(orders.total)",
        of_empty=_ZERO,
    ),
)
