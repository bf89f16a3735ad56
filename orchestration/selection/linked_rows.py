"""The rows that a path of links leads to from the people of a population, with the key of the person they belong to.

In SQL the population is `o` (or what the caller calls it), its dimension's table `o_t`, the linked tables `r1`, `r2`…; the
last of them is what rules and attributes speak of.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.attributes import Subject, find_links
from campaigns.targeting.compile import compile_condition
from campaigns.targeting.operands import Expression
from campaigns.targeting.rules import Rule
from campaigns.targeting.scope import Row
from orchestration.compilation import Arrival, CompileContext, key_of
from orchestration.selection.joins import Joins
from orchestration.working_tables import relation


class LinkedRows:
    """One query under way over linked rows; ask for values first, then for the SELECT that joins what they need."""

    def __init__(self, context: CompileContext, arrival: Arrival, path: str, person: str = "o") -> None:
        catalogue = context.world.catalogue
        self.context = context
        self.arrival = arrival
        self.links = find_links(catalogue, context.table_of(arrival.dimension), path.split("."), "")
        targets = (catalogue.tables[link.target] for link in self.links)
        self.rows = [Row(table, f"r{number}") for number, table in enumerate(targets, 1)]
        self.end = self.rows[-1]
        self.person = person
        self._own = Row(context.table_of(arrival.dimension), f"{person}_t")
        self._joins = Joins(context.scope(self.end.table.slug, alias=self.end.alias), self.end)

    def value(self, name: str | Expression) -> Subject:
        """An attribute of the linked row."""
        return self._joins.value(name)

    def keys(self) -> list[exp.Expr]:
        """What tells the linked rows apart, where their table has a key."""
        table = self.end.table
        return [trees.column(self.end.alias, table.columns[slug].name) for slug in table.primary_key]

    def is_filled(self, name: str | Expression) -> bool:
        """Whether an attribute of the linked row itself always has a value."""
        return self._joins.is_filled(name)

    def condition(self, rule: Rule) -> exp.Expr:
        return compile_condition(rule, self.context.scope(self.end.table.slug, alias=self.end.alias))

    def of_everybody(self, projections: Sequence[exp.Expr], where: Rule | None = None) -> exp.Select:
        """SELECT … for all people at once; the person's key is that of `person`."""
        select = trees.select(projections, relation(self.arrival.table_name, self.person))
        joins = [exp.Join(this=trees.relation(row), on=on) for row, on in self._steps()]
        if not self._starts_at_key():
            joins.insert(0, exp.Join(this=trees.relation(self._own), on=self._own_row()))
        return self._filtered(select, [*joins, *self._joins.joins], where)

    def of_one(self, projections: Sequence[exp.Expr], where: Rule | None = None) -> exp.Select:
        """SELECT … for the one person of the query around it."""
        steps = [(self._own, self._own_row()), *self._steps()]
        if self._starts_at_key():
            del steps[0]
        (first, on), *rest = steps
        select = trees.select(projections, trees.relation(first), on)
        joins = [exp.Join(this=trees.relation(row), on=on) for row, on in rest]
        return self._filtered(select, [*joins, *self._joins.joins], where)

    def exists(self) -> exp.Exists:
        """Whether the person of the query around it has any such row."""
        return exp.Exists(this=self.of_one([exp.Literal.number(1)]))

    def _filtered(self, select: exp.Select, joins: list[exp.Join], where: Rule | None) -> exp.Select:
        select.set("joins", joins)
        return select if where is None else select.where(self.condition(where), copy=False)

    def _steps(self) -> list[tuple[Row, exp.Expr]]:
        """Each linked row with the condition that joins it to the one before."""
        sources = [self._own, *self.rows]
        steps = [
            (row, trees.joined(link, source, row))
            for link, source, row in zip(self.links, sources, self.rows, strict=False)
        ]
        if self._starts_at_key():
            there = self.rows[0].table.columns[self.links[0].on[0][1]].name
            steps[0] = (self.rows[0], exp.EQ(this=trees.column("r1", there), expression=key_of(self.person)))
        return steps

    def _starts_at_key(self) -> bool:
        """Whether the first link starts at the key itself, which the population has without its table."""
        here = [here for here, _there in self.links[0].on]
        return here == [self.context.world.dimensions[self.arrival.dimension].key]

    def _own_row(self) -> exp.Expr:
        key = trees.column(self._own.alias, self.context.key_column(self.arrival.dimension).name)
        return exp.EQ(this=key, expression=key_of(self.person))
