"""Settings of PostgreSQL's planner for single statements, where a better form than its own choice was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain

from django.db import connection
from psycopg import sql


@contextmanager
def planned(settings: Mapping[str, str]) -> Iterator[None]:
    """Settings of the planner's for what is executed meanwhile, not for what the transaction does afterwards."""
    if not settings:
        yield
        return
    calls = sql.SQL(", ").join([sql.SQL("set_config(%s, %s, true)")] * len(settings))
    resets = sql.SQL("; ").join(
        sql.SQL("SET LOCAL {} TO DEFAULT").format(sql.Identifier(name)) for name in settings
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}").format(calls), list(chain.from_iterable(settings.items())))
        yield
        cursor.execute(resets)
