from __future__ import annotations

from dataclasses import dataclass

from campaigns.graph import Arrow, Graph
from orchestration.frontier import Frontier, frontier, is_over


def graph_of(*arrows: str) -> Graph:
    """Arrows written as `source port target`."""
    parsed = [Arrow(*arrow.split()) for arrow in arrows]
    return Graph({end for arrow in parsed for end in (arrow.source, arrow.target)}, parsed)


@dataclass(frozen=True)
class Asking:
    """Types that wait for every arrow but `ignored` sources, and need the sources in `needed`."""

    ignored: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()

    def awaits(self, arrow: Arrow) -> bool:
        return arrow.source not in self.ignored

    def may_start(self, activity: str, arrived: tuple[Arrow, ...]) -> bool:
        return set(self.needed) <= {arrow.source for arrow in arrived}


def ask(
    graph: Graph, states: dict[str, str], *activated: tuple[str, str], demands: Asking = Asking()
) -> Frontier:
    return frontier(graph, states, activated, demands)


LINE = graph_of("a main b", "b main c")
DIAMOND = graph_of("a yes b", "a no c", "b main d", "c main d")


def test_nothing_is_ready_while_what_it_needs_is_under_way() -> None:
    for state in ("pending", "running", "waiting", "awaiting_confirmation", "sending"):
        assert ask(LINE, {"a": state}) == Frontier((), ())


def test_a_branch_behind_a_port_nobody_took_is_dead_to_its_end() -> None:
    assert ask(LINE, {"a": "succeeded"}) == Frontier((), ("b", "c"))


def test_a_failed_activity_kills_what_follows_it() -> None:
    assert ask(LINE, {"a": "failed"}) == Frontier((), ("b", "c"))


def test_a_join_waits_only_for_branches_that_can_still_arrive() -> None:
    states = {"a": "succeeded", "b": "succeeded"}
    assert ask(DIAMOND, states, ("a", "yes"), ("b", "main")) == Frontier(("d",), ("c",))


def test_a_join_waits_for_a_branch_that_is_under_way() -> None:
    states = {"a": "succeeded", "b": "succeeded", "c": "running"}
    assert ask(DIAMOND, states, ("a", "yes"), ("a", "no"), ("b", "main")) == Frontier((), ())


def test_a_join_is_dead_when_its_type_says_that_too_little_arrived() -> None:
    states = {"a": "succeeded", "b": "succeeded", "c": "dead"}
    found = ask(DIAMOND, states, ("a", "yes"), ("b", "main"), demands=Asking(needed=("c",)))
    assert found == Frontier((), ("d",))


def test_a_join_goes_on_without_a_branch_it_does_not_wait_for() -> None:
    states = {"a": "succeeded", "b": "succeeded", "c": "running"}
    activated = (("a", "yes"), ("a", "no"), ("b", "main"))
    assert ask(DIAMOND, states, *activated, demands=Asking(ignored=("c",))) == Frontier(("d",), ())


def test_what_has_no_inbound_arrow_starts_at_once() -> None:
    assert ask(DIAMOND, {}) == Frontier(("a",), ())


def test_a_run_is_over_when_every_activity_has_come_to_an_end() -> None:
    assert not is_over(LINE, {"a": "succeeded", "b": "sending", "c": "dead"})
    assert is_over(LINE, {"a": "succeeded", "b": "dead", "c": "dead"})
