"""Working tables: the only module that issues DDL for them.

A population is one table in schema `work`: the key under the name `key` in its native type, then the columns that were
added to it. Rows are written ordered by key, the primary key is added afterwards, and the planner is told: this is the
cheapest order of steps. Tables are LOGGED, since a send depends on them, unless they are for a question that is rolled back.
A large table that others are made from is vacuumed once it is committed, so that its keys are read from the index alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql
from sqlglot import exp

from campaigns.planner import planned
from campaigns.targeting.render import Statement, render

SCHEMA = "work"
KEY = "key"
DECIDED = "_decided"
"""What decided about each person, as texts that the population's layout explains. No column that an author adds can be
called so, and none of the population's columns ever is."""

MERGING = {"enable_hashjoin": "off", "enable_hashagg": "off", "max_parallel_workers_per_gather": "0"}
"""The planner's settings for statements that bring working tables together by their keys and read nothing else. All lie in
the order of their keys: to merge two of a million rows costs a quarter of the processor time that hashing them does."""

DOCUMENT = psycopg.adapters.types["jsonb"].oid
KEY_STATISTICS = 30

KEY_TYPE = """
SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attname = %s AND attrelid = %s::regclass
"""
ORPHANS = """
SELECT tablename FROM pg_tables
 WHERE schemaname = %s
   AND NOT EXISTS (SELECT FROM orchestration_population WHERE table_name = tablename AND dropped_at IS NULL)
   AND NOT EXISTS (SELECT FROM orchestration_delivery WHERE values_table = tablename)
   AND NOT EXISTS (SELECT FROM orchestration_querymarker WHERE returned_table = tablename)
 LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Created:
    """A working table that was just made: its row count comes from the command tag."""

    name: str
    row_count: int
    statement: Statement


def table_name(*parts: int | str) -> str:
    """A name for a working table, such as `r12_a40_e1_p0`; parts are ours, never an author's."""
    return "_".join(str(part) for part in parts)


def relation(name: str, alias: str = "p") -> exp.Table:
    """The working table as a relation of a query."""
    return exp.Table(
        this=exp.to_identifier(name, quoted=True),
        db=exp.to_identifier(SCHEMA, quoted=True),
        alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)),
    )


def create_working_table(
    name: str, select: exp.Select, *, key: Sequence[str] = (KEY,), lasts: bool = True
) -> Created:
    """Materialise `select`, which must yield unique `key` columns, ordered by key. Runs in the caller's transaction."""
    ordered = select.copy().order_by(*(exp.column(k, quoted=True) for k in key))
    create = exp.Create(
        this=exp.Table(this=exp.to_identifier(name, quoted=True), db=exp.to_identifier(SCHEMA, quoted=True)),
        kind="TABLE",
        expression=ordered,
        properties=None if lasts else exp.Properties(expressions=[exp.UnloggedProperty()]),
    )
    statement = render(create)
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.parameters)
        row_count = cursor.rowcount
        _add_key(cursor, name, key)
    return Created(name, row_count, statement)


def create_passing_table(name: str, select: exp.Select) -> tuple[str, str]:
    """Materialise `select` for the rest of this transaction; answers schema and name of what it can be read as."""
    statement = render(select)
    table = sql.Identifier(name)
    create = sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS {}").format(table, sql.SQL(statement.sql))
    with connection.cursor() as cursor:
        cursor.execute(create, statement.parameters)
        cursor.execute(sql.SQL("ANALYZE {}").format(table))
    return "pg_temp", name


def add_rows(name: str, select: exp.Select) -> int:
    """Add what `select` yields, in the order of the table's columns, to a working table; answers how many rows."""
    target = exp.Table(this=exp.to_identifier(name, quoted=True), db=exp.to_identifier(SCHEMA, quoted=True))
    statement = render(exp.Insert(this=target, expression=select))
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.parameters)
        return int(cursor.rowcount)


def _add_key(cursor: CursorWrapper, name: str, key: Sequence[str]) -> None:
    table = sql.Identifier(SCHEMA, name)
    columns = sql.SQL(", ").join(map(sql.Identifier, key))
    cursor.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(table, columns))
    _tell_planner(cursor, table, key)


def _tell_planner(cursor: CursorWrapper, table: sql.Identifier, key: Sequence[str]) -> None:
    """Statistics of what queries compare: documents are not compared as a whole and cost more to sample than all the
    rest, and of keys alone a smaller sample says enough.
    """
    cursor.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(table))
    kept = [c.name for c in cursor.description if c.type_code != DOCUMENT and c.name != DECIDED]
    # The sample has 300 rows for each of the target.
    target = {"default_statistics_target": str(KEY_STATISTICS)} if len(kept) == len(key) else {}
    with planned(target):
        columns = sql.SQL(", ").join(map(sql.Identifier, kept))
        cursor.execute(sql.SQL("ANALYZE {} ({})").format(table, columns))


def mark_visible(name: str) -> None:
    """Write the visibility map of a table that is committed: 13 ms for 300,000 rows, and half of the time of whatever
    merges them afterwards by their keys. Autovacuum would do it within a minute. Not inside of a transaction, where
    PostgreSQL refuses it.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("VACUUM (SKIP_LOCKED) {}").format(sql.Identifier(SCHEMA, name)))


def drop_working_table(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(SCHEMA, name)))


def ensure_schema() -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))


def count_rows(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(SCHEMA, name)))
        return int(cursor.fetchone()[0])


def key_type(name: str) -> str:
    """How PostgreSQL names the type of a working table's key, such as `bigint`."""
    with connection.cursor() as cursor:
        cursor.execute(KEY_TYPE, [KEY, sql.Identifier(SCHEMA, name).as_string(None)])
        return str(cursor.fetchone()[0])


def orphans(limit: int) -> list[str]:
    """Working tables that no row names. Creation and record are one transaction, so nobody is about to use them."""
    with connection.cursor() as cursor:
        cursor.execute(ORPHANS, [SCHEMA, limit])
        return [row[0] for row in cursor.fetchall()]
