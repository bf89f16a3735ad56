"""Statements that run thousands of times: the server parses and plans them once a connection.

Behind a pooler that hands out connections by the transaction this needs one that knows prepared statements (PgBouncer
1.21 or later with `max_prepared_statements` above 0).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from django.db import connection
from psycopg import sql

ON_REQUEST = 1_000_000_000
Query = LiteralString | bytes | sql.SQL | sql.Composed


def execute(query: Query, parameters: Mapping[str, Any]) -> psycopg.Cursor[tuple[Any, ...]]:
    """The statement's cursor; inside of `pipelined` it has an answer only after the end of that."""
    connection.ensure_connection()
    raw = connection.connection
    # Django switches preparing off; nothing but what is executed here ever asks for it.
    raw.prepare_threshold = ON_REQUEST
    with connection.wrap_database_errors:
        return psycopg.Cursor(raw).execute(query, parameters, prepare=True)


@contextmanager
def pipelined() -> Iterator[None]:
    """Statements in it leave together and their answers come together; an error among them is raised at the end."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
