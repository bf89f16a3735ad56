"""A figure over linked rows: a grouped subquery that rows are matched with by EXISTS or its complement.

Grouped, the figures of all rows are computed in one pass however many rows ask; a row that no group matches
has nothing, which counts and sums as zero and has no average, least or greatest value.
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
from campaigns.targeting.operators import Operator
from campaigns.targeting.problems import refusal
from campaigns.targeting.rules import Aggregate, Function
from campaigns.targeting.schema import FieldType, Link
from campaigns.targeting.scope import Compilation, Row
from campaigns.targeting.terms import Comparison, read_comparison

Where = Callable[[Row], exp.Expr | None]

_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.FLOAT)
_ORDERED = (*_NUMBERS, FieldType.TEXT, FieldType.DATE, FieldType.DATETIME)
_ALLOWED: Mapping[Function, Sequence[FieldType]] = {
    "count": tuple(FieldType),
    "count_distinct": tuple(FieldType),
    "sum": _NUMBERS,
    "avg": _NUMBERS,
    "min": _ORDERED,
    "max": _ORDERED,
}
_ZERO_WHEN_NOTHING = ("count", "count_distinct", "sum")
_FIGURE = "v"


@dataclass(frozen=True, slots=True)
class _Collection:
    """The rows that links lead to from `row`, and the attribute a figure is made of."""

    row: Row
    links: tuple[Link, ...]
    rows: tuple[Row, ...]
    function: Function
    attribute: Attribute | None

    def keys(self) -> list[exp.Expr]:
        """The columns of the first linked row by which it belongs to `row`."""
        first = self.rows[0]
        return [
            trees.column(first.alias, first.table.columns[there].name) for _here, there in self.links[0].on
        ]

    def owner(self, alias: str) -> exp.Expr:
        """True where a group named `alias` is the one of `row`."""
        table = self.row.table
        pairs = (
            exp.EQ(
                this=trees.column(alias, _key(number)),
                expression=trees.column(self.row.alias, table.columns[here].name),
            )
            for number, (here, _there) in enumerate(self.links[0].on)
        )
        return trees.every(pairs)


def compile_aggregate(state: Compilation, row: Row, rule: Aggregate, place: str, where: Where) -> exp.Expr:
    """Whether the aggregate's comparison holds, never unknown; `where` filters the last row of the links."""
    links = find_links(state.scope.catalogue, row.table, rule.link.split("."), f"{place}/link")
    rows = tuple(state.row_of(link.target) for link in links)
    collection = _Collection(row, links, rows, rule.function, _attribute(state, rows[-1], rule, place))
    alias = state.alias()
    figure = _figure(alias, rule.function, collection.attribute)
    comparison = read_comparison(state, row, rule, figure, place)
    zero = rule.function in _ZERO_WHEN_NOTHING
    with state.doubling(place, zero and bool(comparison.attributes())):
        condition = where(rows[-1])
    groups = _Groups(_grouped(state, collection, condition), alias, collection.owner(alias))
    holds = _compared(groups, figure, ConditionWriter(state, row, comparison), zero=zero)
    return trees.not_true(holds) if comparison.negated else holds


@dataclass(frozen=True, slots=True)
class _Groups:
    """The grouped subquery under its alias, and the condition that a group is the row's own."""

    query: exp.Select
    alias: str
    owner: exp.Expr

    def some(self, condition: exp.Expr) -> exp.Exists:
        """True where the row has a group for which the condition holds."""
        return trees.exists(self._source(self.query), trees.every([self.owner, condition]))

    def none(self) -> exp.Expr:
        """True where the row has no group; a copy, so that `some` can stand beside it."""
        return exp.Not(this=trees.exists(self._source(self.query.copy()), self.owner.copy()))

    def _source(self, query: exp.Select) -> exp.Subquery:
        return exp.Subquery(this=query, alias=exp.TableAlias(this=trees.name(self.alias)))


