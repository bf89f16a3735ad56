"""What a page paints of a document: boxes with their ways out, and the arrows between them.

Nothing here knows addresses or runs. The page adds links by id, and counts by the names the marks carry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from campaigns.activity_parts import goes_back_to, known_ports, title_of, type_of
from campaigns.activity_types import BACK, MAIN, Port
from campaigns.document import ActivityPart, Document
from campaigns.drawing.layers import Layout, Place, Spacing, lay_out
from campaigns.drawing.texts import cut, wrapped
from campaigns.graph import Arrow

WIDTH = 204.0
LEAST_HEIGHT = 76.0
HEIGHT_PER_PORT = 30.0
MARGIN = 28.0
ROOM_FOR_STUBS = 120.0
LABEL_WIDTH, LABEL_LINES, PORT_WIDTH = 21, 2, 13
MIDDLE, LABELLED = 0.5, 0.8
"""How far along an arrow its mark stands: behind the label of the port, where there is one."""
DEPTH = 34.0
"""How far below the boxes a way back runs."""
SPACING = Spacing(width=WIDTH, columns=116.0, rows=30.0)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outlet:
    """A way out of a box: where an arrow begins, or may begin."""

    activity: str
    port: str
    label: str
    x: float
    y: float
    is_taken: bool

    @property
    def key(self) -> str:
        return f"{self.activity}.{self.port}"


@dataclass(frozen=True, slots=True)
class Box:
    """One activity. `problems` is how many findings it has."""

    id: str
    title: str
    lines: Sequence[str]
    type: str
    icon: str
    category: str
    x: float
    y: float
    height: float
    outlets: Sequence[Outlet]
    problems: int = 0

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Line:
    """One arrow: its SVG path, and where its label and its count stand."""

    source: str
    port: str
    target: str
    path: str
    label: str
    x: float
    y: float
    leads_back: bool = False

    @property
    def key(self) -> str:
        return f"{self.source}.{self.port}"


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it, and how large it is."""

    width: float = 0.0
    height: float = 0.0
    boxes: Sequence[Box] = ()
    lines: Sequence[Line] = ()
    box_width: float = field(default=WIDTH)


def draw(document: Document, problems: Mapping[str, int] | None = None) -> Picture:
    """The picture of a document; `problems` counts findings by activity."""
    if not document.activities:
        return Picture()
    ways = {part.id: ways_out(part, document) for part in document.activities}
    heights = {activity: _height(ports) for activity, ports in ways.items()}
    names = {activity: [port.name for port in ports] for activity, ports in ways.items()}
    layout = lay_out(document.graph, heights, SPACING, names)
    boxes = {
        part.id: _box(part, layout.places[part.id], ways[part.id], document, (problems or {}).get(part.id, 0))
        for part in sorted(document.activities, key=lambda part: part.id)
    }
    lines = [_line(arrow, boxes, layout) for arrow in document.graph.arrows]
    back = [
        _line_back(part.id, boxes[to], boxes)
        for part in document.activities
        if (to := goes_back_to(part)) in boxes
    ]
    return Picture(
        width=max(box.x for box in boxes.values()) + WIDTH + MARGIN + ROOM_FOR_STUBS,
        height=max(_bottoms(boxes.values(), layout)) + MARGIN + (DEPTH if back else 0),
        boxes=tuple(boxes.values()),
        lines=[*lines, *back],
    )


def ways_out(part: ActivityPart, document: Document) -> tuple[Port, ...]:
    """The ports its settings give it for arrows; where they are not valid yet, the main one and those in use."""
    used = [t.port for t in document.transitions if t.source == part.id]
    known = tuple(port for port in known_ports(part) if not port.leads_back)
    names = {port.name for port in known}
    return (*known, *(Port(name, name) for name in dict.fromkeys(used) if name not in names))


def _height(ports: Sequence[Port]) -> float:
    return max(LEAST_HEIGHT, HEIGHT_PER_PORT * len(ports) + 16)


