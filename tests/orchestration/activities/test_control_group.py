from __future__ import annotations

import random

import pytest

from tests.oracle_activities.control_group import withheld
from tests.orchestration.activities.samples import ATTRIBUTES, draw_people, some
from tests.orchestration.playground import Rows, came, codes, play, signal


def test_without_people_there_is_nothing_to_withhold(small_shop: Rows) -> None:
    assert play("control_group", {"percent": "10"}, came("a", [])).counts() == {"control": 0, "main": 0}


def test_settings_have_one_size() -> None:
    with pytest.raises(ValueError, match="one size"):
        codes("control_group", {"percent": "10", "number": 3}, came("a", []))
    with pytest.raises(ValueError, match="one size"):
        codes("control_group", {}, came("a", []))


def test_lint_names_what_is_wrong_and_where() -> None:
    config = {"percent": "10", "stratify": ["city", "city", "contracts.kind", "extra", "@gone"]}
    assert codes("control_group", config, came("a", [])) == {
        ("control_group.repeated_stratum", "/stratify/1"),
        ("rule.collection", "/stratify/2"),
        ("attribute.wrong_type", "/stratify/3"),
        ("rule.unknown_attribute", "/stratify/4"),
    }
    assert codes("control_group", {"percent": "10"}, signal("a")) == {("arrow.nobody", "")}


def test_more_than_everybody_is_everybody(small_shop: Rows) -> None:
    played = play("control_group", {"number": 100}, came("a", range(1, 13)))
    assert played.counts() == {"control": 12, "main": 0}


def test_the_same_seed_withholds_the_same_people_wherever_they_come_from(small_shop: Rows) -> None:
    first = play("control_group", {"percent": "50", "seed": "s"}, came("a", range(1, 13)))
    again = play("control_group", {"percent": "50", "seed": "s"}, came("b", range(1, 13)))
    other = play("control_group", {"percent": "50", "seed": "t"}, came("a", range(1, 13)))
    assert first.keys("control") == again.keys("control")
    assert first.keys("control") != other.keys("control")


def test_the_reference_withholds_the_same_people(shop: Rows) -> None:
    chance = random.Random(1)
    for _round in range(12):
        people = draw_people(chance, shop)
        size = chance.choice([{"percent": chance.choice(["1", "12.5", "50", "100"])}, {"number": 7}])
        config = {**size, "stratify": some(chance, ATTRIBUTES) if chance.random() < 0.7 else [], "seed": "s"}
        played = play("control_group", config, people)
        expected = withheld(shop, people.people, config, "here")
        assert played.keys("control") == expected, config
        assert played.ports["main"] == {k: row for k, row in people.people.items() if k not in expected}
