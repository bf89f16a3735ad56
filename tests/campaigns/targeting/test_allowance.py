from __future__ import annotations

from time import monotonic

import pytest

from campaigns.targeting import trees
from campaigns.targeting.allowance import Allowance


@pytest.mark.parametrize(("nodes", "used_up"), [(-1, True), (0, True), (1, False)])
def test_it_is_used_up_when_nothing_is_left(nodes: int, used_up: bool) -> None:
    assert Allowance(nodes=nodes).is_used_up is used_up


def test_it_ends_with_its_time() -> None:
    assert Allowance(ends=monotonic()).is_used_up
    assert not Allowance(ends=monotonic() + 3600).is_used_up


def test_a_tree_is_taken_off_by_its_nodes_and_comes_back_as_it_was() -> None:
    made = trees.column("t", "age")
    left = Allowance(nodes=10)
    assert left.spend(made) is made
    assert left.nodes == 10 - sum(1 for _node in made.walk()) < 10
