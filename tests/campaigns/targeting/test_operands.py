from __future__ import annotations

from typing import Any

import pytest

from campaigns.targeting.problems import RuleError
from campaigns.targeting.rules import Condition, dump_rule, parse_rule

MILLION = 1_000_000


def codes(value: Any, operator: str = "equal", attribute: Any = "born") -> list[tuple[str, str]]:
    try:
        parse_rule({"kind": "condition", "attribute": attribute, "operator": operator, "value": value})
    except RuleError as error:
        return [(problem.path, problem.code) for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("value", "place", "step"),
    [
        ({"today": MILLION}, "/today", 1),
        ({"today": -MILLION}, "/today", -1),
        ({"now": MILLION}, "/now", 1),
        ({"last": MILLION}, "/last", 1),
        ({"last": 0}, "/last", -1),
        ({"next": MILLION}, "/next", 1),
        ({"older_than": MILLION}, "/older_than", 1),
        ({"later_than": MILLION}, "/later_than", 1),
        ({"this": "day", "shift": 10_000}, "/shift", 1),
        ({"this": "day", "shift": -10_000}, "/shift", -1),
    ],
)
def test_a_number_of_units_is_allowed_to_its_limit(value: dict[str, Any], place: str, step: int) -> None:
    name = place[1:]
    assert codes({**value, name: value[name] + step}) == [(f"/value{place}", "out_of_range")]
    assert codes(value) == []


@pytest.mark.parametrize(("days", "place"), [([-367, 0], "0"), ([0, 367], "1")])
def test_a_window_reaches_a_year_each_way(days: list[int], place: str) -> None:
    assert codes({"days": days}, "anniversary") == [(f"/value/days/{place}", "out_of_range")]
    assert codes({"days": [max(days[0], -366), min(days[1], 366)]}, "anniversary") == []


@pytest.mark.parametrize(("name", "most"), [("attribute", 2_000), ("variable", 2_000), ("expression", 5_000)])
def test_a_name_is_as_long_as_is_allowed(name: str, most: int) -> None:
    assert codes({name: ""}) == [(f"/value/{name}", "wrong_form")]
    assert codes({name: "x" * (most + 1)}) == [(f"/value/{name}", "wrong_form")]
    assert codes({name: "x" * most}) == []
    assert codes({name: "x"}) == []


ITEMS: list[Any] = ["x", 1, 1.5, True, {"variable": "x"}, {"parameter": "x"}, {"attribute": "x"}]
ITEMS += [{"expression": "x"}, {"today": 1}, {"now": 1, "anchor": "x"}]
PERIODS: list[Any] = [{"last": 1}, {"next": 1, "unit": "hour"}, {"this": "week", "shift": -1}]
PERIODS += [{"older_than": 1}, {"later_than": 1}, {"days": [0, 1]}]


@pytest.mark.parametrize("value", [*ITEMS, *PERIODS], ids=str)
def test_every_kind_of_value_is_read_and_written_as_it_was(value: Any) -> None:
    rule = {"kind": "condition", "attribute": "born", "operator": "equal", "value": value}
    assert dump_rule(parse_rule(rule)) == rule
    assert type(parse_rule(parse_rule(rule).model_dump())) is Condition


@pytest.mark.parametrize("item", ITEMS, ids=str)
def test_a_list_holds_single_values(item: Any) -> None:
    rule = {"kind": "condition", "attribute": "born", "operator": "in", "value": ["a", item]}
    assert dump_rule(parse_rule(rule)) == rule


@pytest.mark.parametrize("item", [*PERIODS, ["a"], None], ids=str)
def test_a_list_holds_no_period_and_no_list(item: Any) -> None:
    assert codes(["a", item], "in") == [("/value/1", "unknown_value")]
