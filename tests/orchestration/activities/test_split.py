from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from orchestration.exceptions import ActivityFailed
from tests.oracle_activities.lookup import Rows, of_person
from tests.oracle_activities.split import Predicate, subsets
from tests.orchestration.activities.samples import draw_people
from tests.orchestration.playground import Came, T, came, codes, play

EVERYBODY = {"id": "all"}
ADULTS = {"kind": "condition", "attribute": "age", "operator": "greater", "value": 25}


@pytest.mark.parametrize(
    "subset",
    [{}, {"id": "No blanks"}, {"id": "a", "limit": {}}, {"id": "a", "limit": {"number": 1, "percent": "1"}}],
)
def test_misshapen_subsets_are_refused(subset: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        codes("split", {"subsets": [subset]}, came("a", []))


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"subsets": [EVERYBODY, EVERYBODY]}, ("split.repeated_subset", "/subsets/1/id")),
        ({"subsets": [{"id": "complement"}]}, ("split.repeated_subset", "/subsets/0/id")),
        (
            {"subsets": [EVERYBODY], "one_table": True, "overlap": True},
            ("split.overlap_in_one_table", "/one_table"),
        ),
        (
            {"subsets": [EVERYBODY], "one_table": True, "segment_column": "x"},
            ("column.taken", "/segment_column"),
        ),
        (
            {"subsets": [EVERYBODY], "one_table": True, "segment_column": "key"},
            ("column.taken", "/segment_column"),
        ),
        (
            {"subsets": [{"id": "a", "rule": {**ADULTS, "attribute": "agee"}}]},
            ("rule.unknown_attribute", "/subsets/0/rule/attribute"),
        ),
        (
            {"subsets": [{"id": "a", "limit": {"number": 1}, "sort": {"attribute": "extra"}}]},
            ("attribute.wrong_type", "/subsets/0/sort/attribute"),
        ),
        (
            {"subsets": [{"id": "a", "limit": {"variable": "word"}}]},
            ("variable.unknown", "/subsets/0/limit/variable"),
        ),
        (
            {"subsets": [{"id": "a", "limit": {"number": 1, "by": "extra"}}]},
            ("attribute.wrong_type", "/subsets/0/limit/by"),
        ),
        (
            {"subsets": [{"id": "a", "limit": {"percent": "1", "of": "inbound", "by": "city"}}]},
            ("split.share_of_all_in_groups", "/subsets/0/limit/of"),
        ),
        (
            {"subsets": [{"id": "a", "sort": {"attribute": "age"}}]},
            ("split.sort_without_limit", "/subsets/0/sort"),
        ),
    ],
)
def test_lint_names_what_is_wrong_and_where(config: dict[str, Any], found: tuple[str, str]) -> None:
    assert codes("split", config, Came("a", {}, {"x": T.INTEGER})) == {found}


def test_a_rule_may_ask_for_columns_that_were_added(small_shop: Rows) -> None:
    rule = {"kind": "condition", "attribute": "@x", "operator": "greater", "value": 2}
    people = Came("a", {key: {"x": key} for key in range(1, 5)}, {"x": T.INTEGER})
    assert codes("split", {"subsets": [{"id": "big", "rule": rule}]}, people) == set()
    assert play("split", {"subsets": [{"id": "big", "rule": rule}]}, people).keys("big") == {3, 4}


def test_columns_alone_decide_where_the_row_is_gone(small_shop: Rows) -> None:
    people = Came("a", {1: {"x": 1}, 1001: {"x": None}}, {"x": T.INTEGER})
    subsets = [_not_above("x", "@x", 0), _not_above("row", "age", 999)]
    played = play("split", {"subsets": subsets, "overlap": True}, people)
    assert (played.keys("x"), played.keys("row")) == ({1001}, {1})


def _not_above(port: str, attribute: str, value: int) -> dict[str, Any]:
    above = {"kind": "condition", "attribute": attribute, "operator": "greater", "value": value}
    return {"id": port, "rule": {"kind": "not", "of": above}}


def test_an_empty_subset_is_skipped_where_that_was_asked(small_shop: Rows) -> None:
    nobody = {"id": "nobody", "rule": {**ADULTS, "value": 200}}
    config = {"subsets": [{**nobody, "skip_empty": True}, {**nobody, "id": "none"}]}
    assert play("split", config, came("a", [1, 2])).ports == {"nobody": None, "none": {}}


def test_subsets_in_one_table_are_told_apart_by_a_column(small_shop: Rows) -> None:
    half = {"id": "half", "limit": {"percent": "50"}}
    played = play("split", {"subsets": [half, {"id": "rest"}], "one_table": True}, came("a", range(1, 13)))
    segments = [row["segment"] for row in (played.ports["main"] or {}).values()]
    assert sorted(segments) == ["half"] * 6 + ["rest"] * 6