def _box(part: ActivityPart, place: Place, ports: Sequence[Port], document: Document, problems: int) -> Box:
    kind = type_of(part)
    x, y, height = place.x + MARGIN, place.y + MARGIN, _height(ports)
    taken = {t.port for t in document.transitions if t.source == part.id}
    step = height / (len(ports) + 1)
    outlets = [
        Outlet(part.id, port.name, _port_label(port, ports), x + WIDTH, y + step * number, port.name in taken)
        for number, port in enumerate(ports, 1)
    ]
    return Box(
        id=part.id,
        title=title_of(part),
        lines=wrapped(title_of(part), width=LABEL_WIDTH, lines=LABEL_LINES),
        type=str(kind.label) if kind else part.type,
        icon=kind.icon if kind else "help",
        category=str(kind.category) if kind else "unknown",
        x=x,
        y=y,
        height=height,
        outlets=outlets,
        problems=problems,
    )


def _port_label(port: Port, ports: Sequence[Port]) -> str:
    """The only way out needs no name."""
    is_plain = port.name == MAIN and len(ports) == 1
    return "" if is_plain else cut(str(port.label), PORT_WIDTH)


def _line(arrow: Arrow, boxes: Mapping[str, Box], layout: Layout) -> Line:
    outlet = next(o for o in boxes[arrow.source].outlets if o.port == arrow.port)
    target = boxes[arrow.target]
    passed = [(p.x + MARGIN, p.y + MARGIN) for p in layout.waypoints.get(arrow, ())]
    points = [(outlet.x, outlet.y), *passed, (target.x, target.middle)]
    x, y = _point(points[0], points[1], LABELLED if outlet.label else MIDDLE)
    return Line(
        source=arrow.source,
        port=arrow.port,
        target=arrow.target,
        path=_path(points),
        label=outlet.label,
        x=x,
        y=y,
    )


def _line_back(source: str, target: Box, boxes: Mapping[str, Box]) -> Line:
    """From the lower edge of one box to that of another, below whatever stands between."""
    begin = boxes[source]
    between = sorted((target.x, begin.x))
    low = max(box.bottom for box in boxes.values() if between[0] <= box.x <= between[1]) + DEPTH
    start, end = begin.x + WIDTH / 2, target.x + WIDTH / 2
    path = f"M{start:.1f} {begin.bottom:.1f}C{start:.1f} {low:.1f} {start:.1f} {low:.1f} {(start + end) / 2:.1f} {low:.1f}"
    path += f"C{end:.1f} {low:.1f} {end:.1f} {low:.1f} {end:.1f} {target.bottom:.1f}"
    return Line(source, BACK, target.id, path, "", (start + end) / 2, low, leads_back=True)


def _point(start: Point, end: Point, share: float) -> Point:
    """A point of the first curve of a path, this share of the way along it."""
    rest = 1 - share
    first, last = rest**3 + 3 * rest**2 * share, share**3 + 3 * rest * share**2
    bend = _bend(start, end)
    slope = 3 * rest * share * (rest - share) * bend
    return start[0] * first + end[0] * last + slope, start[1] * first + end[1] * last


def _bend(start: Point, end: Point) -> float:
    return max(abs(end[0] - start[0]) / 2, 40.0)


def _path(points: Sequence[Point]) -> str:
    """A smooth line through all points, level at each of them."""
    (x, y), rest = points[0], points[1:]
    parts = [f"M{x:.1f} {y:.1f}"]
    for to_x, to_y in rest:
        bend = _bend((x, y), (to_x, to_y))
        parts.append(f"C{x + bend:.1f} {y:.1f} {to_x - bend:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, to_y
    return "".join(parts)


def _bottoms(boxes: Iterable[Box], layout: Layout) -> list[float]:
    bent = [place.y + MARGIN for places in layout.waypoints.values() for place in places]
    return [*(box.bottom for box in boxes), *bent]
