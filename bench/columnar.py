"""The same people and orders in DuckDB's memory, and the same operations there: what a column store needs for them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import duckdb
from django.db import connection
from psycopg import sql

from bench.hand_written import Step

TABLES = {
    "person": "id bigint, first_name text, email text, country text, born date, tier text",
    "orders": "id bigint, person_id bigint, ordered_at timestamptz, amount decimal(12, 2), category text",
}
THREADS = 2


def open_columnar() -> duckdb.DuckDBPyConnection:
    """A connection to a copy of the shop in memory."""
    opened = duckdb.connect(config={"threads": THREADS})
    opened.execute("SET TimeZone = 'UTC'")
    with tempfile.TemporaryDirectory() as folder:
        for name, columns in TABLES.items():
            path = Path(folder) / f"{name}.csv"
            _export(name, path)
            opened.execute(f"CREATE TABLE {name} ({columns})")
            opened.execute(f"COPY {name} FROM '{path}' (FORMAT csv, HEADER false)")
            path.unlink()
    return opened


def _export(name: str, path: Path) -> None:
    copy = sql.SQL("COPY shop.{} TO STDOUT (FORMAT csv)").format(sql.Identifier(name))
    with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(copy) as blocks:
        for block in blocks:
            file.write(block)


def timed_columnar(
    opened: duckdb.DuckDBPyConnection, steps: Sequence[Step], *, keyed: bool
) -> dict[str, float]:
    """Seconds by activity. `keyed` tables have a primary key, as a population of the engine has."""
    return {
        activity: _timed(opened, list(ports), keyed=keyed)
        for activity, ports in groupby(steps, lambda step: step.activity)
    }


def _timed(opened: duckdb.DuckDBPyConnection, ports: Sequence[Step], *, keyed: bool) -> float:
    started = time.perf_counter()
    for step in ports:
        table = f"{step.activity}_{step.port}"
        opened.execute(f"CREATE OR REPLACE TABLE {table} AS {step.select}")
        if keyed:
            opened.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (key)")
    return time.perf_counter() - started
