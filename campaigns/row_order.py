"""Whether a table's rows lie in the order of one of its columns, by what the last ANALYZE found."""

from __future__ import annotations

from django.db import connection

IN_ORDER = 0.99
"""From this correlation of rows and values on, hardly a page is read twice when they are read in order."""


def lie_in_order(schema: str, table: str, column: str) -> bool | None:
    """None where nothing is known: the table was never analysed, or it has no rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT correlation FROM pg_stats WHERE schemaname = %s AND tablename = %s AND attname = %s",
            [schema, table, column],
        )
        found = cursor.fetchone()
    return None if found is None or found[0] is None else bool(found[0] >= IN_ORDER)
