from __future__ import annotations

import random
from typing import Any

import pytest

from campaigns.activity_types import get
from campaigns.graph import Arrow
from orchestration.exceptions import ActivityFailed
from tests.oracle_activities.combine import combined
from tests.orchestration.activities.samples import draw_people
from tests.orchestration.playground import Came, Rows, T, came, codes, play, signal

A, B = came("a", [1, 2, 3]), came("b", [3, 4])
CONTRACTS = came("c", ["C-001", "C-002"], dimension="contract")


def test_without_any_population_it_fails_and_says_what_to_do(small_shop: Rows) -> None:
    with pytest.raises(ActivityFailed, match="No population arrived"):
        play("combine", {"operation": "exclusion", "primary": "a"}, signal("a"))


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"operation": "exclusion"}, ("combine.no_primary", "/primary")),
        ({"operation": "union", "primary": "z"}, ("arrow.unknown", "/primary")),
        ({"operation": "union", "complement": True}, ("combine.no_complement", "/complement")),
        (
            {"operation": "union", "rules": [{"arrow": "b", "link": "x"}]},
            ("combine.needless_rules", "/rules"),
        ),
        ({"operation": "union", "primary": "a", "reconcile": "columns"}, ("combine.no_columns", "/columns")),
        ({"operation": "union", "columns": ["email"]}, ("combine.needless_columns", "/columns")),
        (
            {"operation": "union", "primary": "a", "reconcile": "columns", "columns": ["emial"]},
            ("rule.unknown_attribute", "/columns/0"),
        ),
    ],
)
def test_lint_names_what_is_wrong_and_where(config: dict[str, Any], found: tuple[str, str]) -> None:
    assert found in codes("combine", config, A, B)


def test_sets_of_different_dimensions_need_a_rule() -> None:
    config = {"operation": "exclusion", "primary": "a"}
    assert codes("combine", config, A, CONTRACTS) == {("combine.dimensions_differ", "/operation")}
    rules = [{"arrow": "c", "link": "person"}]
    assert codes("combine", {**config, "rules": rules}, A, CONTRACTS) == set()


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({"arrow": "c", "link": "persn"}, ("rule.unknown_link", "/rules/0/link")),
        ({"arrow": "b", "link": "contracts"}, ("combine.wrong_end", "/rules/0/link")),
        (
            {"arrow": "c", "attributes": [{"primary": "email", "other": "amount"}]},
            ("combine.incomparable", "/rules/0/attributes/0"),
        ),
    ],
)
def test_an_exclusion_rule_is_checked(rule: dict[str, Any], found: tuple[str, str]) -> None:
    config = {"operation": "exclusion", "primary": "a", "rules": [rule]}
    assert found in codes("combine", config, A, B, CONTRACTS)


def test_two_arrows_from_one_activity_are_told_apart_by_their_ports(small_shop: Rows) -> None:
    yes, no = came("s", [1, 2], port="yes"), came("s", [2, 3], port="no")
    assert codes("combine", {"operation": "exclusion", "primary": "s"}, yes, no) == {
        ("arrow.ambiguous", "/primary")
    }
    assert play("combine", {"operation": "exclusion", "primary": "s.no"}, yes, no).keys() == {3}


def test_an_exclusion_is_dead_without_its_primary_set() -> None:
    combine = get("combine")
    config = combine.Config.model_validate({"operation": "exclusion", "primary": "a"})
    assert not combine.may_start(config, [Arrow("b", "main", "here")])  # type: ignore[attr-defined]
    assert combine.may_start(config, [Arrow("a", "main", "here")])  # type: ignore[attr-defined]


def test_a_set_that_cannot_arrive_counts_as_empty(small_shop: Rows) -> None:
    absent = (Arrow("b", "main", "here"),)
    intersection = {"operation": "intersection", "complement": True}
    assert play("combine", intersection, A, absent=absent).counts() == {"main": 0, "complement": 3}
    assert play("combine", {"operation": "union"}, A, absent=absent).counts() == {"main": 3}


