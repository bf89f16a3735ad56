"""Small charts as SVG: columns over time, painted by a template, with the numbers beside them as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from orchestration.run_pictures import shown

WIDTH, HEIGHT = 720.0, 160.0
WIDEST, FILLED = 40.0, 0.8
"""A column's greatest width, and how much of a place on the axis its columns fill."""
MOST_LABELS = 6


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its rectangle, which series it belongs to, and the number it stands for."""

    x: float
    y: float
    width: float
    height: float
    series: int
    label: str
    number: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Words below the axis, and over how many places they may spread."""

    label: str
    places: int


@dataclass(frozen=True, slots=True)
class Chart:
    """`ticks` are the numbers along the upright axis, from the top down to 0."""

    columns: tuple[Column, ...]
    ticks: tuple[str, ...]
    marks: tuple[Mark, ...]
    places: int


def chart(rows: Sequence[tuple[str, Sequence[int]]]) -> Chart | None:
    """Columns side by side for each (label, values); None where there is nothing to see."""
    most = max((value for _label, values in rows for value in values), default=0)
    if not most:
        return None
    top = _rounded_up(most)
    drawn = [each for place, row in enumerate(rows) for each in _group(place, row, len(rows), top)]
    return Chart(tuple(drawn), _ticks(top), _marks([label for label, _values in rows]), len(rows))


def _group(place: int, row: tuple[str, Sequence[int]], places: int, top: int) -> list[Column]:
    label, values = row
    slot = WIDTH / places
    width = min(slot * FILLED / len(values), WIDEST)
    left = slot * place + (slot - width * len(values)) / 2
    heights = [HEIGHT * value / top for value in values]
    return [
        Column(left + number * width, HEIGHT - height, width, height, number, label, shown(values[number]))
        for number, height in enumerate(heights)
    ]


def _rounded_up(most: int) -> int:
    """The next of 1, 2, 4, 10, 20, 40, …, so that half of it is a number of people too."""
    power = int("1" + "0" * (len(str(most)) - 1))
    return next(power * step for step in (1, 2, 4, 10) if power * step >= most)


def _ticks(top: int) -> tuple[str, ...]:
    return tuple(map(shown, (top, 0) if top == 1 else (top, top // 2, 0)))


def _marks(labels: Sequence[str]) -> tuple[Mark, ...]:
    step = ceil(len(labels) / MOST_LABELS)
    places = range(0, len(labels), step)
    return tuple(Mark(labels[place], min(step, len(labels) - place)) for place in places)


def shares(steps: Sequence[tuple[str, int]]) -> list[tuple[str, int, int]]:
    """Each step of a funnel with its percentage of the first, whole."""
    first = steps[0][1] if steps else 0
    return [(label, value, round(100 * value / first) if first else 0) for label, value in steps]
