from __future__ import annotations

import pytest
from django.db import InternalError, ProgrammingError, connection

from campaigns.limited_queries import NotComputable, TookTooLong, TooLarge, answer
from campaigns.targeting.render import Statement

pytestmark = pytest.mark.django_db


def test_a_statement_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(TookTooLong, match="longer than 1 seconds"):
        answer(Statement("SELECT pg_sleep(5)", ()), seconds=1)


def test_nothing_can_be_written() -> None:
    with pytest.raises((InternalError, NotComputable)):
        answer(Statement("CREATE TABLE sneaky (x int)", ()))
    with connection.cursor() as cursor, pytest.raises(ProgrammingError):
        cursor.execute("SELECT * FROM sneaky")


def test_a_fault_of_the_data_is_named_without_the_data() -> None:
    with pytest.raises(NotComputable) as caught:
        answer(Statement("SELECT %s::text::int", ("ada@example.com",)))
    assert "InvalidTextRepresentation 22P02" in caught.value.message
    assert "ada" not in str(caught.value)


def test_a_table_that_is_gone_is_named() -> None:
    with pytest.raises(NotComputable, match="nowhere"):
        answer(Statement("SELECT * FROM nowhere", ()))


def test_the_planner_is_set_for_the_statement_alone() -> None:
    asked = "SELECT current_setting('enable_hashagg')"
    assert answer(Statement(asked, (), {"enable_hashagg": "off"})).rows == [("off",)]
    assert answer(Statement(asked, ())).rows == [("on",)]


def test_the_connection_is_of_use_afterwards() -> None:
    with pytest.raises(NotComputable):
        answer(Statement("SELECT 1 / 0", ()))
    assert answer(Statement("SELECT 1", ())).rows == [(1,)]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE allowed (x int)")


def test_what_the_database_has_no_room_for_is_told_and_the_connection_lives_on() -> None:
    """Brackets within each other are deeper than PostgreSQL's stack may be."""
    with pytest.raises(TooLarge, match="room"):
        answer(Statement("SELECT repeat('[', 1000000)::json", ()))
    assert answer(Statement("SELECT 1", ())).rows == [(1,)]


def test_what_the_database_does_not_support_is_named() -> None:
    """As a text of a collation that takes different texts for equal, asked for a pattern."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.unsupported() RETURNS int LANGUAGE plpgsql AS"
            " $$BEGIN RAISE feature_not_supported USING MESSAGE = 'no pattern of such a text.'; END$$"
        )
    with pytest.raises(NotComputable, match=r"no pattern of such a text\."):
        answer(Statement("SELECT pg_temp.unsupported()", ()))
