"""The SQL of an enrichment: one query over the population `p` that every addition joins something to."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from campaigns.targeting import trees
from orchestration.compilation import Arrival, CompileContext, carry, key_of
from orchestration.selection.additions import (
    ZERO_WHEN_NOTHING,
    AddedAttribute,
    AddedFigure,
    AddedJoin,
    AddedRows,
    AddedSet,
    Addition,
)
from orchestration.selection.figures import figures_by_person
from orchestration.selection.joins import storable
from orchestration.selection.profiles import Profiles
from orchestration.selection.row_collections import collected, collection_join
from orchestration.working_tables import relation


class Enriching:
    """Gathers the projections and joins of all additions, then gives the one SELECT."""

    def __init__(self, context: CompileContext, came: Arrival) -> None:
        self.context = context
        self.came = came
        self._profiles = Profiles(context, came)
        self._joins: list[exp.Join] = []

    def select(self, additions: Sequence[Addition]) -> exp.Select:
        added = [each for addition in additions for each in self._added(addition)]
        query = self._profiles.query([*carry(self.came), *added])
        query.set("joins", [*(query.args.get("joins") or []), *self._joins])
        return query

    def _added(self, addition: Addition) -> list[exp.Expr]:
        match addition:
            case AddedAttribute():
                return [trees.named(storable(self._profiles.value(addition.attribute)), addition.name)]
            case AddedFigure():
                return self._figure(addition)
            case AddedRows() | AddedJoin():
                self._joins.append(collection_join(self.context, self.came, addition, self._alias()))
                return collected(addition, f"g{len(self._joins)}")
            case AddedSet():
                return self._set(addition)

    def _figure(self, addition: AddedFigure) -> list[exp.Expr]:
        alias = self._alias()
        rows = figures_by_person(self.context, self.came, addition).subquery(trees.name(alias), copy=False)
        self._joins.append(exp.Join(this=rows, side="LEFT", on=_same_person(alias)))
        value: exp.Expr = trees.column(alias, addition.name)
        if addition.function in ZERO_WHEN_NOTHING:
            value = exp.Coalesce(this=value, expressions=[exp.Literal.number(0)])
        return [trees.named(value, addition.name)]

    def _set(self, addition: AddedSet) -> list[exp.Expr]:
        other, alias = self.context.population(addition.arrow), self._alias()
        self._joins.append(
            exp.Join(this=relation(other.table_name, alias), side="LEFT", on=_same_person(alias))
        )
        brought = [
            trees.named(trees.column(alias, other.columns[each.column].name), each.name)
            for each in addition.columns
        ]
        flag = [trees.named(trees.known(key_of(alias)), addition.flag)] if addition.flag else []
        return [*brought, *flag]

    def _alias(self) -> str:
        return f"g{len(self._joins) + 1}"


def _same_person(alias: str) -> exp.EQ:
    return exp.EQ(this=key_of(alias), expression=key_of())
