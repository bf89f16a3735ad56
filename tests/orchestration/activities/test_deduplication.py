from __future__ import annotations

import random

import pytest
from django.db import connection

from campaigns.activity_types import get
from campaigns.graph import Arrow
from tests.oracle_activities.deduplication import filled, kept
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


@pytest.mark.parametrize("trim", [True, False])
def test_nobodys_value_is_taken_for_the_key_of_somebody_without_one(small_shop: Rows, trim: bool) -> None:
    """1 and 2 have no value; the values of the others are their keys, with a blank before them or not."""
    config = {"keys": ["@mark"], "method": FIRST, "trim": trim}
    assert play("deduplication", config, marked(None, "", "1", " 2", "2 ")).keys() == (
        {1, 2, 3, 4} if trim else {1, 2, 3, 4, 5}
    )


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


def test_the_primary_sets_duplicates_are_looked_for_alone(small_shop: Rows) -> None:
    ours, theirs = marked("a", "a", "b"), Came("b", {9: {"mark": "b"}}, {"mark": T.TEXT})
    config = {"keys": ["@mark"], "method": FIRST}
    assert codes("deduplication", config, ours, theirs) == {("deduplication.no_primary", "/primary")}
    assert codes("deduplication", {**config, "primary": "c"}, ours, theirs) == {("arrow.unknown", "/primary")}
    played = play("deduplication", {**config, "primary": "a"}, theirs, ours)
    assert (played.keys(), played.reported) == ({1, 3}, {"duplicates": 1})


def test_it_cannot_start_without_its_primary_set() -> None:
    kind = get("deduplication")
    config = kind.Config.model_validate({"keys": ["email"], "primary": "a"})
    assert not kind.may_start(config, [Arrow("b", "main", "here")])  # type: ignore[attr-defined]
    assert kind.may_start(config, [Arrow("a", "main", "here")])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"fill": ["mrk"]}, ("column.unknown", "/fill/0")),
        ({"fill": ["mark", "mark"]}, ("deduplication.repeated_fill", "/fill/1")),
        ({"fill": ["mark"], "keep": 2}, ("deduplication.needless_fill", "/fill")),
    ],
)
def test_columns_to_fill_are_checked(config: dict[str, object], found: tuple[str, str]) -> None:
    assert codes("deduplication", {"keys": ["email"], **config}, marked("a")) == {found}


def test_whoever_is_kept_may_take_over_what_the_duplicates_know(small_shop: Rows) -> None:
    people = {1: {"mark": "", "x": None}, 2: {"mark": "b", "x": None}, 3: {"mark": "c", "x": 3}}
    inbound = Came("a", people, {"mark": T.TEXT, "x": T.INTEGER})
    config = {"keys": ["@same"], "method": FIRST, "fill": ["mark", "x"]}
    same = Came(
        "a", {key: {**row, "same": 1} for key, row in people.items()}, {**inbound.columns, "same": T.INTEGER}
    )
    assert play("deduplication", config, same).ports["main"] == {1: {"mark": "b", "x": 3, "same": 1}}


def test_the_reference_fills_the_same(shop: Rows) -> None:
    chance = random.Random(8)
    for number in range(12):
        people = draw_people(chance, shop)
        method = METHODS[number % len(METHODS)]
        config = {
            "keys": some(chance, ["email", "city", "age"], 2),
            "method": method,
            "fill": ["mark", "score"],
        }
        expected = filled(shop, people.people, config, "here")
        assert play("deduplication", config, people).ports["main"] == expected, config


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


@pytest.mark.parametrize("analysed", [False, True])
def test_the_reference_keeps_the_same_people(shop: Rows, analysed: bool) -> None:
    """Rows that are known to lie in the order of their key are joined otherwise."""
    if analysed:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE play.person")
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
