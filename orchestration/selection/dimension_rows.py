"""The rows of a dimension's table as a population to be: those that have a key, once each."""

from __future__ import annotations

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.compile import compile_condition
from campaigns.targeting.rules import Rule
from campaigns.targeting.scope import Row
from orchestration.compilation import CompileContext
from orchestration.working_tables import KEY

ROW = "t"


class DimensionRows:
    """SELECTs of keys from the table of a dimension, under the alias `t`."""

    def __init__(self, context: CompileContext, dimension: str) -> None:
        self.context = context
        self.row = Row(context.table_of(dimension), ROW)
        self._key = context.key_column(dimension)

    def key(self) -> exp.Column:
        return trees.column(self.row.alias, self._key.name)

    def condition(self, rule: Rule) -> exp.Expr:
        return compile_condition(rule, self.context.scope(self.row.table.slug, alias=self.row.alias))

    def select(self, *conditions: exp.Expr) -> exp.Select:
        known = [trees.known(self.key())] if self._key.nullable else []
        query = trees.select([trees.named(self.key(), KEY)], trees.relation(self.row))
        every = [*known, *conditions]
        return query.where(*every, copy=False) if every else query
