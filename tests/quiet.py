"""Waits until nobody else works in the test database, so that it can be emptied without a deadlock."""

from __future__ import annotations

import time

from django.db import connection

PATIENCE = 15.0
BUSY = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'
"""
"""A request whose window was closed, or the statement of a worker that was killed, goes on for a while."""


def wait_for_quiet() -> None:
    """Whoever is busy after `PATIENCE` seconds is cut off: the test that asked for it is over."""
    end = time.monotonic() + PATIENCE
    while busy := _busy():
        if time.monotonic() > end:
            _cut_off(busy)
        time.sleep(0.1)


def _busy() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(BUSY)
        return [pid for (pid,) in cursor]


def _cut_off(pids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [pids])
