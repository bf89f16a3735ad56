"""What happens in the process of one mutant: the tests that may notice it, the fastest first, until one does."""

from __future__ import annotations

import gc
import os
import resource
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connections

from tests.mutation.baseline import LAST_RESORT, Answer, Baseline, is_asking
from tests.mutation.fresh import Changed, forget_modules
from tests.mutation.mutants import Mutant

OPTIONS = ["-q", "-x", "-p", "no:cacheprovider", "-p", "pytest_django.plugin", "-p", "pytest_timeout"]
# Of a mutant nobody reads tracebacks, and what it leaves in memory goes with its process.
_IN_HASTE = ["--tb=native", "-p", "no:unraisableexception"]
_MEMORY = 8 << 30
_PATIENCE = 20
"""How many times longer than without the mutant a test may take, and how many seconds are added."""
_TURN = 0.02
"""The oracle's answers are asked after the tests that take fewer seconds than this."""


@dataclass(frozen=True)
class Outcome:
    """How one mutant fared: `caught`, `timeout` or `survived`, and the test that noticed."""

    fate: str
    by: str = ""


class Attempt:
    """A plugin that runs these tests in this order, in a database that is there already."""

    def __init__(self, seconds: Mapping[str, float], answers: Mapping[str, list[Answer]]) -> None:
        self.seconds = seconds
        self.given = answers
        self.noticed = ""
        self.out_of_time = False

    @pytest.fixture(scope="session")
    def django_db_setup(self) -> None:
        """The database is a copy of the one that the run without mutants made."""

    @pytest.fixture(scope="session")
    def answers(self) -> Mapping[str, list[Answer]]:
        return self.given

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [each for each in items if self._is_wanted(each)]
        order = {test: at for at, test in enumerate(self.seconds)}
        turn = sum(seconds < _TURN for seconds in self.seconds.values())
        items.sort(key=lambda each: order.get(each.nodeid, turn))
        for each in items:
            limit = _PATIENCE * (1 + self.seconds.get(each.nodeid, 1))
            each.add_marker(pytest.mark.timeout(limit), append=False)

    def _is_wanted(self, item: pytest.Item) -> bool:
        return item.nodeid in self.seconds or is_asking(item)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.noticed:
            self.noticed = report.nodeid
            self.out_of_time = "Timeout (>" in report.longreprtext


def attempt(mutant: Mutant | None, baseline: Baseline, database: str) -> Outcome:
    """Runs in a process of its own, since nothing that is done here is undone. None is the sound compiler."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    gc.disable()
    connections["default"].settings_dict["NAME"] = database
    forget_modules()
    if mutant is not None:
        sys.meta_path.insert(0, Changed(mutant))
    tests = baseline.tests_for(mutant) if mutant else list(baseline.seconds)
    plugin = Attempt(
        {test: baseline.seconds[test] for test in tests},
        baseline.answers_for(mutant) if mutant else baseline.answers,
    )
    return _outcome(
        pytest.main([*OPTIONS, *_IN_HASTE, *_files(tests), LAST_RESORT], plugins=[_Late(plugin)]), plugin
    )


class _Late:
    """Registers the plugin after those that pytest finds by itself, for the later fixture is the one used."""

    def __init__(self, plugin: Attempt) -> None:
        self.plugin = plugin

    def pytest_configure(self, config: pytest.Config) -> None:
        config.pluginmanager.register(self.plugin, "attempt")


def _files(tests: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(test.partition("::")[0] for test in tests))


def _outcome(status: Any, plugin: Attempt) -> Outcome:
    """pytest's own errors are modules that cannot be imported, since the sound compiler has none of them."""
    if status == pytest.ExitCode.OK:
        return Outcome("survived")
    if plugin.out_of_time:
        return Outcome("timeout", plugin.noticed)
    return Outcome("caught", plugin.noticed or "importing")


def silence() -> None:
    """What pytest tells of a mutant is of no interest."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
