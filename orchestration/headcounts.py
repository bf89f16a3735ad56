"""How many people of some working tables are in none of others, by their keys alone: what proves that nobody was lost, and
tells two runs apart.

To merge a million keys is one long walk, which PostgreSQL does not share out by itself. So large tables are counted in two
halves at once; where these meet does not matter to the sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg import sql

from campaigns.planner import planned
from orchestration.working_tables import KEY, MERGING, SCHEMA

LARGE = 100_000
"""Keys from which two processes are faster than one, which take some ten milliseconds to begin, and a vacuum pays."""

SHARED = {**MERGING, "max_parallel_workers_per_gather": "1"}

_KEY = sql.Identifier(KEY)
# Rows lie in the order of the key: the first of the middle page has about the middle key, and as a text every type of key
# can be given back.
_MIDDLE = """
SELECT {key}::text FROM {table}
 WHERE ctid = (SELECT format('(%%s,1)', relpages / 2)::tid FROM pg_class WHERE oid = %(name)s::regclass)
"""
_BESIDES = "SELECT FROM ({tables}) AS t WHERE {others}"
_NOT_AMONG = "NOT EXISTS (SELECT FROM ({keys}) AS o WHERE o.{key} = t.{key})"


def people_besides(tables: Mapping[str, int], others: Sequence[str]) -> int:
    """How many different keys the tables, each with its number of rows, have that none of the others has."""
    largest = max(tables, key=tables.__getitem__)
    middle = _middle_of(largest) if tables[largest] >= LARGE else None
    parts = [sql.SQL("TRUE")] if middle is None else [_half("<"), _half(">=")]
    rows = sql.SQL(" UNION ALL ").join(_besides(tables, others, part) for part in parts)
    with planned(MERGING if middle is None else SHARED):
        return int(_first(sql.SQL("SELECT count(*) FROM ({}) AS p").format(rows), middle=middle))


def _middle_of(table: str) -> str | None:
    """None where there is no such row."""
    named = sql.Identifier(SCHEMA, table)
    middle: str | None = _first(sql.SQL(_MIDDLE).format(key=_KEY, table=named), name=named.as_string(None))
    return middle


def _half(sign: str) -> sql.Composed:
    return sql.SQL("{} {} %(middle)s").format(_KEY, sql.SQL(sign))


def _besides(tables: Mapping[str, int], others: Sequence[str], part: sql.Composable) -> sql.Composed:
    ours = sql.SQL(" UNION ").join(_keys(name, part) for name in tables)
    return sql.SQL(_BESIDES).format(
        tables=ours, others=_not_among(others, part) if others else sql.SQL("TRUE")
    )


def _not_among(others: Sequence[str], part: sql.Composable) -> sql.Composed:
    keys = sql.SQL(" UNION ALL ").join(_keys(name, part) for name in others)
    return sql.SQL(_NOT_AMONG).format(keys=keys, key=_KEY)


def _keys(table: str, part: sql.Composable) -> sql.Composed:
    return sql.SQL("SELECT {} FROM {} WHERE {}").format(_KEY, sql.Identifier(SCHEMA, table), part)


def _first(query: sql.Composable, **values: str | None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
    return row[0] if row else None
