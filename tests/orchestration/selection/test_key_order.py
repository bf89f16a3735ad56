"""How people's rows are joined is tried on the small company that the tests of activities have."""

from __future__ import annotations

import pytest
from django.db import connection

from campaigns.activity_types import get
from orchestration.selection.key_order import MERGING_ROWS, settings_for
from orchestration.selection.profiles import Profiles
from tests.orchestration.activities.conftest import small_shop
from tests.orchestration.playground import Came, Rows, T, context_for

__all__ = ["small_shop"]


PEOPLE = Came("a", {1: {"mark": "x"}, 2: {"mark": "y"}}, {"mark": T.TEXT})


def profiles(*wanted: str) -> Profiles:
    context = context_for("deduplication", {"keys": ["email"]}, PEOPLE)
    asked = Profiles(context, context.population())
    for name in wanted:
        asked.value(name)
    return asked


def lay(order: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE play.laid AS SELECT * FROM play.person ORDER BY {order}")
        cursor.execute("DELETE FROM play.person")
        cursor.execute("INSERT INTO play.person SELECT * FROM play.laid")
        cursor.execute("ANALYZE play.person")


def test_the_planner_decides_about_a_table_that_was_never_analysed(small_shop: Rows) -> None:
    assert settings_for(profiles("email")) == {}


def test_the_planner_decides_where_rows_lie_in_another_order(small_shop: Rows) -> None:
    lay("person_id % 5, person_id")
    assert settings_for(profiles("email")) == {}


def test_the_planner_decides_where_no_index_leads_to_the_rows(small_shop: Rows) -> None:
    lay("person_id")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE play.person DROP CONSTRAINT person_pkey")
    assert settings_for(profiles("email")) == {}


@pytest.mark.parametrize("wanted", [[], ["@mark"], ["email", "profile.income"]])
def test_the_planner_decides_where_other_rows_are_asked_or_none(small_shop: Rows, wanted: list[str]) -> None:
    lay("person_id")
    assert settings_for(profiles(*wanted)) == {}


@pytest.mark.parametrize("complement", [False, True])
def test_rows_in_the_order_of_their_key_are_merged(small_shop: Rows, complement: bool) -> None:
    lay("person_id")
    assert settings_for(profiles("email", "@mark")) == MERGING_ROWS
    config = {"keys": ["email"], "complement": complement}
    assert get("deduplication").execute(context_for("deduplication", config, PEOPLE)).settings == MERGING_ROWS  # type: ignore[attr-defined]
