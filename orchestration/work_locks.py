"""The advisory lock that a worker holds on an activity run for as long as its transaction works on it.

PostgreSQL lets go of it when the transaction ends or the worker dies, so a free lock means that nobody works.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from orchestration.exceptions import Fenced

LOCK_CLASS = 7_488_355
"""First key of the locks; the second is the activity run's id, which has to fit into an integer."""

CANCEL = """
SELECT pg_cancel_backend(pid) FROM pg_locks
 WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = %s AND objid = ANY(%s::oid[])
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def lock_key(activity_run_id: int) -> int:
    return activity_run_id % 2**31


def hold_lock(activity_run_id: int) -> None:
    """Hold the activity run's lock until this transaction ends; raises Fenced when another worker has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_CLASS, lock_key(activity_run_id)])
        if not cursor.fetchone()[0]:
            raise Fenced


def cancel_work(activity_run_ids: Sequence[int]) -> int:
    """Cancel the SQL of whoever works on these activity runs; answers how many statements were cancelled."""
    keys = [lock_key(pk) for pk in activity_run_ids]
    with connection.cursor() as cursor:
        cursor.execute(CANCEL, [LOCK_CLASS, keys])
        return len(cursor.fetchall())
