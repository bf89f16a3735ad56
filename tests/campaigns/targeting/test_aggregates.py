from __future__ import annotations

from typing import Any

import pytest

from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db

ORDERS: dict[str, Any] = {"kind": "aggregate", "link": "orders", "function": "count"}
SUM = {**ORDERS, "function": "sum", "attribute": "number"}
NUMBERS = [-1, 0, 1, 2]
PLAIN = ["equal", "not_equal", "less", "less_or_equal", "greater", "greater_or_equal"]
PAIRS = [[-1, 0], [0, 1], [-2, -1], [1, 2], [-1, 1]]
LISTS = [[0], [1, 0], [1, 2], [-1]]
QUESTIONS: list[tuple[str, Any]] = [(operator, number) for operator in PLAIN for number in NUMBERS]
QUESTIONS += [(operator, pair) for operator in ("between", "not_between") for pair in PAIRS]
QUESTIONS += [(operator, numbers) for operator in ("in", "not_in") for numbers in LISTS]
QUESTIONS += [("is_empty", None), ("is_not_empty", None)]


@pytest.mark.parametrize(("operator", "value"), QUESTIONS, ids=str)
def test_who_has_no_rows_has_the_number_zero_of_them(company: Company, operator: str, value: Any) -> None:
    childless = {(row["id"],) for row in company.tables["person"].rows} - company.expected(
        {"kind": "exists", "link": "orders"}
    )
    assert childless
    for figure in (ORDERS, SUM):
        rule = {**figure, "operator": operator, "value": value}
        assert company.selected(rule) == company.expected(rule)
