"""Questions that whoever asked them can call off: known to PostgreSQL by an advisory lock, and to nothing else.

While a question is answered its connection holds the lock *running*, whose number is made of the person and
the id they gave. So a question is found by whoever asked it and by nobody else, across processes, and one
whose process died leaves nothing behind.

A signal must not reach a statement that comes after the question. So a connection gives *running* back only
while it holds the lock *ending*, and whoever calls off holds *ending* from before they look until after they
have signalled: what they saw running is still running when the signal arrives. A signal that arrives between
two statements is dropped by PostgreSQL, therefore calling off is repeated until the question has ended.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg import errors

from campaigns.conflicts import refuse

ID_PATTERN = "[A-Za-z0-9_-]{8,64}"
PATIENCE = 2.0
_PAUSE = 0.02

# A lock on one number is listed as its two halves.
_CANCEL = """
SELECT bool_and(pg_cancel_backend(pid))
  FROM pg_locks
 WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock' AND objsubid = 1
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND classid::bigint = %(high)s AND objid::bigint = %(low)s AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of one person, by the id they gave it."""

    user_id: int
    id: str

    def running(self) -> int:
        return self._number("running")

    def ending(self) -> int:
        return self._number("ending")

    def _number(self, what: str) -> int:
        text = f"{what}\x1f{self.user_id}\x1f{self.id}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


@contextmanager
def running(question: Question | None) -> Iterator[None]:
    """Around all statements of a question; raises ProblemsError where one of this id is running already."""
    if question is None:
        yield
        return
    if not _asked("SELECT pg_try_advisory_lock(%s)", question.running()):
        message = _("A question with this id is being answered already.")
        refuse("question.in_use", "/question", message, _("Call it off, or give this one another id."))
    try:
        yield
    finally:
        _end(question)


def call_off(question: Question) -> bool:
    """Cancel what the question's connection is executing, until it has ended; False where none was running."""
    found = False
    deadline = monotonic() + PATIENCE
    while _signal(question):
        found = True
        if monotonic() > deadline:
            break
        sleep(_PAUSE)
    return found


def _signal(question: Question) -> bool:
    number = question.running() % 2**64
    halves = {"high": number >> 32, "low": number & 0xFFFFFFFF}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [question.ending()])
        cursor.execute(_CANCEL, halves)
        return bool(cursor.fetchone()[0])


def _end(question: Question) -> None:
    """Give *running* back; a late signal can only hit the waiting for *ending*, which begins again."""
    while True:
        try:
            with transaction.atomic():
                _asked("SELECT pg_advisory_xact_lock(%s) IS NULL", question.ending())
                _asked("SELECT pg_advisory_unlock(%s)", question.running())
        except OperationalError as error:
            if not isinstance(error.__cause__, errors.QueryCanceled):
                raise
        else:
            return


def _asked(statement: str, number: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, [number])
        return cursor.fetchone()[0]
