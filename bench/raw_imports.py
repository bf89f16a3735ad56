"""The same rows with no importer: by COPY in its binary form and as text, and updated and inserted by one statement."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from campaigns.imports.plans import ImportOptions, make_plan, managed_table
from campaigns.managed_tables import DATA_SCHEMA, add_primary_key, create_managed_table
from campaigns.models import Table

Row = tuple[Any, ...]

TYPES = {
    "id": "int8", "email": "text", "name": "text", "amount": "numeric", "score": "float8", "born": "date",
    "seen": "timestamptz", "active": "bool", "token": "uuid", "note": "text",
}  # fmt: skip
VALUES = [name for name in TYPES if name != "id"]
KEPT, LOADED = sql.Identifier("bench_kept"), sql.Identifier("bench_loaded")
COLUMNS = sql.SQL(", ").join(
    sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(type_)) for name, type_ in TYPES.items()
)
OVERWRITTEN = sql.SQL(", ").join(
    sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in VALUES
)
HALF = sql.SQL(
    "SELECT id, email, name, amount + 1, score, born, seen, active, token, note FROM {} WHERE id % 2 = 1 ORDER BY id"
)


def typed_rows(path: Path) -> list[Row]:
    """Everything in the file as values of Python, as a program would have them."""
    with path.open(newline="", encoding="utf-8") as stream:
        rows = csv.reader(stream)
        next(rows)
        return [_typed(row) for row in rows]


def _typed(row: Sequence[str]) -> Row:
    number, email, name, amount, score, born, seen, active, token, note = row
    return (
        int(number),
        email,
        name,
        Decimal(amount),
        float(score),
        date.fromisoformat(born),
        datetime.fromisoformat(seen),
        True if active else None,
        UUID(token),
        note or None,
    )


def binary_copy(rows: Sequence[Row]) -> float:
    """Seconds for a table of these rows and its primary key."""
    statement = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(LOADED)
    with _timed() as taken, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(LOADED, COLUMNS))
        with cursor.copy(statement) as copy:
            copy.set_types(list(TYPES.values()))
            for row in rows:
                copy.write_row(row)
        cursor.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (id)").format(LOADED))
    _drop(LOADED)
    return taken[0]


def raw_copy(path: Path) -> float:
    """Seconds for the file as it is, and its primary key: nothing is looked at, one bad line would end it."""
    with _timed() as taken, transaction.atomic():
        _load(path, LOADED)
    _drop(LOADED)
    return taken[0]


def upsert_by_hand(path: Path) -> float:
    """Seconds for the file as it is into the table that has half of its keys."""
    create_half(LOADED)
    loose = sql.Identifier("bench_loose")
    with _timed() as taken, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP").format(loose, COLUMNS))
        _copy(path, loose)
        cursor.execute(
            sql.SQL("INSERT INTO {} SELECT * FROM {} ON CONFLICT (id) DO UPDATE SET {}").format(
                LOADED, loose, OVERWRITTEN
            )
        )
    _drop(LOADED)
    return taken[0]


def keep_rows(path: Path) -> None:
    """The file's rows, to compare with and to make the half of a table from."""
    _load(path, KEPT)


def forget_rows() -> None:
    _drop(KEPT)


def put_half_into(slug: str, path: Path) -> int:
    """A managed table with every second row of the file, its amounts other than there; the number of rows."""
    plan = make_plan(path, slug, ImportOptions(key=["id"], types={"score": "float"}))
    table = create_managed_table(managed_table(slug, plan))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("INSERT INTO {} {}").format(_managed(slug), HALF.format(KEPT)))
        count = int(cursor.rowcount)
    add_primary_key(table, ["id"])
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("VACUUM (ANALYZE) {}").format(_managed(slug)))
    return count


def create_half(name: sql.Identifier) -> None:
    """The same as a table of nobody's."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(name, COLUMNS))
        cursor.execute(sql.SQL("INSERT INTO {} {}").format(name, HALF.format(KEPT)))
        cursor.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (id)").format(name))
        cursor.execute(sql.SQL("VACUUM (ANALYZE) {}").format(name))
        cursor.execute("CHECKPOINT")


def differing_rows(slug: str) -> int:
    """How many rows of the managed table are not in the clean file as they are."""
    query = sql.SQL("SELECT count(*) FROM (TABLE {} EXCEPT ALL TABLE {}) AS differing")
    with connection.cursor() as cursor:
        cursor.execute(query.format(_managed(slug), KEPT))
        return int(cursor.fetchone()[0])


def drop(slug: str) -> None:
    _drop(_managed(slug))
    Table.objects.get(slug=slug).delete()


def _load(path: Path, table: sql.Identifier) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(table, COLUMNS))
        _copy(path, table)
        cursor.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (id)").format(table))


def _copy(path: Path, table: sql.Identifier) -> None:
    statement = sql.SQL("COPY {} FROM STDIN (FORMAT csv, HEADER)").format(table)
    with path.open("rb") as stream, connection.cursor() as cursor, cursor.copy(statement) as copy:
        while block := stream.read(1 << 20):
            copy.write(block)


def _managed(slug: str) -> sql.Identifier:
    return sql.Identifier(DATA_SCHEMA, slug)


def _drop(table: sql.Identifier) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE {}").format(table))


@contextmanager
def _timed() -> Iterator[list[float]]:
    """The seconds of what is done meanwhile, in a list that is filled at the end."""
    taken: list[float] = []
    started = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - started)
