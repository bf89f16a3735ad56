"""Scratch tables: rows on their way from a file into a working table. They end with the transaction that made them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from psycopg import sql

from campaigns.managed_tables import DATABASE_TYPE
from campaigns.targeting.schema import FieldType

SET_ZONE = "SELECT set_config('timezone', %s, true)"


def create_scratch_table(name: str, columns: Sequence[tuple[str, FieldType]]) -> None:
    listed = [
        sql.SQL("{} {}").format(sql.Identifier(column), DATABASE_TYPE[kind]) for column, kind in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMP TABLE {} ({}) ON COMMIT DROP").format(
                sql.Identifier(name), sql.SQL(", ").join(listed)
            )
        )


def copy_rows(name: str, text: str, *, zone: str) -> None:
    """Add rows of CSV, where an empty unquoted cell is NULL; dates and times without an offset are meant in `zone`."""
    with connection.cursor() as cursor:
        cursor.execute(SET_ZONE, [zone])
        with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(sql.Identifier(name))) as copy:
            copy.write(text)
        # Whatever else reads times in this transaction takes them to be in the connection's own zone.
        cursor.execute(SET_ZONE, [connection.timezone_name])
