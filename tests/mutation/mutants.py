"""The mutants of a module: which there are, and the module's code with one of them in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from tests.mutation.changes import changes
from tests.mutation.left_out import Place, places

IMPORTING = 0
"""Where a block would begin that runs when the module is imported."""


@dataclass(frozen=True)
class Source:
    """A module of the compiler as it stands in its file."""

    module: str
    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")


@dataclass(frozen=True)
class Mutant:
    """One change at one place, found again by the numbers of both."""

    source: Source
    place: int
    change: int
    line: int
    block: int
    """The first line of the innermost function or lambda around it, IMPORTING for none."""
    kind: str
    told: str
    is_control: bool = False
    """Whether the change is left out: a mutant that no test may notice."""

    def code(self) -> CodeType:
        tree = ast.parse(self.source.text)
        if not self.is_control:
            parent, field, at = list(places(tree))[self.place]
            _kind, node = list(changes(_at(parent, field, at), parent, field))[self.change]
            _put(parent, field, at, node)
        return compile(ast.fix_missing_locations(tree), str(self.source.path), "exec", dont_inherit=True)


def mutants_of(source: Source) -> list[Mutant]:
    tree = ast.parse(source.text)
    blocks = _blocks(tree)
    return [
        Mutant(source, number, *found)
        for number, place in enumerate(places(tree))
        for found in _changes_at(place, blocks)
    ]


def _changes_at(place: Place, blocks: dict[ast.AST, int]) -> Iterator[tuple[int, int, int, str, str]]:
    parent, field, at = place
    node = _at(parent, field, at)
    for number, (kind, changed) in enumerate(changes(node, parent, field)):
        told = f"{_short(node)} → {_short(changed)}"
        yield number, getattr(node, "lineno", 0), blocks.get(node, IMPORTING), kind, told


def _blocks(tree: ast.AST) -> dict[ast.AST, int]:
    """For every node of a body the first line of that body's function, as Python's code objects tell it."""
    found: dict[ast.AST, int] = {}
    for function in ast.walk(tree):  # the outer before the inner
        if isinstance(function, ast.FunctionDef | ast.Lambda):
            body = function.body if isinstance(function.body, list) else [function.body]
            first = min([function.lineno, *(each.lineno for each in getattr(function, "decorator_list", []))])
            found |= {node: first for part in body for node in ast.walk(part)}
    return found


def _at(parent: ast.AST, field: str, at: int | None) -> ast.AST:
    value = getattr(parent, field)
    found: ast.AST = value if at is None else value[at]
    return found


def _put(parent: ast.AST, field: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[at] = node


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else text[:89] + "…"
