"""The one place where a tree becomes text: `render` for psycopg, `pretty` for a reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres
from sqlglot.generators.postgres import PostgresGenerator

from campaigns.targeting.bound import Bound
from campaigns.targeting.semi_joins import settings_for

# PostgreSQL allows no NUL in a statement, so a mark made of it cannot be part of a name or a literal.
_MARK = re.compile("\x00([0-9]+)\x00")


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with `%s` placeholders and the values for them, ready for psycopg's `execute`; and the settings of the planner
    with which it is best executed.
    """

    sql: str
    parameters: tuple[Any, ...]
    planner: Mapping[str, str] = field(default_factory=dict)


class _Fragment(exp.Expression):
    """A part that has its text already."""

    arg_types = {"this": True}


class _Marking(PostgresGenerator):
    """Writes a mark for every bound value and remembers the value."""

    TRANSFORMS = {
        **PostgresGenerator.TRANSFORMS,
        Bound: lambda self, node: self.mark(node),
        _Fragment: lambda self, node: node.args["this"],
    }

    def __init__(self, values: list[Any]) -> None:
        super().__init__(dialect=Postgres(), identify=True, comments=False)
        self._values = values

    def mark(self, node: Bound) -> str:
        self._values.append(node.value)
        return f"\x00{len(self._values) - 1}\x00"


class _Readable(PostgresGenerator):
    """Writes every bound value as a literal, for eyes only."""

    TRANSFORMS = {
        **PostgresGenerator.TRANSFORMS,
        Bound: lambda self, node: self.literal(node.value),
        _Fragment: lambda self, node: node.args["this"],
    }

    def literal(self, value: object) -> str:
        if isinstance(value, bool) or not isinstance(value, str | date):
            return str(value)
        return str(self.sql(exp.Literal.string(str(value))))


def render(expression: exp.Expr) -> Statement:
    """The statement for psycopg: values in `parameters`, literal `%` doubled, PostgreSQL's dialect."""
    values: list[Any] = []
    pieces = _MARK.split(_text(expression, values))
    sql = "%s".join(piece.replace("%", "%%") for piece in pieces[::2])
    if "\x00" in sql:
        raise ValueError("a name holds a NUL character")
    parameters = tuple(values[int(number)] for number in pieces[1::2])
    return Statement(sql, parameters, settings_for(expression))


def _text(expression: exp.Expr, values: list[Any]) -> str:
    return _in_pieces(expression, _Marking(values))


def _in_pieces(expression: exp.Expr, generator: PostgresGenerator) -> str:
    """Subqueries are written first, innermost first, so that depth costs no recursion."""
    tree = expression.copy()
    nested = [node for node in tree.bfs() if isinstance(node, exp.Select | exp.Paren) and node is not tree]
    for node in reversed(nested):
        node.replace(_Fragment(this=generator.generate(node, copy=False)))
    return generator.generate(tree, copy=False)


def pretty(expression: exp.Expr) -> str:
    """The statement as a person reads it, values in place; for showing, never for executing."""
    try:
        return _Readable(dialect=Postgres(), pretty=True, identify=False, comments=False).generate(expression)
    except RecursionError:
        # Nobody reads what is nested so deeply; all of it in one line is better than none of it.
        return _in_pieces(expression, _Readable(dialect=Postgres(), identify=False, comments=False))
