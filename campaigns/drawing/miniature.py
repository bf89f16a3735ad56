"""A document as a small drawing without words: what a gallery shows. Boxes are icons of one size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.activity_parts import type_of
from campaigns.document import ActivityPart, Document
from campaigns.drawing.layers import Layout, Place, Spacing, lay_out
from campaigns.graph import Arrow

SIDE, MARGIN = 44.0, 6.0
SPACING = Spacing(width=SIDE, columns=26.0, rows=14.0)
LEAST_WIDTH = 4 * SIDE
"""A drawing of two boxes is not blown up to the size of one of six."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One activity."""

    x: float
    y: float
    icon: str
    category: str


@dataclass(frozen=True, slots=True)
class Miniature:
    """`left` is where the drawing begins, so that a small one stands in the middle."""

    left: float = 0.0
    width: float = 0.0
    height: float = 0.0
    side: float = SIDE
    tiles: Sequence[Tile] = ()
    lines: Sequence[str] = ()


def draw_small(document: Document) -> Miniature:
    if not document.activities:
        return Miniature()
    layout = lay_out(document.graph, dict.fromkeys(document.graph.ids, SIDE), SPACING)
    width = max(place.x for place in layout.places.values()) + SIDE + 2 * MARGIN
    bottoms = [place.y + SIDE for place in layout.places.values()]
    bent = [place.y for places in layout.waypoints.values() for place in places]
    shown = max(width, LEAST_WIDTH)
    return Miniature(
        left=(width - shown) / 2,
        width=shown,
        height=max([*bottoms, *bent]) + 2 * MARGIN,
        tiles=[_tile(part, layout.places[part.id]) for part in document.activities],
        lines=[_line(arrow, layout) for arrow in document.graph.arrows],
    )


def _tile(part: ActivityPart, place: Place) -> Tile:
    kind = type_of(part)
    category = str(kind.category) if kind else "unknown"
    return Tile(place.x + MARGIN, place.y + MARGIN, kind.icon if kind else "help", category)


def _line(arrow: Arrow, layout: Layout) -> str:
    """Level where it leaves, where it passes and where it arrives."""
    source, target = layout.places[arrow.source], layout.places[arrow.target]
    passed = [(place.x, place.y) for place in layout.waypoints.get(arrow, ())]
    points = [(source.x + SIDE, source.y + SIDE / 2), *passed, (target.x, target.y + SIDE / 2)]
    (x, y), *rest = [(x + MARGIN, y + MARGIN) for x, y in points]
    path = f"M{x:.1f} {y:.1f}"
    for to_x, to_y in rest:
        middle = (x + to_x) / 2
        path += f"C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
        x, y = to_x, to_y
    return path
