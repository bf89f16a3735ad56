"""The parts of an expression, as parsed: no names are looked up yet. `at` is the offset in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal literal, exact."""

    at: int
    digits: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text literal; where a date is wanted it is read as one."""

    at: int
    value: str


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    at: int
    value: bool


@dataclass(frozen=True, slots=True)
class Path:
    """Links and a field; a single `@name` is a column of the population."""

    at: int
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the campaign."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with one or two operands."""

    at: int
    sign: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its name as written."""

    at: int
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first condition that holds, or of `otherwise`."""

    at: int
    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None


Node = Number | Text | Truth | Path | Variable | Operation | Call | Case


def children(node: Node) -> Iterator[Node]:
    if isinstance(node, Operation):
        yield from node.operands
    elif isinstance(node, Call):
        yield from node.arguments
    elif isinstance(node, Case):
        yield from (part for branch in node.branches for part in branch)
        yield from () if node.otherwise is None else (node.otherwise,)
