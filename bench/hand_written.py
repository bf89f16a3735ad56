"""A flow written by hand: its statements read from a file of SQL, materialised as the engine does.

A line `-- port activity.port` begins a statement; `-- without hashjoin` is for that statement alone.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

from django.db import connection, transaction
from psycopg import sql

SCHEMA = "baseline"
PORT = re.compile(r"^-- port (\w+)\.(\w+)\n", re.MULTILINE)
WITHOUT = re.compile(r"^-- without (hashagg|hashjoin)$", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """One port of one activity."""

    activity: str
    port: str
    select: str

    @property
    def table(self) -> sql.Identifier:
        return sql.Identifier(SCHEMA, f"{self.activity}_{self.port}")


def steps_in(path: Path) -> Sequence[Step]:
    _head, *parts = PORT.split(path.read_text())
    return [Step(*parts[start : start + 3]) for start in range(0, len(parts), 3)]


@dataclass(frozen=True)
class HandWritten:
    """The statements of one file."""

    path: Path

    @cached_property
    def steps(self) -> Sequence[Step]:
        return steps_in(self.path)

    def run(self) -> dict[str, float]:
        """Seconds by activity; the tables stay for comparing, until the next run replaces them."""
        with connection.cursor() as cursor:
            cursor.execute("SET client_min_messages = warning")
            cursor.execute("DROP SCHEMA IF EXISTS baseline CASCADE")
            cursor.execute("CREATE SCHEMA baseline")
        by_activity = groupby(self.steps, lambda step: step.activity)
        return {activity: _timed_activity(list(ports)) for activity, ports in by_activity}


def _timed_activity(ports: Sequence[Step]) -> float:
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL random_page_cost = 4")
        for step in ports:
            for way in ("hashagg", "hashjoin"):
                wanted = "off" if way in WITHOUT.findall(step.select) else "on"
                cursor.execute("SELECT set_config(%s, %s, true)", [f"enable_{way}", wanted])
            create = "CREATE TABLE {} AS SELECT * FROM (\n{}\n) AS rows ORDER BY key"
            cursor.execute(sql.SQL(create).format(step.table, sql.SQL(step.select)))
            cursor.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (key)").format(step.table))
            cursor.execute(sql.SQL("ANALYZE {}").format(step.table))
    return time.perf_counter() - started
