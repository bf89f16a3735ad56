"""The rows of a table, or of another population, whose attributes equal those of people; asked like linked rows.

In SQL the people are `o`, the rows joined to them `r1`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.attributes import Subject
from campaigns.targeting.compile import compile_condition
from campaigns.targeting.operands import Expression
from campaigns.targeting.rules import Rule
from campaigns.targeting.scope import Row
from orchestration.compilation import Arrival, CompileContext, key_of
from orchestration.selection.additions import AddedJoin
from orchestration.selection.joins import Joins
from orchestration.selection.matches import same
from orchestration.selection.profiles import Profiles


class TableRows:
    """One query under way over a table."""

    def __init__(self, context: CompileContext, table: str, ours: Profiles) -> None:
        self.context = context
        self.ours = ours
        self.row = Row(context.world.catalogue.tables[table], "r1")
        self._joins = Joins(context.scope(table, alias=self.row.alias), self.row)

    def value(self, name: str | Expression) -> Subject:
        return self._joins.value(name)

    def condition(self, rule: Rule) -> exp.Expr:
        """The table carries no columns of its own, so @ means those of the people."""
        scope = self.context.scope(self.row.table.slug, alias="r1", columns=self.ours.row.columns)
        return compile_condition(rule, scope)

    def keys(self) -> list[exp.Expr]:
        table = self.row.table
        return [trees.column("r1", table.columns[slug].name) for slug in table.primary_key]

    def query(self, projections: list[exp.Expr]) -> exp.Select:
        select = trees.select(projections, trees.relation(self.row))
        select.set("joins", self._joins.joins)
        return select


class PopulationRows(Profiles):
    """The same over a population."""

    def keys(self) -> list[exp.Expr]:
        return [key_of(self.alias)]


class JoinedRows:
    """Ask for values first, then for the SELECT that joins what they need."""

    def __init__(self, context: CompileContext, came: Arrival, addition: AddedJoin) -> None:
        self._pairs = addition.attributes
        self._ours = Profiles(context, came, "o")
        self._theirs: TableRows | PopulationRows = (
            TableRows(context, addition.table, self._ours)
            if addition.table
            else PopulationRows(context, context.population(addition.arrow), "r1")
        )

    def value(self, name: str | Expression) -> Subject:
        return self._theirs.value(name)

    def keys(self) -> list[exp.Expr]:
        return self._theirs.keys()

    def is_filled(self, name: str | Expression) -> bool:
        return False

    def of_everybody(self, projections: Sequence[exp.Expr], where: Rule | None = None) -> exp.Select:
        """SELECT … for all people at once, so that PostgreSQL hashes the equal values."""
        conditions = [
            same(self._theirs.value(pair.destination), self._ours.value(pair.source)) for pair in self._pairs
        ]
        if where is not None:
            conditions.append(self._theirs.condition(where))
        select, people = self._theirs.query(list(projections)), self._ours.query([])
        crossed = exp.Join(this=people.args["from_"].this, kind="CROSS")
        joins = [*(select.args.get("joins") or []), crossed, *(people.args.get("joins") or [])]
        select.set("joins", joins)
        return select.where(*conditions, copy=False)
