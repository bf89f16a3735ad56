"""Statements that a person waits for: read-only, with a limit of time, rows as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg import errors

from campaigns.targeting.render import Statement

SECONDS = 5


class TookTooLong(Exception):  # noqa: N818 - names what happened
    """The statement was cancelled; the text says what to do instead."""

    def __init__(self, seconds: int) -> None:
        text = _(
            "This took longer than %(seconds)d seconds and was stopped. Run a test for the exact number."
        )
        super().__init__(text % {"seconds": seconds})


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows, and how many seconds they took."""

    rows: list[tuple[Any, ...]]
    seconds: float


def answer(statement: Statement, *, seconds: int = SECONDS) -> Answer:
    """What the statement gives; raises TookTooLong. Nothing it does can write."""
    begun = monotonic()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{seconds * 1000}ms"])
            cursor.execute("SET LOCAL transaction_read_only = on")
            cursor.execute(statement.sql, statement.parameters)
            rows = [tuple(row) for row in cursor.fetchall()]
    except OperationalError as error:
        if isinstance(error.__cause__, errors.QueryCanceled):
            raise TookTooLong(seconds) from error
        raise
    return Answer(rows, monotonic() - begun)
