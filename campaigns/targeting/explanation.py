"""One row against every part of a rule, as a single SELECT: what holds of it, and by which values.

A part outside every `where` is asked of the row itself. A part inside one is asked of the rows that its links
lead to from this row: how many there are and how many of them it holds for, whatever the parts around it say.
What the figures mean in words, and who may see them, is for `campaigns.explanations`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.aggregates import figure_over
from campaigns.targeting.allowance import Allowance
from campaigns.targeting.attributes import find_links
from campaigns.targeting.bound import bound
from campaigns.targeting.comparisons import value_or_null
from campaigns.targeting.compile import compile_condition
from campaigns.targeting.expressions.attribute import Wanted
from campaigns.targeting.linked_rows import LinkedRows
from campaigns.targeting.operands import Expression, OtherAttribute
from campaigns.targeting.rules import Aggregate, Condition, Rule
from campaigns.targeting.schema import Link
from campaigns.targeting.scope import Compilation, Row, Scope, Value
from campaigns.targeting.statements import attribute_sql

MOST_VALUES = 5
"""How many of the attributes that a comparison names are told."""


class Role(StrEnum):
    """What a column of the answer says of its part."""

    HOLDS = "holds"
    VALUE = "value"
    """The value of an attribute that the part compares."""
    FIGURE = "figure"
    """What an aggregate comes to."""
    ROWS = "rows"
    """How many linked rows there are."""
    MEETING = "meeting"
    """How many of those the part holds for."""


@dataclass(frozen=True, slots=True)
class Part:
    """A rule in its place: `way` are the links from the row, joined by dots, to the rows it is about."""

    path: str
    rule: Rule
    way: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A column of the answer: the part it speaks of, and for values which attribute it is."""

    path: str
    role: Role
    attribute: Wanted | None = None


Columns = Sequence[tuple[Told, exp.Expr]]


@dataclass(slots=True)
class _Sources:
    """Subqueries of one row each, beside each other, and what their columns say."""

    selects: list[exp.Select] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def add(self, select: exp.Select, columns: Columns) -> None:
        numbered = enumerate(columns, len(self.told))
        select.set("expressions", [trees.named(sql, f"c{number}") for number, (_told, sql) in numbered])
        self.selects.append(select)
        self.told.extend(told for told, _sql in columns)

    def query(self) -> exp.Select:
        first, *others = [
            exp.Subquery(this=select, alias=exp.TableAlias(this=trees.name(f"s{number}")))
            for number, select in enumerate(self.selects)
        ]
        query = trees.select([exp.Star()], first)
        query.set("joins", [exp.Join(this=other, kind="CROSS") for other in others])
        return query


def explanation_statement(
    parts: Sequence[Part], scope: Scope, key: Mapping[str, Value], allowance: Allowance | None = None
) -> tuple[exp.Select, Sequence[Told]]:
    """A statement of one row (none where `key`, unique fields and their values, is nobody's) and what its columns
    say, in their order. Of parts beyond the allowance they say nothing.

    The parts must belong to a rule without problems in this scope.
    """
    allowance = allowance or Allowance()
    asked, sources = _Asked(replace(scope, asks_few=True), key, allowance), _Sources()
    itself = list(asked.of_the_row([part for part in parts if not part.way]))
    sources.add(asked.row_itself(), itself)
    reached = {told.path for told, _sql in itself}
    parts = [part for part in parts if part.way or part.path in reached]
    for way, inside in _by_way(parts).items():
        linked = asked.linked(way)
        if columns := list(asked.of_rows(linked, inside)):
            sources.add(_from_row(linked, asked.is_the_row(linked.row)), columns)
    for part in parts:
        if isinstance(part.rule, Aggregate) and not part.way and not allowance.is_used_up:
            sources.add(*asked.measured(part.rule, part.path))
    return sources.query(), sources.told


def attributes_of(rule: Rule) -> Sequence[Wanted]:
    """The attributes of the row itself that a comparison reads, what it compares first."""
    if not isinstance(rule, Condition | Aggregate):
        return []
    own: list[Wanted] = [rule.attribute] if isinstance(rule, Condition) else []
    values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    own.extend(each.attribute for each in values if isinstance(each, OtherAttribute))
    own.extend(each for each in values if isinstance(each, Expression))
    return own[:MOST_VALUES]


