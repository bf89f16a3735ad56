"""Values inside an SQL tree: a node that carries one until `render` binds it, never text."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlglot import exp

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


class Bound(exp.Expression):
    """A value that goes to PostgreSQL beside the SQL."""

    arg_types = {"this": True}

    @property
    def value(self) -> Any:
        return self.args["this"]


def bound(value: object) -> exp.Cast:
    """The value as a typed parameter; the cast keeps its type certain wherever it stands."""
    return exp.Cast(this=Bound(this=value), to=data_type(_sql_type(value)))


def data_type(name: str) -> exp.DataType:
    return _parsed(name).copy()


@cache
def _parsed(name: str) -> exp.DataType:
    return exp.DataType.build(name, dialect="postgres")


def _sql_type(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return "bigint" if _SMALLEST <= value <= _LARGEST else "numeric"
    if isinstance(value, datetime):
        return "timestamptz" if value.tzinfo else "timestamp"
    return _SQL_TYPES[type(value)]


_SQL_TYPES: dict[type, str] = {
    str: "text",
    bool: "boolean",
    Decimal: "numeric",
    float: "double precision",
    date: "date",
    UUID: "uuid",
}
