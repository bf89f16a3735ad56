from __future__ import annotations

from typing import Any

import pytest

from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db


def condition(attribute: Any, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"kind": "condition", "attribute": attribute, "operator": operator, "value": value, **more}


@pytest.mark.parametrize(
    ("attribute", "value", "code"),
    [
        ("name", 3, "wrong_type"),
        ("name", "", "empty_text"),
        ("name", "a\x00", "bad_character"),
        ("name", "\udc00", "bad_character"),
        ("age", "x", "wrong_type"),
        ("age", True, "wrong_type"),
        ("credit", "NaN", "wrong_type"),
        ("credit", float("inf"), "wrong_type"),
        ("credit", "1e101", "number_out_of_range"),
        ("credit", "1" * 101, "number_out_of_range"),
        ("credit", "1" * 100_000, "wrong_type"),
        ("score", 10**400, "number_out_of_range"),
        ("active", "true", "wrong_type"),
        ("born", "2024-02-30", "wrong_type"),
        ("born", 20240229, "wrong_type"),
        ("born", "yesterday", "wrong_type"),
        ("joined", "2024-13-01T00:00", "wrong_type"),
        ("code", "not a uuid", "wrong_type"),
        ("name", {"today": 0}, "wrong_type"),
        ("name", {"last": 1}, "period_as_value"),
        ("joined", {"last": 1}, "period_as_value"),
    ],
)
def test_a_value_that_does_not_suit_its_field_is_refused(
    company: Company, attribute: str, value: Any, code: str
) -> None:
    assert company.refusals(condition(attribute, "equal", value)) == [("/value", code)]


@pytest.mark.parametrize(
    ("attribute", "variable", "code"),
    [
        ("name", "nobody", "unknown_variable"),
        ("name", "whole", "wrong_type"),
        ("name", "day", "wrong_type"),
        ("age", "word", "wrong_type"),
        ("active", "word", "wrong_type"),
        ("born", "number", "wrong_type"),
        ("code", "word", "wrong_type"),
    ],
)
def test_a_variable_that_does_not_suit_is_refused(
    company: Company, attribute: str, variable: str, code: str
) -> None:
    assert company.refusals(condition(attribute, "equal", {"variable": variable})) == [
        ("/value/variable", code)
    ]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "operator", ["equal", "not_equal", "less", "less_or_equal", "greater", "greater_or_equal"]
)
@pytest.mark.parametrize("attribute", ["born", "joined", "seen"])
def test_the_first_and_last_day_of_the_calendar_compare(
    company: Company, attribute: str, operator: str, day: str
) -> None:
    known = company.selected(condition(attribute, "is_not_empty"))
    nothing_beyond = {
        "equal": set(),
        "less": known,
        "less_or_equal": known,
        "greater": set(),
        "greater_or_equal": set(),
    }
    if day == "0001-01-01":
        nothing_beyond |= {"less": set(), "less_or_equal": set(), "greater": known, "greater_or_equal": known}
    expected = nothing_beyond.get(operator, company.everyone())
    assert company.selected(condition(attribute, operator, day)) == expected


def test_an_empty_variable_compares_with_nothing(company: Company) -> None:
    for variable in ("blank", "nothing"):
        for operator in ("equal", "less", "contains", "starts_with", "like"):
            assert company.selected(condition("name", operator, {"variable": variable})) == set()
        assert (
            company.selected(condition("name", "not_contains", {"variable": variable})) == company.everyone()
        )
