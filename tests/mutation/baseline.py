"""The tests without any mutant: how long each takes, and which functions of the compiler it goes through.

Seconds are those of the processor, so that other work on the machine changes nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from tests.mutation.mutants import Mutant

LONG = 2.0
"""Seconds from which a test is not asked: these repeat by hundreds of rules what the oracle's answers say sooner."""
MOST_ANSWERS = 300

Block = tuple[str, int]
"""A file and the first line of a function in it."""
LAST_RESORT = "tests/campaigns/targeting/expressions/remembered.py"
"""Its tests that fill `answers` want the fixture `remembering`; its others ask the mutant."""


@dataclass(frozen=True)
class Answer:
    """A generated rule or expression as the sound compiler writes it, and what the oracle says of it."""

    table: str
    question: Any
    statement: tuple[Any, Any]
    expected: Any
    blocks: frozenset[Block]


@dataclass
class Baseline:
    """What is known of each test by its node id, and the oracle's answers by the last resort that asks them."""

    seconds: dict[str, float] = field(default_factory=dict)
    blocks: dict[str, set[Block]] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)

    def tests_for(self, mutant: Mutant) -> list[str]:
        """The fastest first of those that reach it.

        What runs while importing may matter to every test: first come those that reach a function of the module.
        """
        path = str(mutant.source.path)
        exact = {test for test, blocks in self.blocks.items() if (path, mutant.block) in blocks}
        near = {test for test, blocks in self.blocks.items() if any(file == path for file, _ in blocks)}
        quick = [test for test in exact or self.seconds if self.seconds[test] < LONG]
        return sorted(quick, key=lambda test: (test not in near, self.seconds[test]))

    def answers_for(self, mutant: Mutant) -> dict[str, list[Answer]]:
        """Those that reach it, or where nothing is known to, those that reach something of the module."""
        path = str(mutant.source.path)
        is_known = any((path, mutant.block) in blocks for blocks in self.blocks.values())
        found = {}
        for kind, answers in self.answers.items():
            exact = [each for each in answers if (path, mutant.block) in each.blocks]
            near = [each for each in answers if any(file == path for file, _ in each.blocks)]
            found[kind] = _spread(exact if is_known else near or answers)
        return found


def _spread(answers: list[Answer]) -> list[Answer]:
    return answers[:: 1 + len(answers) // MOST_ANSWERS]


@contextmanager
def watched(folder: Path) -> Iterator[set[Block]]:
    """Collects the functions of the files below `folder` that are called meanwhile."""
    codes: set[CodeType] = set()
    blocks: set[Block] = set()

    def note(frame: FrameType, _event: str, _argument: Any) -> None:
        codes.add(frame.f_code)

    sys.settrace(note)
    try:
        yield blocks
    finally:
        sys.settrace(None)
        within = [code for code in codes if code.co_filename.startswith(str(folder))]
        blocks |= {(code.co_filename, code.co_firstlineno) for code in within}


def is_asking(item: pytest.Item) -> bool:
    return _is_last(item) and not is_remembering(item)


def is_remembering(item: pytest.Item) -> bool:
    return "remembering" in getattr(item, "fixturenames", ())


def _is_last(item: pytest.Item) -> bool:
    return item.nodeid.startswith(LAST_RESORT)


class Recorder:
    """A plugin of the run without mutants."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.baseline = Baseline()
        self.fixtures: dict[str, set[Block]] = {}

    @pytest.fixture(scope="session")
    def answers(self) -> dict[str, list[Answer]]:
        """What a last resort fills here it is given again for each mutant."""
        return self.baseline.answers

    @pytest.fixture(scope="session")
    def remembering(self) -> Path:
        return self.folder

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [each for each in items if is_remembering(each) or not _is_last(each)]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        with watched(self.folder) as blocks:
            yield
        self.fixtures.setdefault(fixturedef.argname, set()).update(blocks)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item: pytest.Function) -> Iterator[None]:
        if is_remembering(item):
            yield
            return
        began = time.process_time()
        with watched(self.folder) as blocks:
            yield
        self.baseline.seconds[item.nodeid] = time.process_time() - began
        prepared = [self.fixtures.get(name, set()) for name in item.fixturenames]
        self.baseline.blocks[item.nodeid] = blocks.union(*prepared)
