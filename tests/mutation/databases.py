"""A database for each mutant: a copy of the one that the tests without mutants made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

COPY = "test_mutant"


@contextmanager
def copied(url: str, original: str) -> Iterator[str]:
    """The name of a copy, which is gone afterwards whoever still uses it."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(COPY))
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(COPY), sql.Identifier(original))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(copy)
    try:
        yield COPY
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(drop)
