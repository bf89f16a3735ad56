"""What indexes the company's tables have, where the best form of a statement depends on it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

LEADS_AN_INDEX = """
SELECT EXISTS (
    SELECT FROM pg_index AS i
      JOIN pg_class AS c ON c.oid = i.indrelid
      JOIN pg_namespace AS n ON n.oid = c.relnamespace
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
     WHERE n.nspname = %s AND c.relname = %s AND a.attname = ANY(%s) AND i.indisvalid AND i.indpred IS NULL)
"""


def leads_an_index(schema: str, table: str, columns: Collection[str]) -> bool:
    """Whether one of the columns comes first in an index over all rows of the table."""
    with connection.cursor() as cursor:
        cursor.execute(LEADS_AN_INDEX, [schema, table, list(columns)])
        return bool(cursor.fetchone()[0])
