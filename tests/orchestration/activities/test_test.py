from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.orchestration.playground import Rows, came, codes, play, signal

MANY = {"id": "many", "operator": "greater", "values": [10]}
SOME = {"id": "some", "operator": "greater", "values": [1]}


@pytest.mark.parametrize("config", [{}, {"conditions": []}, {"conditions": [{"id": "a", "operator": "is"}]}])
def test_misshapen_settings_are_refused(config: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        codes("test", config)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({**MANY, "id": "default"}, ("test.repeated_condition", "/conditions/0/id")),
        ({**MANY, "variable": "gaol"}, ("variable.unknown", "/conditions/0/variable")),
        ({**MANY, "operator": "contains"}, ("test.wrong_operator", "/conditions/0/operator")),
        ({**MANY, "values": []}, ("test.value_count", "/conditions/0/values")),
        ({**MANY, "values": ["ten"]}, ("test.wrong_value", "/conditions/0/values/0")),
        ({**MANY, "operator": "between", "values": [1]}, ("test.value_count", "/conditions/0/values")),
        (
            {**MANY, "variable": "day", "values": ["01/02/2018"]},
            ("test.wrong_value", "/conditions/0/values/0"),
        ),
        ({**MANY, "variable": "open"}, ("test.wrong_operator", "/conditions/0/operator")),
    ],
)
def test_lint_names_what_is_wrong_and_where(condition: dict[str, Any], found: tuple[str, str]) -> None:
    assert codes("test", {"conditions": [condition]}, came("a", [])) == {found}


def test_people_are_counted_only_where_some_come_in() -> None:
    assert codes("test", {"conditions": [MANY]}, signal("a")) == {
        ("test.nobody_counted", "/conditions/0/variable")
    }
    assert codes("test", {"conditions": [{**MANY, "variable": "goal"}]}) == set()


@pytest.mark.parametrize(("people", "taken"), [(0, "default"), (2, "some"), (11, "many")])
def test_the_first_condition_that_is_true_is_taken(small_shop: Rows, people: int, taken: str) -> None:
    config = {"conditions": [MANY, SOME], "default": True}
    played = play("test", config, came("a", range(people)))
    assert [port for port, found in played.ports.items() if found is not None] == [taken]
    assert set(played.ports) == {"many", "some", "default"}


def test_without_a_default_branch_it_goes_no_further(small_shop: Rows) -> None:
    assert play("test", {"conditions": [MANY]}, came("a", [1])).ports == {"many": None}


@pytest.mark.parametrize(
    ("variable", "operator", "values", "holds"),
    [
        ("goal", "equal", ["10.0"], True),
        ("goal", "between", [1, 10], True),
        ("goal", "not_in", [10, 11], False),
        ("word", "contains", ["es"], True),
        ("word", "not_starts_with", ["y"], False),
        ("word", "is_empty", [], False),
        ("day", "less", ["2018-01-02"], True),
        ("open", "is_true", [], True),
        ("open", "not_equal", [True], False),
    ],
)
def test_variables_compare_by_their_type(
    small_shop: Rows, variable: str, operator: str, values: list[Any], holds: bool
) -> None:
    condition = {"id": "yes", "variable": variable, "operator": operator, "values": values}
    assert codes("test", {"conditions": [condition]}) == set()
    assert (play("test", {"conditions": [condition]}).ports["yes"] is not None) is holds


@pytest.mark.parametrize(
    ("operator", "holds"), [("is_empty", True), ("equal", False), ("not_equal", True), ("less", False)]
)
def test_nothing_but_emptiness_is_true_of_an_empty_variable(
    small_shop: Rows, operator: str, holds: bool
) -> None:
    values = [] if operator == "is_empty" else [1]
    condition = {"id": "yes", "variable": "goal", "operator": operator, "values": values}
    variables = {"goal": None, "word": "", "day": date(2018, 1, 1), "open": Decimal(0)}
    played = play("test", {"conditions": [condition]}, variables=variables)
    assert (played.ports["yes"] is not None) is holds
