"""The first keys of a selection by key, as text; those that are in another selection too, or are not."""

from __future__ import annotations

from django.db import connection
from psycopg import sql

MOST = 20
FIRST = sql.SQL("SELECT a.key::text FROM ({keys}) AS a (key) {where} ORDER BY a.key LIMIT {most}")
AMONG = sql.SQL("WHERE EXISTS (SELECT FROM ({others}) AS b (key) WHERE b.key = a.key)")
BESIDES = sql.SQL("WHERE NOT EXISTS (SELECT FROM ({others}) AS b (key) WHERE b.key = a.key)")
ANY = sql.SQL("")


def first_keys(keys: sql.Composable) -> list[str]:
    return _first(keys, ANY)


def first_among(keys: sql.Composable, others: sql.Composable) -> list[str]:
    return _first(keys, AMONG.format(others=others))


def first_besides(keys: sql.Composable, others: sql.Composable) -> list[str]:
    return _first(keys, BESIDES.format(others=others))


def _first(keys: sql.Composable, where: sql.Composable) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(FIRST.format(keys=keys, where=where, most=sql.Literal(MOST)))
        return [key for (key,) in cursor.fetchall()]
