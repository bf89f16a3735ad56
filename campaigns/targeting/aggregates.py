"""A figure over linked rows: a grouped subquery that rows are matched with by EXISTS or its complement.

Grouped, the figures of all rows are computed in one pass however many rows ask; a row that no group matches
has nothing, which counts and sums as zero and has no other figure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.attributes import Attribute, Subject, find_links
from campaigns.targeting.bound import bound
from campaigns.targeting.comparisons import value_or_null
from campaigns.targeting.conditions import ConditionWriter
from campaigns.targeting.expressions.attribute import attribute_of
from campaigns.targeting.linked_rows import (
    LinkedRows,
    Reached,
    Where,
    computed_once,
    key_name,
    subquery,
)
from campaigns.targeting.operators import Operator
from campaigns.targeting.problems import refusal
from campaigns.targeting.rules import Aggregate, Function
from campaigns.targeting.schema import FieldType, Link
from campaigns.targeting.scope import Compilation, Row
from campaigns.targeting.terms import Comparison, read_comparison
from campaigns.targeting.values import storable

_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.FLOAT)
_ORDERED = (*_NUMBERS, FieldType.TEXT, FieldType.DATE, FieldType.DATETIME)
ALLOWED: Mapping[Function, Sequence[FieldType]] = {
    "count": tuple(FieldType),
    "count_distinct": tuple(FieldType),
    "sum": _NUMBERS,
    "avg": _NUMBERS,
    "min": _ORDERED,
    "max": _ORDERED,
    "stddev": _NUMBERS,
    "string": (FieldType.TEXT,),
}
_ZERO_WHEN_NOTHING = ("count", "count_distinct", "sum")
_FIGURE = "v"


SEPARATOR = ", "


@dataclass(frozen=True, slots=True)
class _Measured:
    """What a figure is made of: linked rows, of which `where` is true, and perhaps an attribute of theirs."""

    linked: LinkedRows
    function: Function
    attribute: Attribute | None
    separator: str


def compile_aggregate(state: Compilation, row: Row, rule: Aggregate, place: str, where: Where) -> exp.Expr:
    """Whether the aggregate's comparison holds, never unknown; `where` filters the last row of the links."""
    linked = LinkedRows.along(state, row, rule.link, f"{place}/link")
    attribute = _attribute(state, linked.end, rule, place)
    measured = _Measured(linked, rule.function, attribute, _separator(rule, place))
    alias = state.alias()
    figure = _figure(alias, rule.function, attribute)
    comparison = read_comparison(state, row, rule, figure, place)
    writer = ConditionWriter(state, row, comparison)
    holds = _compared(measured, where(linked.end), figure, writer, alias)
    return trees.not_true(holds) if comparison.negated else holds


def figure_over(
    state: Compilation, linked: LinkedRows, rule: Aggregate, place: str, where: exp.Expr | None = None
) -> tuple[exp.Expr, tuple[tuple[Link, Row], ...]]:
    """The figure itself over selected linked rows, or those of them that meet a condition, and what is to be joined
    for it.
    """
    attribute = _attribute(state, linked.end, rule, place)
    measured = _Measured(linked, rule.function, attribute, _separator(rule, place))
    reached = _reached(state, measured)
    value = _value(reached)
    if where is not None:
        # No function counts a NULL.
        value = exp.Case(ifs=[exp.If(this=where, true=value or exp.Literal.number(1))])
    return _function_sql(measured, value), reached.further if reached else ()


@dataclass(frozen=True, slots=True)
class FigureGroups:
    """The figures of all rows, and which of the groups belongs to the row, which may have none."""

    select: exp.Select
    owner: exp.Expr
    figure: exp.Column


def figure_groups(
    state: Compilation, row: Row, rule: Aggregate, place: str, where: Where, alias: str
) -> FigureGroups:
    """The figure of an aggregate for all rows that have one, to be joined under an alias."""
    linked = LinkedRows.along(state, row, rule.link, f"{place}/link")
    attribute = _attribute(state, linked.end, rule, place)
    measured = _Measured(linked, rule.function, attribute, _separator(rule, place))
    groups = _grouped(state, measured, where(linked.end))
    return FigureGroups(groups, linked.owner(alias), trees.column(alias, _FIGURE))


