"""Which rows of a table the rows of a population stand for: equal attributes, a rule over both, and what is done where
several are found. In SQL the population is `p` and the table's row `d`.

All the pairs are found at once, so that PostgreSQL hashes the equal values instead of looking row by row.
"""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.compile import compile_condition
from campaigns.targeting.scope import Row
from orchestration.compilation import Arrival, CompileContext, carry, key_of, select_from
from orchestration.selection.joins import Joins, ascending
from orchestration.selection.matches import same
from orchestration.selection.profiles import Profiles
from orchestration.selection.sampling import PLACE, over, row_number
from orchestration.working_tables import KEY

FOUND = "_found"
NUMBER = "_number"


class Reconciling:
    """The SELECTs of one reconciliation; each is made of pairs of a population's row and a table's row."""

    def __init__(self, context: CompileContext, came: Arrival) -> None:
        self.context = context
        self.came = came
        self.config = context.config
        self.dimension = context.config.dimension or came.dimension

    def reached(self) -> exp.Select:
        """The table's rows that were found, each with the columns of the first by key that stands for it."""
        names = [column.name for column in self.came.columns.values()]
        found = trees.column("s", FOUND)
        columns = [trees.named(found, KEY), *(trees.column("s", name) for name in names)]
        inner = trees.select(columns, self._chosen("s"))
        inner.set("distinct", exp.Distinct(on=exp.Tuple(expressions=[found.copy()])))
        inner.set("order", exp.Order(expressions=[ascending(found.copy()), ascending(key_of("s"))]))
        return trees.select(
            [trees.column("p", name) for name in (KEY, *names)], inner.subquery("p", copy=False)
        )

    def unmatched(self) -> exp.Select:
        same = exp.EQ(this=key_of("s"), expression=key_of())
        found = trees.exists(self._chosen("s"), same)
        return select_from(self.came).where(exp.Not(this=found), copy=False)

    def matched(self) -> exp.Select:
        """How many of the population's rows were matched."""
        return trees.select([_distinct(key_of("s"))], self._chosen("s"))

    def doubled(self) -> exp.Select:
        """How often one that was matched stands for a row for which another already does."""
        pairs = exp.Count(this=exp.Star())
        beyond = exp.Sub(this=pairs, expression=_distinct(trees.column("s", FOUND)))
        return trees.select([beyond], self._chosen("s"))

    def ambiguous(self) -> exp.Select:
        """For how many several rows were found."""
        several = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))
        grouped = self._pairs().group_by(key_of(), copy=False).having(several, copy=False)
        grouped.set("expressions", [key_of()])
        return trees.select([exp.Count(this=exp.Star())], grouped.subquery("g", copy=False))

    def not_asked(self) -> exp.Select:
        """How many the filter left out; they count among the unmatched."""
        profiles = Profiles(self.context, self.came)
        left_out = trees.not_true(profiles.condition(self.config.filter))
        return profiles.query([exp.Count(this=exp.Star())]).where(left_out, copy=False)

    def _chosen(self, alias: str) -> exp.Subquery:
        """Key, columns and FOUND of the pairs that count."""
        match self.config.several:
            case "all":
                return self._pairs().subquery(alias, copy=False)
            case "first":
                key = self.context.key_column(self.dimension).name
                mark = row_number(order=[ascending(trees.column("d", key))], partition=[key_of()])
                pairs = self._pairs(trees.named(mark, PLACE))
                only = exp.EQ(this=trees.column("c", PLACE), expression=exp.Literal.number(1))
            case _:
                mark = over(exp.Count(this=exp.Star()), partition=[key_of()])
                pairs = self._pairs(trees.named(mark, NUMBER))
                only = exp.EQ(this=trees.column("c", NUMBER), expression=exp.Literal.number(1))
        names = [KEY, *(column.name for column in self.came.columns.values()), FOUND]
        columns = [trees.column("c", name) for name in names]
        return trees.select(columns, pairs.subquery("c", copy=False), only).subquery(alias, copy=False)

    def _pairs(self, *marks: exp.Expr) -> exp.Select:
        profiles = Profiles(self.context, self.came)
        row = Row(self.context.table_of(self.dimension), "d")
        joins = Joins(self.context.world.catalogue, row)
        conditions = [*self._equal(profiles, joins), *self._by_rule(profiles, row), *self._asked(profiles)]
        key = trees.column("d", self.context.key_column(self.dimension).name)
        query = profiles.query([*carry(self.came), trees.named(key, FOUND), *marks])
        table = exp.Join(this=trees.relation(row), kind="CROSS")
        query.set("joins", [*(query.args.get("joins") or []), table, *joins.joins])
        return query.where(*conditions, trees.known(key.copy()), copy=False)

    def _equal(self, profiles: Profiles, joins: Joins) -> list[exp.Expr]:
        fold = self.config.ignore_case
        return [
            same(joins.value(pair.destination), profiles.value(pair.source), fold=fold)
            for pair in self.config.attributes
        ]

    def _by_rule(self, profiles: Profiles, row: Row) -> list[exp.Expr]:
        if self.config.rule is None:
            return []
        scope = self.context.scope(row.table.slug, alias=row.alias, columns=profiles.row.columns)
        return [compile_condition(self.config.rule, scope)]

    def _asked(self, profiles: Profiles) -> list[exp.Expr]:
        return [profiles.condition(self.config.filter)] if self.config.filter else []


def _distinct(expression: exp.Expr) -> exp.Count:
    return exp.Count(this=exp.Distinct(expressions=[expression]))


def speaks_of_population(rule: Any) -> bool:
    """Whether a rule as data names a column of the population anywhere."""
    if isinstance(rule, dict):
        return any(map(speaks_of_population, rule.values()))
    if isinstance(rule, list | tuple):
        return any(map(speaks_of_population, rule))
    return isinstance(rule, str) and rule.startswith("@")
