"""Which rows of a table the rows of a population stand for: equal attributes, a rule over both, and what is done where
several are found. In SQL the population is `p` and the table's row `d`.

All the pairs are found at once, so that PostgreSQL hashes the equal values instead of looking row by row.
"""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from campaigns.decisions import Fact
from campaigns.targeting import trees
from campaigns.targeting.compile import compile_condition
from campaigns.targeting.scope import Row
from orchestration.compilation import Arrival, CompileContext, Made, Scratch, key_of, select_from
from orchestration.selection.deciding import FOUND, Decision
from orchestration.selection.joins import Joins, ascending
from orchestration.selection.matches import same
from orchestration.selection.membership import counted, wrapped
from orchestration.selection.profiles import Profiles
from orchestration.selection.sampling import over
from orchestration.working_tables import KEY, relation

NUMBER = "_number"
PAIRS = "pairs"


class Reconciling:
    """The SELECTs of one reconciliation: the pairs are found once, and all else is made from them."""

    def __init__(self, context: CompileContext, came: Arrival) -> None:
        self.context = context
        self.came = came
        self.config = context.config
        self.dimension = context.config.dimension or came.dimension

    def pairs(self) -> Scratch:
        """Every row of the population with every row of the table that it stands for: key and FOUND."""
        profiles = Profiles(self.context, self.came)
        row = Row(self.context.table_of(self.dimension), "d")
        joins = Joins(self.context.scope(row.table.slug, alias=row.alias), row)
        conditions = [*self._equal(profiles, joins), *self._by_rule(profiles, row), *self._asked(profiles)]
        key = trees.column("d", self.context.key_column(self.dimension).name)
        query = profiles.query([key_of(), trees.named(key, FOUND)])
        table = exp.Join(this=trees.relation(row), kind="CROSS")
        query.set("joins", [*(query.args.get("joins") or []), table, *joins.joins])
        return Scratch(query.where(*conditions, trees.known(key.copy()), copy=False), (KEY, FOUND))

    def reached(self, made: Made) -> exp.Select:
        """The table's rows that were found, each with the columns of the first by key that stands for it."""
        names = [column.name for column in self.came.columns.values()]
        found = trees.column("s", FOUND)
        columns = [trees.named(found, KEY), *(trees.column("o", name) for name in names)]
        person = exp.EQ(this=key_of("o"), expression=key_of("s"))
        inner = trees.select(columns, self._chosen(made))
        inner.set("joins", [exp.Join(this=relation(self.came.table_name, "o"), on=person)])
        inner.set("distinct", exp.Distinct(on=exp.Tuple(expressions=[found.copy()])))
        inner.set("order", exp.Order(expressions=[ascending(found.copy()), ascending(key_of("s"))]))
        return wrapped(inner, self.came.columns)

    def unmatched(self, made: Made) -> exp.Select:
        found = trees.exists(self._matching(made), exp.EQ(this=key_of("s"), expression=key_of()))
        return select_from(self.came).where(exp.Not(this=found), copy=False)

    def decide(self, decision: Decision, made: Made) -> None:
        """Put down what kept somebody from being matched: the filter, the values compared, how many rows were found."""
        if self.config.filter:
            decision.rule("/filter", self.config.filter)
        for number, pair in enumerate(self.config.attributes):
            decision.compared(f"/attributes/{number}", pair.source)
        pairs, number_of = relation(made[PAIRS].table_name, "c"), exp.Count(this=exp.Star())
        grouped = trees.select([key_of("c"), trees.named(number_of, FOUND)], pairs)
        decision.looked_up("/several", Fact.MATCHES, grouped.group_by(key_of("c"), copy=False))

    def matched(self, made: Made) -> exp.Select:
        """How many of the population's rows were matched."""
        return trees.select([_distinct(key_of("s"))], self._matching(made))

    def doubled(self, made: Made) -> exp.Select:
        """How often one that was matched stands for a row for which another already does."""
        pairs = exp.Count(this=exp.Star())
        beyond = exp.Sub(this=pairs, expression=_distinct(trees.column("s", FOUND)))
        return trees.select([beyond], self._chosen(made))

    def ambiguous(self, made: Made) -> exp.Select:
        """For how many several rows were found."""
        several = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))
        grouped = trees.select([key_of("c")], relation(made[PAIRS].table_name, "c"))
        grouped = grouped.group_by(key_of("c"), copy=False).having(several, copy=False)
        return counted(grouped)

    def not_asked(self) -> exp.Select:
        """How many the filter left out; they count among the unmatched."""
        profiles = Profiles(self.context, self.came)
        left_out = trees.not_true(profiles.condition(self.config.filter))
        return profiles.query([exp.Count(this=exp.Star())]).where(left_out, copy=False)

    def _matching(self, made: Made) -> exp.Expr:
        """Pairs of exactly those who are matched, as `s`: where one of several is taken, all of them say so."""
        if self.config.several == "none":
            return self._chosen(made)
        return relation(made[PAIRS].table_name, "s")

    def _chosen(self, made: Made) -> exp.Expr:
        """The pairs that count, as `s`."""
        pairs, columns = relation(made[PAIRS].table_name, "c"), [key_of("c"), trees.column("c", FOUND)]
        if self.config.several == "all":
            return relation(made[PAIRS].table_name, "s")
        if self.config.several == "first":
            first = trees.select(columns, pairs)
            first.set("distinct", exp.Distinct(on=exp.Tuple(expressions=[key_of("c")])))
            first.set("order", exp.Order(expressions=[ascending(each.copy()) for each in columns]))
            return first.subquery("s", copy=False)
        number = trees.named(over(exp.Count(this=exp.Star()), partition=[key_of("c")]), NUMBER)
        numbered = trees.select([*columns, number], pairs).subquery("n", copy=False)
        only = exp.EQ(this=trees.column("n", NUMBER), expression=exp.Literal.number(1))
        chosen = [key_of("n"), trees.column("n", FOUND)]
        return trees.select(chosen, numbered, only).subquery("s", copy=False)

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