def compared_figure(
    state: Compilation, row: Row, rule: Aggregate, place: str, joined: exp.Expr
) -> tuple[Subject, exp.Expr]:
    """The figure of a row, of which `joined` is what its group says, and whether the aggregate's comparison holds:
    not false but unknown where a comparison with nothing is.
    """
    links = find_links(state.scope.catalogue, row.table, rule.link.split("."), f"{place}/link")
    end = Row(state.scope.catalogue.tables[links[-1].target], row.alias)
    if rule.function in _ZERO_WHEN_NOTHING:
        joined = exp.Coalesce(this=joined, expressions=[exp.Literal.number(0)])
    known = _figure("", rule.function, _attribute(state, end, rule, place))
    figure = Subject(joined, known.type, known.stored_zone)
    comparison = read_comparison(state, row, rule, figure, place)
    holds = ConditionWriter(state, row, comparison).positive(figure)
    return figure, trees.not_true(holds) if comparison.negated else holds


def _compared(
    measured: _Measured, condition: exp.Expr | None, figure: Subject, writer: ConditionWriter, alias: str
) -> exp.Expr:
    linked, positive = measured.linked, writer.positive(figure)
    zero = measured.function in _ZERO_WHEN_NOTHING
    if zero and writer.comparison.attributes():
        groups = _grouped_for_all(writer.state, measured, condition)
        found = _some_group(groups, linked, alias, positive)
        return _or_linked_to_nothing(linked, found, writer.positive(Subject(bound(0), figure.type)))
    groups = _grouped(writer.state, measured, condition)
    if zero and _holds_for_zero(writer.comparison):
        return exp.Not(this=_some_group(groups, linked, alias, trees.not_true(positive)))
    return _some_group(groups, linked, alias, positive)


def _some_group(groups: exp.Select, linked: LinkedRows, alias: str, condition: exp.Expr) -> exp.Exists:
    """True where the row has a group for which the condition holds."""
    source = computed_once(groups, alias) if linked.narrowed else subquery(groups, alias)
    return trees.exists(source, trees.every([linked.owner(alias), condition]))


def _or_linked_to_nothing(linked: LinkedRows, found: exp.Exists, zero: exp.Expr) -> exp.Expr:
    """For a row whose side of the link is NULL, and which so has no group, the comparison with zero decides."""
    columns = [linked.row.table.columns[here] for here, _there in linked.links[0].on]
    unlinked = [
        exp.Is(this=trees.column(linked.row.alias, column.name), expression=exp.null())
        for column in columns
        if column.nullable
    ]
    if not unlinked:
        return found
    nothing = trees.every([exp.Paren(this=trees.some(unlinked)), zero])
    return exp.Paren(this=trees.some([found, nothing]))


def _attribute(state: Compilation, row: Row, rule: Aggregate, place: str) -> Attribute | None:
    place = f"{place}/attribute"
    if rule.attribute is None:
        if rule.function != "count":
            remedy = _("Name the field it is taken of.")
            raise refusal(place, "missing", _("This function needs an attribute."), remedy)
        return None
    attribute = attribute_of(state, row, rule.attribute, place)
    if attribute.type not in ALLOWED[rule.function]:
        message = _("A field of type %(type)s has no “%(function)s”.") % {
            "type": attribute.type.value,
            "function": rule.function,
        }
        raise refusal(place, "wrong_function", message, _("Count it, or choose another field."))
    return attribute


def _separator(rule: Aggregate, place: str) -> str:
    place = f"{place}/separator"
    if rule.separator is None:
        return SEPARATOR
    if rule.function != "string":
        message, remedy = _("Only the function “string” takes a separator."), _("Remove the separator.")
        raise refusal(place, "needless_separator", message, remedy)
    return storable(rule.separator, place)


def _figure(alias: str, function: Function, attribute: Attribute | None) -> Subject:
    sql = trees.column(alias, _FIGURE)
    if attribute is None:
        return Subject(sql, FieldType.INTEGER)
    gives = given(function, attribute.type)
    return Subject(sql, gives, attribute.column.stored_zone if gives is attribute.type else "")


def given(function: Function, of: FieldType) -> FieldType:
    """The type of the figure over values of a type."""
    if function in ("count", "count_distinct"):
        return FieldType.INTEGER
    return FieldType.DECIMAL if function in ("avg", "stddev") and of is FieldType.INTEGER else of


def _grouped(state: Compilation, measured: _Measured, condition: exp.Expr | None) -> exp.Select:
    """One group for each row that has linked rows for which the condition holds."""
    reached = _reached(state, measured)
    made = [*measured.linked.named_keys(), trees.named(_function_sql(measured, _value(reached)), _FIGURE)]
    query = measured.linked.select(made, condition, reached.further if reached else ())
    query.set("group", exp.Group(expressions=measured.linked.keys()))
    return query