def test_the_primary_sets_data_survives(small_shop: Rows) -> None:
    ours = Came("a", {1: {"x": 1}, 2: {"x": 2}}, {"x": T.INTEGER})
    theirs = Came("b", {2: {"x": 20}, 3: {"x": 30}}, {"x": T.INTEGER})
    first = play("combine", {"operation": "union", "primary": "a"}, ours, theirs)
    second = play("combine", {"operation": "union", "primary": "b"}, ours, theirs)
    assert first.ports["main"] == {1: {"x": 1}, 2: {"x": 2}, 3: {"x": 30}}
    assert second.ports["main"] == {1: {"x": 1}, 2: {"x": 20}, 3: {"x": 30}}


def test_only_a_union_has_a_size_limit() -> None:
    limited = {"operation": "intersection", "limit": 3}
    assert codes("combine", limited, A, B) == {("combine.needless_limit", "/limit")}
    assert codes("combine", {"operation": "union", "complement": True}, A, B) == {
        ("combine.no_complement", "/complement")
    }


def test_a_size_limit_takes_the_primary_sets_people_first(small_shop: Rows) -> None:
    config = {"operation": "union", "primary": "b", "limit": 4, "complement": True}
    played = play("combine", config, came("a", range(1, 7)), came("b", [5, 6, 7]))
    assert {5, 6, 7} < played.keys()
    assert played.counts() == {"main": 4, "complement": 3}
    counted = play("combine", {**config, "complement": False}, came("a", range(1, 7)), came("b", [5, 6, 7]))
    assert counted.reported == {"left_out": 3}


def test_a_column_of_another_type_is_another_column(small_shop: Rows) -> None:
    ours = Came("a", {1: {"x": 1}}, {"x": T.INTEGER})
    theirs = Came("b", {2: {"x": "two"}}, {"x": T.TEXT})
    assert play("combine", {"operation": "union", "primary": "a"}, ours, theirs).ports["main"] == {
        1: {"x": 1},
        2: {"x": None},
    }
    common = {"operation": "union", "primary": "a", "keep": "common"}
    assert play("combine", common, ours, theirs).ports["main"] == {1: {}, 2: {}}


def _config(chance: random.Random) -> dict[str, Any]:
    operation = chance.choice(["union", "intersection", "exclusion"])
    config: dict[str, Any] = {
        "operation": operation,
        "primary": "a",
        "keep": chance.choice(["primary", "common"]),
    }
    if chance.random() < 0.5:
        config |= {"reconcile": "columns", "columns": chance.sample(["email", "city", "age", "@mark"], 2)}
    if operation == "union" and chance.random() < 0.7:
        config |= {"limit": chance.choice([1, 5, 20, 100])}
    may_leave = operation != "union" or "limit" in config
    return config | {"complement": may_leave and chance.random() < 0.5}


def test_the_reference_combines_alike(shop: Rows) -> None:
    chance = random.Random(3)
    for _round in range(24):
        config = _config(chance)
        inbound = [
            draw_people(chance, shop, source=name) for name in ("a", "b", "c")[: chance.choice([2, 3])]
        ]
        played = play("combine", config, *inbound)
        sets = [("person", each.people) for each in inbound]
        columns = [{"score", "mark"} for _each in inbound]
        expected = combined(shop, sets, {**config, "_columns": columns})
        for port, people in played.ports.items():
            assert people == expected[port], (config, port)


RULES = [
    {"arrow": "c", "link": "person"},
    {"arrow": "c", "attributes": [{"primary": "spend", "other": "amount"}]},
    {"arrow": "c", "attributes": [{"primary": "person_id", "other": "person_id"}]},
    {"arrow": "c", "attributes": [{"primary": "city", "other": "person.city"}]},
]


@pytest.mark.parametrize("rule", RULES)
def test_the_reference_excludes_across_dimensions_alike(shop: Rows, rule: dict[str, Any]) -> None:
    chance = random.Random(4)
    people = draw_people(chance, shop)
    contracts = came("c", [row["contract_no"] for row in shop["contract"][:9]], dimension="contract")
    config = {"operation": "exclusion", "primary": "a", "rules": [rule], "complement": True}
    played = play("combine", config, people, contracts)
    sets = [("person", people.people), ("contract", contracts.people)]
    expected = combined(shop, sets, {**config, "_rules": {0: rule}, "_columns": [{"score", "mark"}, set()]})
    assert played.ports == expected
