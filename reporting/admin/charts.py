"""Small charts as SVG: columns over time, painted by a template, with the numbers beside them as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, GAP = 720.0, 160.0, 2.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its rectangle, and what it means."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int


def columns(values: Sequence[tuple[str, int]]) -> list[Column]:
    """A column for each (label, value), the highest as high as the chart."""
    most = max((value for _label, value in values), default=0) or 1
    width = min(WIDTH / max(len(values), 1), 64.0)
    return [_column(number, label, value, width, most) for number, (label, value) in enumerate(values)]


def _column(number: int, label: str, value: int, width: float, most: int) -> Column:
    height = HEIGHT * value / most
    return Column(number * width + GAP / 2, HEIGHT - height, max(width - GAP, 1.0), height, label, value)


def shares(steps: Sequence[tuple[str, int]]) -> list[tuple[str, int, int]]:
    """Each step of a funnel with its percentage of the first, whole."""
    first = steps[0][1] if steps else 0
    return [(label, value, round(100 * value / first) if first else 0) for label, value in steps]
