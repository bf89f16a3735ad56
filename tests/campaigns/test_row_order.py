from __future__ import annotations

import pytest
from django.db import connection

from campaigns.row_order import lie_in_order

pytestmark = pytest.mark.django_db


def table(values: str, *, analysed: bool = True) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA ordered")
        cursor.execute(
            f"CREATE TABLE ordered.rows AS SELECT {values} AS n FROM generate_series(1, 2000) AS g"
        )
        if analysed:
            cursor.execute("ANALYZE ordered.rows")


def test_nothing_is_known_of_what_is_not_there() -> None:
    assert lie_in_order("ordered", "rows", "n") is None


def test_nothing_is_known_before_a_table_was_analysed() -> None:
    table("g", analysed=False)
    assert lie_in_order("ordered", "rows", "n") is None


@pytest.mark.parametrize("values", ["hashint4(g)", "-g", "CASE WHEN g > 1500 THEN -g ELSE g END"])
def test_rows_that_lie_otherwise_are_not_in_order(values: str) -> None:
    table(values)
    assert lie_in_order("ordered", "rows", "n") is False


@pytest.mark.parametrize("values", ["g", "g / 7", "CASE WHEN g = 900 THEN 0 ELSE g END"])
def test_rows_in_order_are_known_even_if_a_few_are_not(values: str) -> None:
    table(values)
    assert lie_in_order("ordered", "rows", "n") is True
