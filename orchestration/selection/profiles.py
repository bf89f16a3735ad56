"""Queries over a population and what the catalogue knows of its people.

In SQL a population is `p` by default and its dimension's table `p_t`. People whose row is gone stay, with empty
attributes; a rule that asks anything of their row never holds for them. One that asks for columns of the population
alone is decided by these, and the table is not joined. Lines of a file have no table at all: their one attribute is
the key that the population has itself.
"""

from __future__ import annotations

from sqlglot import exp

from campaigns.file_lines import FILE
from campaigns.targeting import trees
from campaigns.targeting.attributes import POPULATION_MARK, Subject
from campaigns.targeting.compile import compile_condition
from campaigns.targeting.expressions.attribute import Wanted
from campaigns.targeting.rules import JsonAttribute, Rule
from campaigns.targeting.scope import Row
from orchestration.compilation import Arrival, CompileContext, added_columns, carry, key_of
from orchestration.selection.joins import Joins
from orchestration.working_tables import relation


class Profiles:
    """One query under way: ask for values and conditions first, then for the SELECT that joins what they need."""

    def __init__(self, context: CompileContext, arrival: Arrival, alias: str = "p", own: str = "") -> None:
        """`own` is the alias of the people's rows, where another than usual is wanted."""
        self.context = context
        self.arrival = arrival
        self.alias = alias
        added = added_columns(arrival, alias)
        columns = {slug: (column, added[slug]) for slug, column in arrival.columns.items()}
        own = own or (alias if arrival.dimension == FILE else f"{alias}_t")
        self.row = Row(context.table_of(arrival.dimension), own, columns)
        self.scope = context.scope(self.row.table.slug, alias=self.row.alias, columns=self.row.columns)
        self._joins = Joins(self.scope, self.row)
        self._needs_row = False

    def value(self, name: Wanted) -> Subject:
        """An attribute, with @ a column of the population, or what an expression gives, for each person."""
        named = name.name if isinstance(name, JsonAttribute) else name
        is_carried = isinstance(named, str) and named.startswith(POPULATION_MARK)
        self._needs_row = self._needs_row or not is_carried
        return self._joins.value(name)

    def is_found(self) -> exp.Expr:
        """Whether the person's row is there; from here on the query joins it."""
        self._needs_row = True
        return trees.known(self.key())

    def key(self) -> exp.Column:
        """The key in the person's row."""
        return trees.column(self.row.alias, self.context.key_column(self.arrival.dimension).name)

    @property
    def joins(self) -> list[exp.Join]:
        """What is joined to the person's row for the values asked so far."""
        return self._joins.joins

    @property
    def needs_row(self) -> bool:
        """Whether anything asked so far is in the person's row."""
        return self._needs_row

    @property
    def joins_row(self) -> bool:
        """Whether the query joins the person's row, which lines of a file do not have."""
        return self._needs_row and self.row.alias != self.alias

    def label(self, name: str) -> str:
        """What people call an attribute."""
        return str(self._joins.label(name))

    def condition(self, rule: Rule) -> exp.Expr:
        holds = compile_condition(rule, self.scope)
        if not self._speaks_of_row(holds):
            return holds
        return trees.every([self.is_found(), holds])

    def select(self, *further: exp.Expr) -> exp.Select:
        """SELECT key, the columns carried and the further projections, one row a person."""
        return self.query([*carry(self.arrival, self.alias), *further])

    def query(self, projections: list[exp.Expr]) -> exp.Select:
        select = trees.select(projections, relation(self.arrival.table_name, self.alias))
        if self.joins_row:
            on = exp.EQ(this=self.key(), expression=key_of(self.alias))
            own = exp.Join(this=trees.relation(self.row), side="LEFT", on=on)
            select.set("joins", [own, *self._joins.joins])
        return select

    def _speaks_of_row(self, condition: exp.Expr) -> bool:
        return any(column.table == self.row.alias for column in condition.find_all(exp.Column))