def link_of(rule: Rule) -> str:
    """The links to the rows that a part collects; empty where it collects none."""
    return getattr(rule, "link", "")


def _by_way(parts: Sequence[Part]) -> Mapping[str, Sequence[Part]]:
    """Parts by the links to the rows they speak of: those inside a `where`, and those that collect rows."""
    ways: dict[str, list[Part]] = {}
    for part in parts:
        way = part.way or link_of(part.rule)
        if way:
            ways.setdefault(way, []).append(part)
    return ways


def _from_row(linked: LinkedRows, where: exp.Expr, further: Sequence[tuple[Link, Row]] = ()) -> exp.Select:
    """Selects from the row itself joined with its linked rows; the columns are still to come."""
    first = exp.Join(
        this=trees.relation(linked.rows[0]), on=trees.joined(linked.links[0], linked.row, linked.rows[0])
    )
    query = trees.select([], trees.relation(linked.row), where)
    query.set("joins", [first, *linked.joins(further)])
    return query


@dataclass(frozen=True, slots=True)
class _Asked:
    """Of whom the parts are asked."""

    scope: Scope
    key: Mapping[str, Value]
    allowance: Allowance

    def row_itself(self) -> exp.Select:
        row = self._root()
        return trees.select([], trees.relation(row), self.is_the_row(row))

    def _root(self) -> Row:
        return Compilation.of(self.scope).root()

    def is_the_row(self, row: Row) -> exp.Expr:
        return trees.every(
            exp.EQ(this=trees.column(row.alias, row.table.columns[slug].name), expression=bound(value))
            for slug, value in self.key.items()
        )

    def of_the_row(self, parts: Sequence[Part]) -> Iterator[tuple[Told, exp.Expr]]:
        for part in parts:
            if self.allowance.is_used_up:
                return
            condition = exp.Paren(this=self._compiled(part.rule, self.scope))
            yield Told(part.path, Role.HOLDS), exp.Is(this=condition, expression=exp.true())
            for wanted in attributes_of(part.rule):
                yield Told(part.path, Role.VALUE, wanted), self._value(wanted)

    def _compiled(self, rule: Rule, scope: Scope) -> exp.Expr:
        return self.allowance.spend(compile_condition(rule, scope))

    def _value(self, wanted: Wanted) -> exp.Expr:
        state = Compilation.of(self.scope)
        return value_or_null(attribute_sql(state, state.root(), wanted, ""))

    def linked(self, way: str) -> LinkedRows:
        """The rows at the end of links, under aliases that are none of the compiler's own: it is asked anew for
        each part, and would give its own out again.
        """
        row, known = self._root(), self.scope.catalogue
        links = find_links(known, row.table, way.split("."), "")
        rows = [Row(known.tables[link.target], f"r{number}") for number, link in enumerate(links)]
        return LinkedRows(row, links, tuple(rows))

    def of_rows(self, linked: LinkedRows, parts: Sequence[Part]) -> Iterator[tuple[Told, exp.Expr]]:
        scope = self._at(linked.end)
        for part in parts:
            if part.way and self.allowance.is_used_up:
                continue
            yield Told(part.path, Role.ROWS), exp.Count(this=exp.Star())
            if part.way:
                yield Told(part.path, Role.MEETING), _count_where(self._compiled(part.rule, scope))

    def _at(self, row: Row) -> Scope:
        """Where rules about a linked row are asked: there are no columns of a population."""
        return replace(self.scope, table=row.table.slug, alias=row.alias, columns={})

    def measured(self, rule: Aggregate, path: str) -> tuple[exp.Select, Columns]:
        """The figure of an aggregate over the linked rows for which its `where` holds."""
        linked = self.linked(rule.link)
        where = [self.is_the_row(linked.row)]
        if rule.where is not None:
            where.append(exp.Paren(this=self._compiled(rule.where, self._at(linked.end))))
        figure, further = figure_over(Compilation.of(self.scope), linked, rule, path)
        return _from_row(linked, trees.every(where), further), [(Told(path, Role.FIGURE), figure)]


def _count_where(condition: exp.Expr) -> exp.Filter:
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=condition))
