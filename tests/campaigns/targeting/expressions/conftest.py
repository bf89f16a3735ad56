"""Expressions asked of PostgreSQL and of the oracle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.expressions.attribute import attribute_of
from campaigns.targeting.operands import Expression
from campaigns.targeting.problems import RuleError, RuleProblem
from campaigns.targeting.render import Statement, render
from campaigns.targeting.scope import Compilation
from tests.campaigns.targeting.conftest import Company
from tests.oracle.expressions import Expressions

Values = dict[tuple[Any, ...], Any]
Share = tuple[int, int]
"""A divisor and a rest: the rows whose last column of the key leaves it."""
EVERY: Share = (1, 0)


@dataclass
class Calculator:
    """Values of expressions for every row, by key."""

    company: Company
    oracle: Expressions

    def statement(
        self, texts: Sequence[str], table: str = "person", share: Share = EVERY
    ) -> tuple[Statement, list[str]]:
        query, types = self.query(texts, table, share)
        return render(query), types

    def query(
        self, texts: Sequence[str], table: str = "person", share: Share = EVERY
    ) -> tuple[exp.Select, list[str]]:
        """One SELECT of the key and all values, and the values' types."""
        state = Compilation.of(self.company.scope(table))
        row = state.root()
        found = [attribute_of(state, row, Expression(expression=text), "") for text in texts]
        keys = [trees.column(row.alias, name) for name in self.company.tables[table].key]
        values = [trees.named(each.of(row).sql, f"c{number}") for number, each in enumerate(found)]
        query = trees.select([*keys, *values], trees.relation(row), _rest(keys[-1], share))
        return query, [each.type.value for each in found]

    def values(self, texts: Sequence[str], table: str = "person", share: Share = EVERY) -> list[Values]:
        """For each expression its values by key, as the oracle writes them."""
        statement, _types = self.statement(texts, table, share)
        return self._read(statement, table, len(texts))

    def both(self, text: str, table: str, share: Share = EVERY) -> tuple[Values, Values]:
        """What PostgreSQL gives and what the oracle expects."""
        statement, (kind,) = self.statement([text], table, share)
        return self._read(statement, table, 1)[0], self.expected(text, table, kind, share)

    def _read(self, statement: Statement, table: str, number: int) -> list[Values]:
        rows = self.company.database.execute(statement.sql, statement.parameters).fetchall()  # type: ignore[arg-type]
        width = len(self.company.tables[table].key)
        return [{row[:width]: plain(row[width + at]) for row in rows} for at in range(number)]

    def expected(self, text: str, table: str, kind: str, share: Share = EVERY) -> Values:
        key, (divisor, rest) = self.company.tables[table].key, share
        return {
            tuple(row[field] for field in key): _as_stored(self.oracle.value(text, table, row, kind), kind)
            for row in self.company.tables[table].rows
            if row[key[-1]] % divisor == rest
        }

    def of(self, text: str, key: int = 1) -> Any:
        """The value for one person."""
        return self.values([text])[0][(key,)]

    def problem(self, text: str, table: str = "person") -> RuleProblem | None:
        try:
            self.statement([text], table)
        except RuleError as error:
            return error.problems[0]
        return None


def _rest(key: exp.Expr, share: Share) -> exp.Expr:
    divisor, rest = (exp.Literal.number(each) for each in share)
    return exp.EQ(this=trees.call("MOD", key.copy(), divisor), expression=rest)


def plain(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_stored(value: Any, kind: str) -> Any:
    if kind == "float" and value is not None:
        return float(value)
    return value


def same(one: Any, other: Any) -> bool:
    return (type(one) is type(other) and bool(one == other)) or _same_moment(one, other)


def _same_moment(one: Any, other: Any) -> bool:
    return isinstance(one, datetime) and isinstance(other, datetime) and one == other


@pytest.fixture(scope="session")
def calculator(company: Company) -> Calculator:
    return Calculator(company, Expressions(company.oracle))
