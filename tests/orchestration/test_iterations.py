"""Rounds as plain logic: what is executed in each, and whose state counts there."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from orchestration.iterations import Begun, Rounds
from orchestration.models import ActivityRun, Iteration
from tests.ledger import make_campaign, make_run
from tests.orchestration.test_frontier import graph_of

LOOP = graph_of("all main a", "a main b", "b main jump", "jump main end", "all main side", "side main b")


def test_a_run_has_a_first_round_that_is_all_of_the_drawing() -> None:
    (first,) = Rounds(LOOP, [])
    assert (first.number, first.begun) == (0, None)
    assert first.part == LOOP.ordered()
    assert set(first.holders.values()) == {0}


def test_a_round_is_where_people_come_back_to_and_all_behind_it() -> None:
    _first, second = Rounds(LOOP, [Begun(1, 0, "a")])
    assert second.part == ("a", "b", "jump", "end")
    assert second.graph.into("a") == ()
    assert [arrow.source for arrow in second.graph.into("b")] == ["a", "side"]
    assert second.begins_at("a")
    assert not second.begins_at("b")


def test_what_is_outside_is_that_of_the_round_before_and_of_those_before_it() -> None:
    rounds = Rounds(LOOP, [Begun(2, 1, "b"), Begun(1, 0, "a"), Begun(3, 0, "a"), Begun(4, 2, "b")])
    assert [each.number for each in rounds] == [0, 1, 2, 3, 4]
    assert (rounds[2].holders["a"], rounds[2].holders["b"], rounds[2].holders["side"]) == (1, 2, 0)
    assert (rounds[4].holders["a"], rounds[4].holders["b"]) == (1, 4)
    assert rounds[3].holders["a"] == 3


def test_a_round_sees_of_each_activity_the_value_that_counts() -> None:
    rounds = Rounds(LOOP, [Begun(1, 0, "b"), Begun(2, 0, "b")])
    values = {(0, "a"): "old", (0, "b"): "old", (1, "b"): "new", (2, "b"): "newer"}
    assert rounds[0].seen(values) == {"a": "old", "b": "old"}
    assert rounds[1].seen(values) == {"a": "old", "b": "new"}


@pytest.mark.django_db
@pytest.mark.parametrize("again", [{"number": 1}, {"number": 2, "same_jump": True}, {"number": 0}])
def test_the_database_refuses_a_second_round_of_a_jump_and_a_second_of_a_number(
    again: dict[str, int],
) -> None:
    run = make_run(make_campaign())
    first, second = (
        ActivityRun.objects.create(run=run, activity_id=name, type="jump", state="succeeded") for name in "ab"
    )
    Iteration.objects.create(run=run, number=1, jump=first, to="x")
    jump = first if again.get("same_jump") else second
    with pytest.raises(IntegrityError), transaction.atomic():
        Iteration.objects.create(run=run, number=again["number"], jump=jump, to="x")
