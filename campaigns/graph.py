"""The drawing as a graph: order, cycles, reach. Pure Python, knows neither Django nor activity types."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True, order=True)
class Arrow:
    source: str
    port: str
    target: str


class Graph:
    """Activity ids joined by arrows; arrows to or from unknown ids are left out of every answer."""

    def __init__(self, ids: Iterable[str], arrows: Iterable[Arrow]) -> None:
        self.ids = tuple(sorted(ids))
        known = set(self.ids)
        self.arrows = tuple(sorted(a for a in arrows if a.source in known and a.target in known))
        self._out: dict[str, list[Arrow]] = defaultdict(list)
        self._in: dict[str, list[Arrow]] = defaultdict(list)
        for arrow in self.arrows:
            self._out[arrow.source].append(arrow)
            self._in[arrow.target].append(arrow)

    def out_of(self, activity: str, port: str | None = None) -> tuple[Arrow, ...]:
        return tuple(a for a in self._out[activity] if port is None or a.port == port)

    def into(self, activity: str) -> tuple[Arrow, ...]:
        return tuple(self._in[activity])

    def starts(self) -> tuple[str, ...]:
        return tuple(i for i in self.ids if not self._in[i])

    def begun_at(self, activity: str) -> Graph:
        """The same drawing without what leads to this activity, which therefore is a start."""
        return Graph(self.ids, (arrow for arrow in self.arrows if arrow.target != activity))

    def ordered(self) -> tuple[str, ...]:
        """Every id after all it depends on, ties by id; what stands in or behind a cycle is left out."""
        return self._ordered

    @cached_property
    def _ordered(self) -> tuple[str, ...]:
        waiting = {i: len(self._in[i]) for i in self.ids}
        ready = [i for i in self.ids if not waiting[i]]
        done: list[str] = []
        while ready:
            current = ready.pop(0)
            done.append(current)
            ready = sorted({*ready, *self._released(current, waiting)})
        return tuple(done)

    def _released(self, activity: str, waiting: dict[str, int]) -> Iterator[str]:
        for arrow in self._out[activity]:
            waiting[arrow.target] -= 1
            if not waiting[arrow.target]:
                yield arrow.target

    def in_cycles(self) -> frozenset[str]:
        """Ids that can reach themselves."""
        left = set(self.ids) - set(self.ordered())
        return frozenset(i for i in left if i in self.downstream(i))

    def downstream(self, activity: str) -> frozenset[str]:
        """Every id that can be reached by at least one arrow."""
        seen: set[str] = set()
        todo = [a.target for a in self._out[activity]]
        while todo:
            current = todo.pop()
            if current not in seen:
                seen.add(current)
                todo.extend(a.target for a in self._out[current])
        return frozenset(seen)
