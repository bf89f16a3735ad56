"""Mutants that no test can notice, named one by one in `equivalent.toml` with the reason."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.mutants import Mutant

LIST = Path(__file__).with_name("equivalent.toml")


@dataclass(frozen=True)
class Equivalent:
    """A change of a line of a file, the line known by its text, since numbers of lines move."""

    file: str
    line: str
    change: str
    reason: str


def equivalents() -> list[Equivalent]:
    read = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return [Equivalent(**each) for each in read.get("equivalent", [])]


def is_equivalent(mutant: Mutant, known: list[Equivalent], root: Path) -> bool:
    file = str(mutant.source.path.relative_to(root))
    line = mutant.source.text.splitlines()[mutant.line - 1].strip()
    return any((each.file, each.line, each.change) == (file, line, mutant.told) for each in known)
