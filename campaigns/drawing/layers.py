"""A layered layout from left to right: pure Python, the same graph gives the same places.

Boxes stand in columns after all that lead to them. An arrow that spans several columns passes through a
waypoint in each of them, so that it does not run under boxes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean

from campaigns.graph import Arrow, Graph

SWEEPS = 7
WAYPOINT_HEIGHT = 24.0
BOX_WEIGHT = 8.0
"""How much more it matters that a box stands straight behind another than that a long arrow is straight."""

Item = tuple[str, ...]
"""A box, (id,), or a waypoint, (source, port, target, column)."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """Sizes in pixels: the width of a box, and the empty space between columns and between rows."""

    width: float
    columns: float
    rows: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box stands: its left upper corner."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Every box's place, and for each arrow the points it passes between its ends."""

    places: Mapping[str, Place]
    waypoints: Mapping[Arrow, Sequence[Place]]


def lay_out(
    graph: Graph,
    heights: Mapping[str, float],
    spacing: Spacing,
    ports: Mapping[str, Sequence[str]] | None = None,
) -> Layout:
    """Places for every id of the graph, whose boxes are `heights` high and have their `ports` from top to
    bottom.
    """
    return _Sheet(graph, columns_of(graph), heights, spacing, ports or {}).layout()


def port_offset(port: str, ports: Sequence[str], height: float) -> float:
    """How far a port stands below the middle of its box."""
    if port not in ports:
        return 0.0
    return height * ((ports.index(port) + 1) / (len(ports) + 1) - 0.5)


def columns_of(graph: Graph) -> dict[str, int]:
    """The column of each id: one further than the furthest that leads to it; arrows that close a circle
    do not count.
    """
    forward = _without_circles(graph)
    columns: dict[str, int] = {}
    for activity in Graph(graph.ids, forward).ordered():
        before = [columns[arrow.source] for arrow in forward if arrow.target == activity]
        columns[activity] = max(before, default=-1) + 1
    return columns


def _without_circles(graph: Graph) -> list[Arrow]:
    """The arrows less those that lead back to an activity from which a walk came."""
    done: set[str] = set()
    kept: list[Arrow] = []
    for start in [*graph.starts(), *graph.ids]:
        if start not in done:
            kept += _walk(graph, start, done)
    return kept


def _walk(graph: Graph, start: str, done: set[str]) -> Iterator[Arrow]:
    """Depth first, without recursion; `done` gathers what was left behind for good."""
    path = [start]
    ahead = {start: iter(graph.out_of(start))}
    while path:
        arrow = next(ahead[path[-1]], None)
        if arrow is None:
            done.add(path.pop())
            continue
        if arrow.target in path:
            continue
        yield arrow
        if arrow.target not in done:
            path.append(arrow.target)
            ahead[arrow.target] = iter(graph.out_of(arrow.target))