def _grouped_for_all(state: Compilation, measured: _Measured, condition: exp.Expr | None) -> exp.Select:
    """One group for every row there is: each puts a NULL among the values, which no function counts."""
    linked, reached = measured.linked, _reached(state, measured)
    value = _value(reached) or exp.Literal.number(1)
    values = linked.select(
        [*linked.named_keys(), trees.named(value, _FIGURE)], condition, reached.further if reached else ()
    )
    source = state.row_of(linked.row.table.slug)
    own = [trees.column(source.alias, source.table.columns[here].name) for here, _there in linked.links[0].on]
    everyone = trees.select([*own, exp.null()], trees.relation(source))
    alias = state.alias()
    keys = [trees.column(alias, key_name(number)) for number in range(len(own))]
    figure = trees.named(_function_sql(measured, trees.column(alias, _FIGURE)), _FIGURE)
    union = exp.Union(this=values, expression=everyone, distinct=False)
    query = trees.select([*(key.copy() for key in keys), figure], subquery(union, alias))
    query.set("group", exp.Group(expressions=keys))
    return query


def _reached(state: Compilation, measured: _Measured) -> Reached | None:
    attribute = measured.attribute
    return Reached.of(state, measured.linked.end, attribute) if attribute else None


def _value(reached: Reached | None) -> exp.Expr | None:
    return value_or_null(reached.subject) if reached else None


def _function_sql(measured: _Measured, value: exp.Expr | None) -> exp.Expr:
    if value is None:
        return exp.Count(this=exp.Star())
    if measured.attribute is None:
        return exp.Count(this=value)
    return _FUNCTIONS[measured.function](value, measured.attribute.type, measured.separator)


def _least(value: exp.Expr, field_type: FieldType, _separator: str) -> exp.Expr:
    return exp.Min(this=trees.by_code_point(value, field_type))


def _greatest(value: exp.Expr, field_type: FieldType, _separator: str) -> exp.Expr:
    return exp.Max(this=trees.by_code_point(value, field_type))


def _different(value: exp.Expr, field_type: FieldType, _separator: str) -> exp.Expr:
    return exp.Count(this=exp.Distinct(expressions=[trees.by_code_point(value, field_type)]))


def _sum(value: exp.Expr, _type: FieldType, _separator: str) -> exp.Expr:
    return exp.Coalesce(this=exp.Sum(this=value), expressions=[exp.Literal.number(0)])


def _deviation(value: exp.Expr, _type: FieldType, _separator: str) -> exp.Expr:
    return exp.StddevSamp(this=value)


def _joined_texts(value: exp.Expr, field_type: FieldType, separator: str) -> exp.Expr:
    ordered = trees.ordered(trees.by_code_point(value.copy(), field_type), descending=False)
    return trees.call("STRING_AGG", value, exp.Order(this=bound(separator), expressions=[ordered]))


_FUNCTIONS: Mapping[Function, Callable[[exp.Expr, FieldType, str], exp.Expr]] = {
    "count": lambda value, _type, _separator: exp.Count(this=value),
    "count_distinct": _different,
    "sum": _sum,
    "avg": lambda value, _type, _separator: exp.Avg(this=value),
    "min": _least,
    "max": _greatest,
    "stddev": _deviation,
    "string": _joined_texts,
}


def _holds_for_zero(comparison: Comparison) -> bool:
    numbers = [value for value in comparison.constants() if isinstance(value, int | float | Decimal)]
    if comparison.operator is Operator.IS_NOT_EMPTY:
        return True
    if comparison.operator is Operator.IN:
        return 0 in numbers
    if None in comparison.terms:
        return False
    return _ZERO[comparison.operator](numbers)


_ZERO: Mapping[Operator, Callable[[Sequence[int | float | Decimal]], bool]] = {
    Operator.EQUAL: lambda values: values[0] == 0,
    Operator.GREATER: lambda values: values[0] < 0,
    Operator.GREATER_OR_EQUAL: lambda values: values[0] <= 0,
    Operator.LESS: lambda values: values[0] > 0,
    Operator.LESS_OR_EQUAL: lambda values: values[0] >= 0,
    Operator.BETWEEN: lambda values: values[0] <= 0 <= values[1],
}
