from __future__ import annotations

from typing import Any

from campaigns.activity_types import get
from campaigns.graph import Arrow
from tests.orchestration.playground import Rows, came, codes, play, signal

JOIN: Any = get("and_join")
A, B, C = Arrow("a", "main", "here"), Arrow("b", "yes", "here"), Arrow("c", "main", "here")


def settings(**config: Any) -> Any:
    return JOIN.Config.model_validate(config)


def test_it_has_to_be_said_whose_people_go_on() -> None:
    inbound = (came("a", [1]), came("b", [2]))
    assert codes("and_join", {}, *inbound) == {("and_join.no_primary", "/primary")}
    assert codes("and_join", {"primary": "z"}, *inbound) == {("arrow.unknown", "/primary")}
    assert codes("and_join", {"primary": "a"}, *inbound) == set()


def test_the_primary_set_has_to_carry_people() -> None:
    inbound = (came("a", [1]), signal("b"))
    assert codes("and_join", {"primary": "b"}, *inbound) == {("arrow.no_population", "/primary")}


def test_it_waits_only_for_arrows_that_come_in() -> None:
    config = {"primary": "a", "wait_for": ["a", "z", "a"]}
    assert codes("and_join", config, came("a", [1]), came("b", [2])) == {
        ("arrow.unknown", "/wait_for/1"),
        ("and_join.repeated_arrow", "/wait_for/2"),
    }


def test_it_is_dead_without_its_primary_set() -> None:
    assert not JOIN.may_start(settings(primary="a"), [B, C])
    assert JOIN.may_start(settings(primary="a"), [A])
    assert JOIN.may_start(settings(primary="b.yes"), [B])


def test_it_waits_for_all_or_for_those_listed_and_the_primary_set() -> None:
    assert all(JOIN.awaits(settings(primary="a"), arrow) for arrow in (A, B, C))
    listed = settings(primary="a", wait_for=["b"])
    assert [JOIN.awaits(listed, arrow) for arrow in (A, B, C)] == [True, True, False]


def test_only_the_primary_sets_people_go_on(small_shop: Rows) -> None:
    played = play("and_join", {"primary": "b"}, came("a", [1]), came("b", [2, 3]))
    assert played.keys() == {2, 3}
    assert not played.activity_run.populations.filter(owns_table=True).exists()
