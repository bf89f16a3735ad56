"""To-one joins of one query: attributes are asked for by name, and the LEFT JOINs they need gather here.

Every join keeps each row exactly once: where nothing is found the attributes are empty, and a broken to-one link gives
one of its rows.
"""

from __future__ import annotations

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.attributes import Subject, find_attribute
from campaigns.targeting.expressions.attribute import Wanted, attribute_of
from campaigns.targeting.operands import Expression
from campaigns.targeting.schema import FieldType, Link, Table
from campaigns.targeting.scope import Compilation, Row, Scope


class Joins:
    """The joins from one row of a query; linked rows are aliased `j1`, `j2`… after the root's alias."""

    def __init__(self, scope: Scope, root: Row) -> None:
        self.catalogue = scope.catalogue
        self.root = root
        self._state = Compilation.of(scope)
        self.joins: list[exp.Join] = []
        self._rows: dict[tuple[Link, ...], Row] = {(): root}

    def value(self, name: Wanted) -> Subject:
        """The attribute's value in the query; raises RuleError for a name that means nothing."""
        if isinstance(name, Expression):
            return self._computed(name)
        attribute = find_attribute(self.catalogue, self.root, name, "")
        if attribute.carried is not None:
            return attribute.of(self.root)
        row = self._row(attribute.links)
        return attribute.of(Row(row.table, row.alias))

    def _computed(self, expression: Expression) -> Subject:
        """A text computed compares by code point; what keeps it compares as other columns do."""
        found = attribute_of(self._state, self.root, expression, "").of(self.root)
        if found.type is not FieldType.TEXT:
            return found
        return Subject(exp.Paren(this=trees.collated(found.sql, "default")), found.type)

    def label(self, name: str) -> str:
        """The label of the attribute's field, or its name where it has none."""
        return find_attribute(self.catalogue, self.root, name, "").column.label or name

    def is_filled(self, name: str | Expression) -> bool:
        """Whether the attribute is the root's own and has a value in every row."""
        column = self.root.table.columns.get(name) if isinstance(name, str) else None
        return column is not None and not column.nullable and column.type is not FieldType.TEXT

    def _row(self, links: tuple[Link, ...]) -> Row:
        if links not in self._rows:
            self._rows[links] = self._join(self._row(links[:-1]), links[-1])
        return self._rows[links]

    def _join(self, source: Row, link: Link) -> Row:
        row = Row(self.catalogue.tables[link.target], f"{self.root.alias}_j{len(self.joins) + 1}")
        on = trees.joined(link, source, row)
        self.joins.append(exp.Join(this=one_row_each(link, row), side="LEFT", on=on))
        return row


def one_row_each(link: Link, row: Row) -> exp.Expr:
    """The link's target as a relation that holds at most one row for each row of the source."""
    if _is_unique(link, row.table):
        return trees.relation(row)
    inner = Row(row.table, "d")
    fields = [trees.column(inner.alias, row.table.columns[there].name) for _here, there in link.on]
    keys = [trees.column(inner.alias, row.table.columns[slug].name) for slug in row.table.primary_key]
    first = trees.select([exp.Column(this=exp.Star(), table=trees.name(inner.alias))], trees.relation(inner))
    first.set("distinct", exp.Distinct(on=exp.Tuple(expressions=[field.copy() for field in fields])))
    first.set("order", exp.Order(expressions=[ascending(each) for each in (*fields, *keys)]))
    return exp.Subquery(this=first, alias=exp.TableAlias(this=trees.name(row.alias)))


def _is_unique(link: Link, target: Table) -> bool:
    return bool(target.primary_key) and {there for _here, there in link.on} >= set(target.primary_key)


def ascending(expression: exp.Expr) -> exp.Ordered:
    """Empties last."""
    return exp.Ordered(this=expression, desc=False, nulls_first=False)


def descending(expression: exp.Expr, *, nullable: bool = True) -> exp.Ordered:
    """Empties last; where there are none that is not said, so that a plain descending index serves."""
    return exp.Ordered(this=expression, desc=True, nulls_first=not nullable)


def filled(subject: Subject) -> exp.Expr:
    """The value, with an empty text as NULL like every other empty."""
    if subject.type is not FieldType.TEXT:
        return subject.value()
    return exp.Nullif(this=subject.value(), expression=exp.Literal.string(""))


def sortable(subject: Subject) -> exp.Expr:
    """The value as it sorts and compares: texts by code point."""
    value = filled(subject)
    return trees.collated(value, trees.BYTE_ORDER) if subject.type is FieldType.TEXT else value


def storable(subject: Subject) -> exp.Expr:
    """The value as a working table holds it: enumerations and domains as text that compares by code point, JSON in
    one form.
    """
    if subject.type is FieldType.JSON:
        return subject.jsonb()
    if subject.type is not FieldType.TEXT:
        return subject.value()
    text = trees.cast(subject.value(), "text")
    return text if subject.deterministic else trees.collated(text, "default")
