"""Attributes inside expressions: found by their path, read through links, brought into the types calculated with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.attributes import Attribute, Subject, find_attribute, find_links
from campaigns.targeting.expressions import pieces
from campaigns.targeting.expressions.nodes import Path
from campaigns.targeting.expressions.places import ExpressionError
from campaigns.targeting.expressions.typed import Typed, Writing
from campaigns.targeting.problems import RuleError
from campaigns.targeting.schema import Cardinality, FieldType, Link, Table
from campaigns.targeting.scope import Row


def read_attribute(writing: Writing, path: Path) -> Typed:
    """The attribute's value on the row, through to-one links too."""
    attribute = found(writing, path, ".".join(path.steps), writing.row)
    sql = (
        _through_links(writing, attribute, path.at)
        if attribute.links
        else value_of(writing, attribute.of(writing.row), path.at)
    )
    return Typed(path.at, attribute.type, sql)


def found(writing: Writing, path: Path, name: str, row: Row) -> Attribute:
    try:
        return find_attribute(writing.state.scope.catalogue, row, name, "")
    except RuleError as error:
        problem = error.problems[0]
        raise ExpressionError(path.at, problem.code, problem.message, problem.remedy) from None


def value_of(writing: Writing, subject: Subject, at: int) -> exp.Expr:
    """A field's value as expressions calculate with it."""
    value = subject.value()
    match subject.type:
        case FieldType.TEXT:
            short = trees.call(
                "LEFT", trees.cast(subject.exact(), "text"), pieces.number(pieces.LONGEST_TEXT)
            )
            return pieces.by_code_point(pieces.filled(short))
        case FieldType.INTEGER | FieldType.DECIMAL:
            return pieces.bounded(pieces.numeric(value))
        case FieldType.FLOAT:
            return pieces.bounded(pieces.numeric(trees.cast(value, "double precision")))
        case FieldType.DATE:
            return pieces.calendar_day(value)
        case FieldType.DATETIME:
            return pieces.moment(_instant(writing, subject))
        case FieldType.JSON:
            remedy = _("Compare a value inside it by a rule: {name, path, type}.")
            raise ExpressionError(at, "json", _("A JSON field has no single value."), remedy)
    return value


def _instant(writing: Writing, subject: Subject) -> exp.Expr:
    if not subject.stored_zone:
        return subject.value()
    kept = pieces.within(
        subject.value(), pieces.typed("0001-01-01", "timestamp"), pieces.typed("9999-12-31", "timestamp")
    )
    return writing.instant(kept, subject.stored_zone)


def _through_links(writing: Writing, attribute: Attribute, at: int) -> exp.Expr:
    """Of the rows that the links lead to, the first by their keys: one, unless the link is broken."""
    chain = Chain.of(writing, attribute.links)
    inner = Writing(writing.state, chain.rows[-1])
    query = chain.select([value_of(inner, attribute.of(inner.row), at)])
    order = [
        key
        for link, row in zip(chain.links, chain.rows, strict=True)
        if not _is_unique(link, row.table)
        for key in _keys(row)
    ]
    if order:
        query.set(
            "order",
            exp.Order(expressions=[exp.Ordered(this=key, desc=False, nulls_first=False) for key in order]),
        )
        query.set("limit", exp.Limit(expression=exp.Literal.number(1)))
    return exp.Subquery(this=query)


def _is_unique(link: Link, target: Table) -> bool:
    return bool(target.primary_key) and {there for _here, there in link.on} >= set(target.primary_key)


def _keys(row: Row) -> list[exp.Expr]:
    """What puts rows in an order: the key, or all of a table that has none."""
    columns = [row.table.columns[slug] for slug in row.table.primary_key or row.table.columns]
    return [
        trees.collated(trees.cast(trees.column(row.alias, column.name), "text"), trees.BYTE_ORDER)
        if column.type in (FieldType.TEXT, FieldType.JSON)
        else trees.column(row.alias, column.name)
        for column in columns
    ]


@dataclass(frozen=True, slots=True)
class Chain:
    """Links from the row an expression is about, each with the row that it leads to."""

    source: Row
    links: Sequence[Link]
    rows: Sequence[Row]

    @classmethod
    def of(cls, writing: Writing, links: Sequence[Link]) -> Chain:
        return cls(writing.row, links, [writing.state.row_of(link.target) for link in links])

    def select(self, projections: Sequence[exp.Expr]) -> exp.Select:
        """A SELECT from the linked rows of the row around it."""
        conditions = [
            trees.joined(link, source, target)
            for link, source, target in zip(self.links, [self.source, *self.rows], self.rows, strict=False)
        ]
        query = trees.select(projections, trees.relation(self.rows[0]), conditions[0])
        joins = zip(self.rows[1:], conditions[1:], strict=True)
        query.set("joins", [exp.Join(this=trees.relation(row), on=on) for row, on in joins])
        return query


@dataclass(frozen=True, slots=True)
class Collected:
    """A collection, and the field of its rows that a function is taken of, if one is named."""

    at: int
    chain: Chain
    field: Typed | None


def read_collection(writing: Writing, path: Path) -> Collected:
    """Links of which one at least leads to many rows, then perhaps a field: `orders.lines.price`."""
    links, field = _split(writing, path)
    if not any(link.cardinality is Cardinality.MANY for link in links):
        message = _("“%(path)s” leads to no collection.") % {"path": ".".join(path.steps)}
        remedy = _("Name links of which one leads to many rows, and a field, as in orders.total.")
        raise ExpressionError(path.at, "no_collection", message, remedy)
    chain = Chain.of(writing, links)
    if not field:
        return Collected(path.at, chain, None)
    inner = Writing(writing.state, chain.rows[-1])
    attribute = found(inner, path, field, inner.row)
    return Collected(
        path.at, chain, Typed(path.at, attribute.type, value_of(inner, attribute.of(inner.row), path.at))
    )


def _split(writing: Writing, path: Path) -> tuple[Sequence[Link], str]:
    """The links of a path and the field after them, "" where it ends with a link."""
    catalogue, steps = writing.state.scope.catalogue, list(path.steps)
    try:
        before = find_links(catalogue, writing.row.table, steps[:-1], "")
        table = before[-1].target if before else writing.row.table.slug
        last = catalogue.links.get((table, steps[-1]))
        if last is not None and steps[-1] not in catalogue.tables[table].columns:
            return (*before, last), ""
    except RuleError as error:
        problem = error.problems[0]
        raise ExpressionError(path.at, problem.code, problem.message, problem.remedy) from None
    return before, steps[-1]
