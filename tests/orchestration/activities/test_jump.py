from __future__ import annotations

from typing import Any

import pytest

from tests.orchestration.playground import Rows, came, codes, play, signal

BACK = {"to": "a", "most": 2}


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"most": 2},
        {"to": ""},
        {"to": 3},
        {"to": "x" * 61},
        {"to": "a\nb"},
        {"to": "a", "most": 0},
        {"to": "a", "most": 101},
        {"to": "a", "most": "2"},
        {"to": "a", "most": True},
    ],
)
def test_misshapen_settings_are_refused(config: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        codes("jump", config, came("a", []))


def test_it_needs_people() -> None:
    assert codes("jump", BACK, signal("a")) == {("arrow.nobody", "")}
    assert codes("jump", BACK, came("a", [])) == set()


def test_where_nobody_comes_in_nobody_goes_anywhere(small_shop: Rows) -> None:
    for rounds in (0, 2):
        played = play("jump", BACK, came("a", []), rounds=rounds)
        assert (played.state, played.ports) == ("succeeded", {"main": None, "back": None})
        assert not played.activity_run.run.iterations.exists()


@pytest.mark.parametrize("rounds", [0, 1])
def test_while_rounds_are_left_everybody_goes_back(small_shop: Rows, rounds: int) -> None:
    played = play("jump", BACK, came("a", [1, 2]), rounds=rounds)
    assert played.keys("back") == {1, 2}
    assert played.ports["main"] is None
    begun = played.activity_run.run.iterations.get()
    assert (begun.number, begun.to, begun.jump) == (1, "a", played.activity_run)


@pytest.mark.parametrize("rounds", [2, 3])
def test_when_rounds_are_used_up_everybody_leaves(small_shop: Rows, rounds: int) -> None:
    played = play("jump", BACK, came("a", [1, 2]), rounds=rounds)
    assert played.keys() == {1, 2}
    assert played.ports["back"] is None
    assert not played.activity_run.run.iterations.exists()


def test_ten_rounds_are_the_most_unless_told_otherwise(small_shop: Rows) -> None:
    assert play("jump", {"to": "a"}, came("a", [1]), rounds=9).ports["main"] is None
    assert play("jump", {"to": "a"}, came("a", [1]), rounds=10).ports["back"] is None
