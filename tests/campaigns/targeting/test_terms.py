from __future__ import annotations

from typing import Any

import pytest

from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db

ORDERS = {"kind": "aggregate", "link": "orders", "function": "count", "operator": "less", "value": 3}


def condition(attribute: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"kind": "condition", "attribute": attribute, "operator": operator, "value": value, **more}


@pytest.mark.parametrize(
    ("rule", "path", "code"),
    [
        (condition("active", "greater", True), "/operator", "wrong_operator"),
        (condition("extra", "equal", "x"), "/operator", "wrong_operator"),
        (condition("name", "equal"), "/value", "missing"),
        (condition("name", "is_empty", "x"), "/value", "needless_value"),
        (condition("name", "equal", ["x"]), "/value", "one_value"),
        (condition("age", "between", 3), "/value", "two_values"),
        (condition("age", "between", [1, 2, 3]), "/value", "two_values"),
        (condition("age", "in", 3), "/value", "list_of_values"),
        (condition("age", "in", []), "/value", "list_of_values"),
        (condition("age", "in", [1, "x"]), "/value/1", "wrong_type"),
        (condition("born", "in_period", "2024-01-01"), "/value", "no_period"),
        (condition("born", "in_period", {"last": 3, "unit": "hour"}), "/value/unit", "unit_too_short"),
        (condition("born", "in_period", {"last": 3, "anchor": "x"}), "/value/anchor", "unknown_variable"),
        (condition("born", "in_period", {"last": 3, "anchor": "word"}), "/value/anchor", "no_date"),
        (condition("born", "in_period", {"last": 3, "anchor": "nothing"}), "/value/anchor", "no_date"),
        (condition("born", "in_period", {"last": 9_999, "unit": "year"}), "/value", "date_out_of_range"),
        (condition("joined", "in_period", {"next": 999_999, "unit": "year"}), "/value", "date_out_of_range"),
        (condition("born", "equal", {"today": 999_999, "unit": "year"}), "/value", "date_out_of_range"),
        (condition("born", "anniversary", {"last": 3}), "/value", "no_days"),
        (condition("born", "anniversary", {"days": [3, 2]}), "/value/days", "wrong_order"),
        (condition("born", "anniversary", {"days": [-1, 366]}), "/value/days", "wrong_order"),
        (condition("born", "in_period", {"last": 3, "unit": "minute"}), "/value/unit", "unit_too_short"),
        (condition("age", "equal", 3, case_sensitive=False), "/case_sensitive", "no_case"),
        (condition("name", "like", "abc\\"), "/value", "bad_pattern"),
        (condition("name", "like", {"attribute": "nick"}), "/value/attribute", "pattern_from_field"),
        (condition("name", "equal", {"attribute": "age"}), "/value/attribute", "incomparable"),
        (condition("born", "equal", {"attribute": "joined"}), "/value/attribute", "incomparable"),
        (condition("joined", "equal", {"attribute": "seen"}), "/value/attribute", "incomparable"),
        (condition("name", "equal", {"attribute": "nick.x"}), "/value/attribute", "unknown_link"),
        ({**ORDERS, "function": "sum"}, "/attribute", "missing"),
        ({**ORDERS, "function": "sum", "attribute": "shop"}, "/attribute", "wrong_function"),
        ({**ORDERS, "function": "max", "attribute": "paid"}, "/attribute", "wrong_function"),
        ({**ORDERS, "function": "stddev", "attribute": "shop"}, "/attribute", "wrong_function"),
        ({**ORDERS, "function": "string", "attribute": "total"}, "/attribute", "wrong_function"),
        ({**ORDERS, "function": "string"}, "/attribute", "missing"),
        ({**ORDERS, "separator": ";"}, "/separator", "needless_separator"),
        (
            {**ORDERS, "function": "string", "attribute": "shop", "separator": "\x00", "value": "x"},
            "/separator",
            "bad_character",
        ),
        ({**ORDERS, "attribute": "lines.price"}, "/attribute", "collection"),
        ({**ORDERS, "operator": "contains"}, "/operator", "wrong_operator"),
        ({**ORDERS, "value": "many"}, "/value", "wrong_type"),
        ({**ORDERS, "where": condition("totl", "less", 3)}, "/where/attribute", "unknown_attribute"),
    ],
)
def test_a_comparison_that_makes_no_sense_is_refused(
    company: Company, rule: Any, path: str, code: str
) -> None:
    assert company.refusals(rule) == [(path, code)]


def test_every_problem_of_a_rule_is_told_at_once(company: Company) -> None:
    where = {"kind": "all", "of": [condition("shop", "equal", 1), condition("total", "like", "x")]}
    rule = {"kind": "any", "of": [condition("nam", "equal", "x"), {**ORDERS, "where": where, "value": "x"}]}

    assert company.refusals(rule) == [("/of/0/attribute", "unknown_attribute"), ("/of/1/value", "wrong_type")]


def test_a_backslash_that_is_doubled_may_end_a_pattern(company: Company) -> None:
    assert company.selected(condition("name", "like", "a\\\\%")) == {
        (row["id"],) for row in company.tables["person"].rows if (row["name"] or "").startswith("a\\")
    }


@pytest.mark.parametrize("number", range(1, 5))
def test_a_pattern_ends_with_backslashes_in_pairs(company: Company, number: int) -> None:
    found = company.refusals(condition("name", "like", "a" + "\\" * number))
    assert found == ([("/value", "bad_pattern")] if number % 2 else [])
