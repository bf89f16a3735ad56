"""Statements that a person waits for: read-only, with a limit of time, rows as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.db import (
    DataError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.utils.translation import gettext as _
from psycopg import Error, errors

from campaigns.planner import planned
from campaigns.targeting.render import Statement

SECONDS = 5


class Unanswered(Exception):  # noqa: N818 - names what happened
    """The statement gave no rows; the text says why and what to do instead."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(f"{message} {remedy}")


class TookTooLong(Unanswered):
    """The statement was cancelled at its limit of time."""

    def __init__(self, seconds: float) -> None:
        message = _("This took longer than %(seconds)d seconds and was stopped.") % {
            "seconds": max(1, round(seconds))
        }
        super().__init__(message, _("Run a test for the exact number."))


class CalledOff(Unanswered):
    """Whoever asked does not want to know any more."""

    def __init__(self) -> None:
        super().__init__(_("The question was called off."), _("Ask again."))


class NotComputable(Unanswered):
    """PostgreSQL cannot work it out on this data, or the tables are not as they are described."""

    def __init__(self, error: Exception) -> None:
        message = _("The database cannot work this out: %(reason)s.") % {"reason": _reason(error)}
        super().__init__(message, _("Correct the rule, or refresh the description of its tables."))


class TooLarge(Unanswered):
    """PostgreSQL has no room to take the statement in or to work it out."""

    def __init__(self) -> None:
        message = _("The database has not the room that a rule of this size needs.")
        super().__init__(message, _("Nest the rule less deep, or ask it of a saved audience."))


UNCOMPUTABLE = (DataError, NotSupportedError, ProgrammingError)
"""What Django makes of a statement that PostgreSQL understands and cannot work out."""
_NO_ROOM = (errors.StatementTooComplex, errors.ProgramLimitExceeded, errors.OutOfMemory)


def _reason(error: Exception) -> str:
    """PostgreSQL's words where they name tables and columns; its name for the fault where they may quote data."""
    cause = error.__cause__
    if isinstance(error, ProgrammingError | NotSupportedError) and isinstance(cause, Error):
        return (cause.diag.message_primary or str(cause.sqlstate)).rstrip(".")
    return f"{type(cause).__name__} {getattr(cause, 'sqlstate', None) or ''}".strip()


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows, and how many seconds they took."""

    rows: list[tuple[Any, ...]]
    seconds: float


def answer(statement: Statement, *, seconds: float = SECONDS) -> Answer:
    """What the statement gives; raises TookTooLong, CalledOff, TooLarge or NotComputable. Nothing it does can write."""
    begun = monotonic()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true)", [f"{max(1, round(seconds * 1000))}ms"]
            )
            cursor.execute("SET LOCAL transaction_read_only = on")
            with planned(statement.planner):
                cursor.execute(statement.sql, statement.parameters)
            rows = [tuple(row) for row in cursor.fetchall()]
    except OperationalError as error:
        if isinstance(error.__cause__, errors.QueryCanceled):
            # Both come as a cancelled statement, and their words depend on the server's language.
            late = monotonic() - begun >= seconds
            raise (TookTooLong(seconds) if late else CalledOff()) from error
        if isinstance(error.__cause__, _NO_ROOM):
            raise TooLarge from error
        raise
    except UNCOMPUTABLE as error:
        raise NotComputable(error) from error
    return Answer(rows, monotonic() - begun)