@dataclass
class _Sheet:
    """The columns with their items, while they are being ordered and placed."""

    graph: Graph
    columns: Mapping[str, int]
    heights: Mapping[str, float]
    spacing: Spacing
    ports: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _rows: list[list[Item]] = field(default_factory=list)
    _before: dict[Item, list[Item]] = field(default_factory=lambda: defaultdict(list))
    _after: dict[Item, list[Item]] = field(default_factory=lambda: defaultdict(list))
    _middle: dict[Item, float] = field(default_factory=dict)
    _offsets: dict[tuple[Item, Item], float] = field(default_factory=dict)
    """From the middle of an item to where the line to the other leaves it."""

    def layout(self) -> Layout:
        self._rows = [[] for _column in range(max(self.columns.values(), default=-1) + 1)]
        for activity in self.graph.ids:
            self._rows[self.columns[activity]].append((activity,))
        for arrow in self.graph.arrows:
            self._thread(arrow)
        for number in range(SWEEPS):
            self._order(forward=number % 2 == 0)
        for number in range(SWEEPS):
            self._settle(forward=number % 2 == 0)
        return self._finished()

    def _thread(self, arrow: Arrow) -> None:
        """Join the ends of an arrow through waypoints in the columns between."""
        first, last = self.columns[arrow.source], self.columns[arrow.target]
        chain: list[Item] = [(arrow.source,)]
        for column in range(first + 1, last):
            chain.append(_waypoint(arrow, column))
            self._rows[column].append(chain[-1])
        chain.append((arrow.target,))
        if first < last:
            self._offsets[chain[0], chain[1]] = self._port_offset(arrow)
            for one, other in pairwise(chain):
                self._after[one].append(other)
                self._before[other].append(one)

    def _port_offset(self, arrow: Arrow) -> float:
        return port_offset(arrow.port, self.ports.get(arrow.source, ()), self.heights[arrow.source])

    def _order(self, *, forward: bool) -> None:
        """Sort each column by where its neighbours stand, which takes most crossings away."""
        neighbours = self._before if forward else self._after
        rows = self._rows if forward else self._rows[::-1]
        position = {item: float(number) for row in self._rows for number, item in enumerate(row)}

        def place(item: Item) -> tuple[float, float]:
            around = (position[n] + self._offset(n, item) / 1_000 for n in neighbours[item])
            return _mean(around, position[item]), position[item]

        for row in rows:
            row.sort(key=place)
            position |= {item: float(number) for number, item in enumerate(row)}

    def _offset(self, one: Item, other: Item) -> float:
        return self._offsets.get((one, other), -self._offsets.get((other, one), 0.0))

    def _settle(self, *, forward: bool) -> None:
        """Move each item to the middle of its neighbours, as far as those above it leave room."""
        neighbours = self._before if forward else self._after
        for row in self._rows if forward else self._rows[::-1]:
            wanted = [self._wanted(item, neighbours) for item in row]
            floor = float("-inf")
            placed = []
            for item, middle in zip(row, wanted, strict=True):
                half = self._height(item) / 2
                placed.append(max(middle, floor + half))
                floor = placed[-1] + half + self.spacing.rows
            weights = [BOX_WEIGHT if len(item) == 1 else 1.0 for item in row]
            shift = fmean((w - p for w, p in zip(wanted, placed, strict=True)), weights)
            self._middle |= {item: at + shift for item, at in zip(row, placed, strict=True)}

    def _wanted(self, item: Item, neighbours: Mapping[Item, list[Item]]) -> float:
        known = [n for n in neighbours[item] if n in self._middle]
        boxes = [n for n in known if len(n) == 1 or len(item) > 1] or known
        return _mean((self._middle[n] + self._offset(n, item) for n in boxes), self._middle.get(item, 0.0))

    def _height(self, item: Item) -> float:
        return self.heights[item[0]] if len(item) == 1 else WAYPOINT_HEIGHT

    def _finished(self) -> Layout:
        tops = (middle - self._height(item) / 2 for item, middle in self._middle.items())
        top = min(tops, default=0.0)
        places = {
            activity: Place(
                self._x(self.columns[activity]),
                self._middle[(activity,)] - self.heights[activity] / 2 - top,
            )
            for activity in self.graph.ids
        }
        waypoints = {arrow: self._passed(arrow, top) for arrow in self.graph.arrows}
        return Layout(places, waypoints)

    def _passed(self, arrow: Arrow, top: float) -> tuple[Place, ...]:
        between = range(self.columns[arrow.source] + 1, self.columns[arrow.target])
        return tuple(
            Place(self._x(column) + self.spacing.width / 2, self._middle[_waypoint(arrow, column)] - top)
            for column in between
        )

    def _x(self, column: int) -> float:
        return column * (self.spacing.width + self.spacing.columns)


def _waypoint(arrow: Arrow, column: int) -> Item:
    return arrow.source, arrow.port, arrow.target, str(column)


def _mean(values: Iterable[float], otherwise: float) -> float:
    found = list(values)
    return fmean(found) if found else otherwise
