"""Whether people may go back from one activity to another: what the drawing says of it, and what they bring along."""

from __future__ import annotations

from collections.abc import Iterator

from campaigns.activity_types import Shape
from campaigns.fixes import instead
from campaigns.graph import Graph
from campaigns.lint_codes import finding
from campaigns.problems import Problem
from campaigns.validation import nearest

TO = "/to"


def drawn_problems(graph: Graph, activity: str, to: str) -> Iterator[Problem]:
    """What keeps people from going back from `activity` to `to`, as far as the drawing tells."""
    if to not in graph.ids:
        known = before(graph, activity)
        fixes = instead(TO, to, possible(graph, activity))
        yield finding("jump.unknown", TO, fixes=fixes, to=to, nearest=nearest(to, known))
    elif activity not in graph.downstream(to):
        yield finding("jump.not_back", TO, to=to)
    elif (count := len(graph.into(to))) != 1:
        yield finding("jump.arrows", TO, to=to, count=count)


def carried_problems(to: str, wanted: Shape | None, brought: Shape | None) -> Iterator[Problem]:
    """What is missing in a population to stand for the one that `to` gets by its arrow; each may be unknown."""
    if wanted is None:
        yield finding("jump.nobody", TO, to=to)
    elif brought and brought.dimension != wanted.dimension:
        yield finding("jump.dimension", TO, to=to, wanted=wanted.dimension, brought=brought.dimension)
    elif brought:
        for slug, column in wanted.columns.items():
            if slug not in brought.columns or brought.columns[slug].type is not column.type:
                yield finding("jump.column", TO, to=to, column=slug)


def possible(graph: Graph, activity: str) -> list[str]:
    """Those to which exactly one transition leads."""
    return [each for each in before(graph, activity) if len(graph.into(each)) == 1]


def before(graph: Graph, activity: str) -> tuple[str, ...]:
    """Every id from which arrows lead to the activity, in the order of the flow."""
    return tuple(each for each in graph.ordered() if activity in graph.downstream(each))


def repeated(graph: Graph, to: str) -> frozenset[str]:
    """What is executed again when people go back to `to`: itself and all behind it."""
    return graph.downstream(to) | {to}
