from __future__ import annotations

import random

import pytest

from tests.oracle_activities.deduplication import kept
from tests.orchestration.activities.samples import ATTRIBUTES, draw_people, some
from tests.orchestration.playground import Came, Rows, T, came, codes, play


def test_without_people_nobody_is_a_duplicate(small_shop: Rows) -> None:
    played = play("deduplication", {"keys": ["email"], "complement": True}, came("a", []))
    assert played.counts() == {"main": 0, "complement": 0}


@pytest.mark.parametrize(
    "config", [{}, {"keys": []}, {"keys": ["email"], "keep": -1}, {"keys": ["email"], "keep": "1"}]
)
def test_misshapen_settings_are_refused(config: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        codes("deduplication", config, came("a", []))


def test_lint_names_what_is_wrong_and_where() -> None:
    method = {"kind": "list", "attribute": "age", "values": [20, "old"]}
    assert codes("deduplication", {"keys": ["email", "emial", "email"], "method": method}, came("a", [])) == {
        ("rule.unknown_attribute", "/keys/1"),
        ("deduplication.repeated_key", "/keys/2"),
        ("rule.wrong_type", "/method/values/1"),
    }
    by_value = {"kind": "value", "attribute": "extra"}
    assert codes("deduplication", {"keys": ["email"], "method": by_value}, came("a", [])) == {
        ("attribute.wrong_type", "/method/attribute")
    }


def marked(*marks: str | None) -> Came:
    people = {key: {"mark": mark} for key, mark in enumerate(marks, 1)}
    return Came("a", people, {"mark": T.TEXT})


FIRST = {"kind": "value", "attribute": "person_id"}


def test_people_without_any_of_the_fields_are_nobodys_duplicates(small_shop: Rows) -> None:
    played = play(
        "deduplication", {"keys": ["@mark"], "method": FIRST}, marked(None, None, "", "a", "a", " ")
    )
    assert played.keys() == {1, 2, 3, 4, 6}


def test_case_and_blanks_count_only_where_they_are_asked_to(small_shop: Rows) -> None:
    people = marked("a", "A", " a", "Ä", "ä", "b")
    strict = {"keys": ["@mark"], "method": FIRST, "ignore_case": False, "trim": False}
    assert play("deduplication", {"keys": ["@mark"], "method": FIRST}, people).keys() == {1, 4, 6}
    assert play("deduplication", strict, people).keys() == {1, 2, 3, 4, 5, 6}


def test_keeping_none_away_keeps_all(small_shop: Rows) -> None:
    played = play("deduplication", {"keys": ["@mark"], "keep": 0}, marked("a", "a", "b"))
    assert (played.counts(), played.reported) == ({"main": 3}, {"duplicates": 0})


def test_whoever_is_not_kept_is_counted_or_leaves_by_the_complement(small_shop: Rows) -> None:
    people = marked("a", "a", "a", "b")
    config = {"keys": ["@mark"], "keep": 2, "method": FIRST}
    assert play("deduplication", config, people).reported == {"duplicates": 1}
    assert play("deduplication", {**config, "complement": True}, people).ports["complement"] == {
        3: {"mark": "a"}
    }


METHODS = [
    {"kind": "random"},
    {"kind": "random", "seed": "other"},
    {"kind": "value", "attribute": "spend", "first": "largest"},
    {"kind": "value", "attribute": "name"},
    {"kind": "value", "attribute": "@score"},
    {"kind": "non_empty", "attributes": ["city", "profile.income"]},
    {"kind": "list", "attribute": "age", "values": [30, 20]},
    {"kind": "list", "attribute": "profile.income", "values": ["low", "high"]},
]


def test_the_reference_keeps_the_same_people(shop: Rows) -> None:
    chance = random.Random(2)
    for number in range(24):
        people = draw_people(chance, shop)
        config = {
            "keys": some(chance, ATTRIBUTES, 2),
            "keep": chance.choice([0, 1, 1, 2]),
            "method": METHODS[number % len(METHODS)],
            "ignore_case": chance.random() < 0.5,
            "trim": chance.random() < 0.5,
            "complement": True,
        }
        played = play("deduplication", config, people)
        expected = kept(shop, people.people, config, "here")
        assert played.keys() == expected, config
        assert played.keys("complement") == set(people.people) - expected


def test_an_expression_decides_whom_to_keep(small_shop: Rows) -> None:
    people = Came(
        "a",
        {1: {"m": "x", "n": 3}, 2: {"m": "x", "n": -5}, 3: {"m": "y", "n": 1}},
        {"m": T.TEXT, "n": T.INTEGER},
    )
    method = {"kind": "value", "attribute": {"expression": "Abs(@n)"}, "first": "largest"}
    assert play("deduplication", {"keys": ["@m"], "method": method}, people).keys() == {2, 3}
