"""The tables that hold the members of audiences, in the schema `audience`; the only module with DDL for them.

Each is written once, ordered by key, its key added afterwards and the planner told; later ones are only appended to or
taken from. Overwriting makes another table, so that whoever reads the old one goes on reading it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from psycopg import sql
from sqlglot import exp

from campaigns.introspection import AUDIENCE_SCHEMA
from campaigns.targeting import trees
from campaigns.targeting.memberships import MEMBER_KEY
from campaigns.targeting.render import render

KEY, ADDED_AT = MEMBER_KEY, "added_at"
RESERVED = frozenset({KEY, ADDED_AT})
"""Names that no column a member carries may have."""

_ORPHANS = """
SELECT tablename FROM pg_tables
 WHERE schemaname = %s
   AND NOT EXISTS (SELECT FROM campaigns_audience WHERE table_name = tablename)
   AND NOT EXISTS (SELECT FROM campaigns_audiencechange WHERE table_name = tablename AND dropped_at IS NULL)
 ORDER BY tablename
 LIMIT %s
"""


def member_relation(name: str, alias: str = "m") -> exp.Table:
    """The table as a relation of a query."""
    named = exp.TableAlias(this=trees.name(alias))
    return exp.Table(this=trees.name(name), db=trees.name(AUDIENCE_SCHEMA), alias=named)


def create_member_table(name: str, select: exp.Select, columns: Sequence[str]) -> int:
    """Make the table of what `select` yields, `key` (each once) and `columns`; the number of rows."""
    source = _dated(select, columns).order_by(trees.column("s", KEY), copy=False)
    table = exp.Table(this=trees.name(name), db=trees.name(AUDIENCE_SCHEMA))
    count = _execute(exp.Create(this=table, kind="TABLE", expression=source))
    table_sql = _identifier(name)
    _run(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(table_sql, sql.Identifier(KEY)))
    _run(sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL").format(table_sql, sql.Identifier(ADDED_AT)))
    analyze(name)
    return count


def append_members(name: str, select: exp.Select, columns: Sequence[str]) -> int:
    """Add whom `select` yields and who is not there yet; how many were added. Those there stay as they are."""
    source = _dated(select, columns).order_by(trees.column("s", KEY), copy=False)
    table = exp.Table(this=trees.name(name), db=trees.name(AUDIENCE_SCHEMA))
    named = [trees.name(each) for each in (KEY, ADDED_AT, *columns)]
    conflict = exp.OnConflict(conflict_keys=[trees.name(KEY)], action=exp.var("DO NOTHING"))
    insert = exp.Insert(this=exp.Schema(this=table, expressions=named), expression=source, conflict=conflict)
    count = _execute(insert)
    analyze(name)
    return count


def remove_members(name: str, keys: Sequence[str]) -> int:
    """Take out the members whose keys, written as text, are listed; how many were there."""
    statement = sql.SQL("DELETE FROM {} WHERE {}::text = ANY(%s)")
    return _run(statement.format(_identifier(name), sql.Identifier(KEY)), [list(keys)])


def analyze(name: str) -> None:
    _run(sql.SQL("ANALYZE {}").format(_identifier(name)))


def ensure_schema() -> None:
    _run(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(AUDIENCE_SCHEMA)))


def drop_member_table(name: str, *, wait: str = "5s") -> None:
    """Raises OperationalError where somebody reads it for longer than `wait`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [wait])
    _run(sql.SQL("DROP TABLE IF EXISTS {}").format(_identifier(name)))


def orphan_tables(limit: int) -> list[str]:
    """Tables that no audience and no change names: those of audiences that were deleted."""
    with connection.cursor() as cursor:
        cursor.execute(_ORPHANS, [AUDIENCE_SCHEMA, limit])
        return [row[0] for row in cursor.fetchall()]


def _dated(select: exp.Select, columns: Iterable[str]) -> exp.Select:
    """Key, the time, and the columns of a SELECT."""
    made = [
        trees.column("s", KEY),
        trees.named(trees.call("STATEMENT_TIMESTAMP"), ADDED_AT),
        *(trees.column("s", each) for each in columns),
    ]
    alias = exp.TableAlias(this=trees.name("s"))
    return trees.select(made, exp.Subquery(this=select, alias=alias))


def _identifier(name: str) -> sql.Identifier:
    return sql.Identifier(AUDIENCE_SCHEMA, name)


def _execute(tree: exp.Expr) -> int:
    statement = render(tree)
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.parameters)
        return int(cursor.rowcount)


def _run(statement: sql.Composed, parameters: Sequence[Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