def _compared(groups: _Groups, figure: Subject, writer: ConditionWriter, *, zero: bool) -> exp.Expr:
    positive = writer.positive(figure)
    if not zero:
        return groups.some(positive)
    if writer.comparison.attributes():
        nothing = trees.every([groups.none(), writer.positive(Subject(bound(0), figure.type))])
        return exp.Paren(this=trees.some([nothing, groups.some(positive)]))
    if _holds_for_zero(writer.comparison):
        return exp.Not(this=groups.some(trees.not_true(positive)))
    return groups.some(positive)


def _attribute(state: Compilation, row: Row, rule: Aggregate, place: str) -> Attribute | None:
    place = f"{place}/attribute"
    if rule.attribute is None:
        if rule.function != "count":
            remedy = _("Name the field it is taken of.")
            raise refusal(place, "missing", _("This function needs an attribute."), remedy)
        return None
    attribute = attribute_of(state, row, rule.attribute, place)
    if attribute.type not in _ALLOWED[rule.function]:
        message = _("A field of type %(type)s has no “%(function)s”.") % {
            "type": attribute.type.value,
            "function": rule.function,
        }
        raise refusal(place, "wrong_function", message, _("Count it, or choose another field."))
    return attribute


def _figure(alias: str, function: Function, attribute: Attribute | None) -> Subject:
    sql = trees.column(alias, _FIGURE)
    if attribute is None or function in ("count", "count_distinct"):
        return Subject(sql, FieldType.INTEGER)
    if function == "avg" and attribute.type is FieldType.INTEGER:
        return Subject(sql, FieldType.DECIMAL)
    return Subject(sql, attribute.type, attribute.column.stored_zone)


def _grouped(state: Compilation, collection: _Collection, condition: exp.Expr | None) -> exp.Select:
    keys = collection.keys()
    joins, last = _joins(state, collection)
    made = [trees.named(key.copy(), _key(number)) for number, key in enumerate(keys)]
    made.append(trees.named(_function_sql(collection, last), _FIGURE))
    query = trees.select(made, trees.relation(collection.rows[0]), condition)
    query.set("joins", joins)
    query.set("group", exp.Group(expressions=keys))
    return query


def _joins(state: Compilation, collection: _Collection) -> tuple[list[exp.Join], Row]:
    """Joins from the first linked row to the one that holds the attribute.

    The to-one links of an attribute are joined too: a row without a target has no value there, and no
    function counts what has no value.
    """
    links, rows = list(collection.links[1:]), list(collection.rows)
    for link in collection.attribute.links if collection.attribute else ():
        links.append(link)
        rows.append(state.row_of(link.target))
    steps = zip(links, rows, rows[1:], strict=False)
    joins = [
        exp.Join(this=trees.relation(target), on=trees.joined(link, source, target))
        for link, source, target in steps
    ]
    return joins, rows[-1]


def _function_sql(collection: _Collection, row: Row) -> exp.Expr:
    if collection.attribute is None:
        return exp.Count(this=exp.Star())
    subject = collection.attribute.of(row)
    return _FUNCTIONS[collection.function](value_or_null(subject), subject.type)


def _least(value: exp.Expr, field_type: FieldType) -> exp.Expr:
    return exp.Min(this=_by_code_point(value, field_type))


def _greatest(value: exp.Expr, field_type: FieldType) -> exp.Expr:
    return exp.Max(this=_by_code_point(value, field_type))


def _by_code_point(value: exp.Expr, field_type: FieldType) -> exp.Expr:
    return trees.collated(value, trees.BYTE_ORDER) if field_type is FieldType.TEXT else value


def _sum(value: exp.Expr, field_type: FieldType) -> exp.Expr:
    return exp.Coalesce(this=exp.Sum(this=value), expressions=[exp.Literal.number(0)])


_FUNCTIONS: Mapping[Function, Callable[[exp.Expr, FieldType], exp.Expr]] = {
    "count": lambda value, _type: exp.Count(this=value),
    "count_distinct": lambda value, _type: exp.Count(this=exp.Distinct(expressions=[value])),
    "sum": _sum,
    "avg": lambda value, _type: exp.Avg(this=value),
    "min": _least,
    "max": _greatest,
}


def _key(number: int) -> str:
    return f"k{number}"


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