def test_a_subset_may_have_a_code_of_its_own(small_shop: Rows) -> None:
    parts = [{"id": "half", "code": "WINBACK-1", "limit": {"number": 2}}, {"id": "rest"}]
    played = play("split", {"subsets": parts, "one_table": True}, came("a", [1, 2, 3]))
    segments = [row["segment"] for row in (played.ports["main"] or {}).values()]
    assert sorted(segments) == ["WINBACK-1", "WINBACK-1", "rest"]


@pytest.mark.parametrize(("value", "taken"), [(Decimal(0), 0), (Decimal("2.9"), 2), (Decimal(99), 5)])
def test_a_variable_may_say_how_many(small_shop: Rows, value: Decimal, taken: int) -> None:
    config = {"subsets": [{"id": "a", "limit": {"variable": "goal"}}]}
    assert len(play("split", config, came("a", range(1, 6)), variables={"goal": value}).keys("a")) == taken


@pytest.mark.parametrize("value", [None, Decimal(-1)])
def test_a_variable_that_is_no_number_of_people_fails_in_words(
    small_shop: Rows, value: Decimal | None
) -> None:
    config = {"subsets": [{"id": "a", "limit": {"variable": "goal"}}]}
    with pytest.raises(ActivityFailed, match="goal"):
        play("split", config, came("a", [1]), variables={"goal": value})


def test_one_table_holds_the_same_subsets_as_several(shop: Rows) -> None:
    people = came("a", [row["person_id"] for row in shop["person"]])
    parts = [{"id": "x", "rule": ADULTS, "limit": {"percent": "40"}}, {"id": "y", "limit": {"number": 9}}]
    several = play("split", {"subsets": parts}, people)
    table = play("split", {"subsets": parts, "one_table": True}, people).ports["main"] or {}
    for port in ("x", "y"):
        assert {key for key, row in table.items() if row["segment"] == port} == several.keys(port)


def _subset(chance: random.Random, number: int) -> dict[str, Any]:
    limits = [
        None,
        {"number": chance.randrange(1, 20)},
        {"percent": chance.choice(["1", "33.3", "50", "100"])},
        {"percent": "25", "of": "inbound"},
        {"variable": "goal"},
        {"number": 2, "by": "city"},
        {"percent": "40", "by": "@mark"},
        {"variable": "goal", "by": "profile.income"},
    ]
    limit = chance.choice(limits)
    attribute = chance.choice(["age", "name", "profile.income", "@score", "joined"])
    sort = {"attribute": attribute, "order": chance.choice(["ascending", "descending"])}
    return {
        "id": f"s{number}",
        **({"limit": limit} if limit else {}),
        **({"sort": sort} if limit and chance.random() < 0.5 else {}),
    }


def _rule(chance: random.Random, rows: Rows, people: Came) -> tuple[dict[str, Any], Predicate]:
    """A rule and what it means, in words of its own; nobody without a row obeys one that asks for the row."""
    known = {row["person_id"] for row in rows["person"]}

    def holds(key: Any, name: str, wanted: Any) -> bool:
        value = of_person(rows, "person", key, people.people[key], name)
        return (name.startswith("@") or key in known) and value is not None and wanted(value)

    older = {"kind": "condition", "attribute": "age", "operator": "greater_or_equal", "value": 30}
    scored = {"kind": "condition", "attribute": "@score", "operator": "less", "value": 2}
    return chance.choice(
        [
            (older, lambda key: holds(key, "age", lambda age: age >= 30)),
            (scored, lambda key: holds(key, "@score", lambda score: score < Decimal(2))),
        ]
    )


def test_the_reference_splits_alike(shop: Rows) -> None:
    chance = random.Random(5)
    for _round in range(24):
        people = draw_people(chance, shop)
        config: dict[str, Any] = {
            "subsets": [_subset(chance, number) for number in range(chance.choice([1, 2, 4]))],
            "overlap": chance.random() < 0.3,
            "complement": chance.random() < 0.5,
            "seed": chance.choice(["", "s"]),
        }
        rules: dict[str, Predicate] = {}
        for subset in config["subsets"]:
            if chance.random() < 0.5:
                subset["rule"], rules[subset["id"]] = _rule(chance, shop, people)
        played = play("split", config, people)
        expected = subsets(shop, people.people, config, rules, "here")
        assert {port: set(found or {}) for port, found in played.ports.items()} == {
            port: keys for port, keys in expected.items() if port != "complement" or config["complement"]
        }, config
        if not config["complement"]:
            assert played.reported == {"in_no_subset": len(expected["complement"])}


def test_a_subset_is_sorted_by_an_expression(small_shop: Rows) -> None:
    people = Came("a", {1: {"n": 3}, 2: {"n": -5}, 3: {"n": 1}}, {"n": T.INTEGER})
    sort = {"attribute": {"expression": "@n % 2 + Abs(@n)"}, "order": "descending"}
    subset = {"id": "first", "limit": {"number": 1}, "sort": sort}
    assert play("split", {"subsets": [subset]}, people).keys("first") == {2}
