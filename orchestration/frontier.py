"""What may happen next in a run: pure logic over the graph and what its activities have come to.

An arrow has *arrived* when its source succeeded and activated the port; it is *dead* when its source can no longer do so;
otherwise it is open. An activity is ready when none of its arrows is open and enough has arrived, and dead when none is
open and too little has. So a join waits only for branches that can still arrive.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from campaigns.graph import Arrow, Graph

ENDED = frozenset({"dead", "cancelled", "failed"})


class Demands(Protocol):
    """What the activities of a run say of the arrows that come in."""

    def awaits(self, arrow: Arrow) -> bool:
        """Whether the arrow's target waits for it as long as it may still arrive."""

    def may_start(self, activity: str, arrived: tuple[Arrow, ...]) -> bool:
        """Whether what arrived is enough once nothing else that is awaited can arrive."""


@dataclass(frozen=True, slots=True)
class Frontier:
    """Activity ids that may start now, and those that never will."""

    ready: tuple[str, ...]
    dead: tuple[str, ...]


def frontier(
    graph: Graph,
    states: Mapping[str, str],
    activated: Collection[tuple[str, str]],
    demands: Demands,
    part: Collection[str] | None = None,
) -> Frontier:
    """`states` holds what each activity that has begun has come to; `activated` the (activity, port) pairs taken.
    Only what is in `part` may start or be dead, where one is given: of the others the states are all there is to say.

    A failed activity blocks nothing here: under the policies that stop a run, nobody asks.
    """
    known = dict(states)
    ready: list[str] = []
    dead: list[str] = []
    for activity in _asked(graph, part):
        arrows = graph.into(activity)
        if activity in known or any(_is_open(arrow, known) and demands.awaits(arrow) for arrow in arrows):
            continue
        arrived = tuple(arrow for arrow in arrows if has_arrived(arrow, known, activated))
        if arrows and not (arrived and demands.may_start(activity, arrived)):
            dead.append(activity)
            known[activity] = "dead"
        else:
            ready.append(activity)
    return Frontier(tuple(ready), tuple(dead))


def has_arrived(arrow: Arrow, states: Mapping[str, str], activated: Collection[tuple[str, str]]) -> bool:
    return states.get(arrow.source) == "succeeded" and (arrow.source, arrow.port) in activated


def _is_open(arrow: Arrow, states: Mapping[str, str]) -> bool:
    state = states.get(arrow.source)
    return state is None or (state != "succeeded" and state not in ENDED)


def _asked(graph: Graph, part: Collection[str] | None) -> tuple[str, ...]:
    return tuple(i for i in graph.ordered() if part is None or i in part)


def is_over(graph: Graph, states: Mapping[str, str], part: Collection[str] | None = None) -> bool:
    """Whether nothing more will happen: every activity, or every one in `part`, has come to an end."""
    return all(states.get(i) == "succeeded" or states.get(i) in ENDED for i in _asked(graph, part))
