"""Statements that stay prepared, on a real connection."""

from __future__ import annotations

import pytest
from django.db import DataError, connection, transaction

from orchestration.prepared import execute, pipelined

pytestmark = pytest.mark.django_db

ADD = "SELECT %(left)s::integer + %(right)s::integer"


def prepared(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"{statement}%"]
        )
        return int(cursor.fetchone()[0])


def test_an_error_is_one_of_djangos() -> None:
    with pytest.raises(DataError), transaction.atomic():
        execute("SELECT 1 / %(zero)s::integer", {"zero": 0})


def test_an_error_in_a_pipeline_is_raised_at_its_end() -> None:
    with pytest.raises(DataError), transaction.atomic():
        _divide_and_add()


def _divide_and_add() -> None:
    with pipelined():
        execute("SELECT 1 / %(zero)s::integer", {"zero": 0})
        execute(ADD, {"left": 1, "right": 2})


def test_a_statement_is_prepared_once() -> None:
    before = prepared("SELECT $1::integer + $2")
    sums = [execute(ADD, {"left": 1, "right": right}).fetchone() for right in range(3)]
    assert sums == [(1,), (2,), (3,)]
    assert (before, prepared("SELECT $1::integer + $2")) == (0, 1)


def test_statements_of_a_pipeline_answer_after_it() -> None:
    with pipelined():
        cursors = [execute(ADD, {"left": 1, "right": right}) for right in range(3)]
    assert [cursor.fetchone() for cursor in cursors] == [(1,), (2,), (3,)]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_prepares_anew() -> None:
    execute(ADD, {"left": 1, "right": 1})
    connection.close()
    assert execute(ADD, {"left": 1, "right": 1}).fetchone() == (2,)
