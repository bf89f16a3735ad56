"""Runs the tests once without a mutant, then once for each: servers, Django and libraries are loaded once."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import django
import pytest

from config.embedded.launcher import Services
from tests.mutation.attempt import OPTIONS, Outcome, attempt, silence
from tests.mutation.baseline import LAST_RESORT, Baseline, Recorder
from tests.mutation.children import in_child
from tests.mutation.databases import copied
from tests.mutation.fresh import forget_modules
from tests.mutation.mutants import Mutant
from tests.mutation.report import Tried
from tests.services import set_environment

TESTS = "tests/campaigns/targeting"
_WITH_LAST = ["-o", f"python_files=test_*.py {Path(LAST_RESORT).name}"]
_HOUR = 3_600.0


class UnsoundError(Exception):
    """The tests fail without a mutant, so that nothing can be learnt from mutants."""


class Session:
    """What is needed to try mutants, made once."""

    def __init__(self, services: Services, folder: Path, root: Path) -> None:
        self.services = services
        self.url = services.database_url
        self.folder = folder
        self.root = root
        os.environ["TUTTI_TEST_DATABASE_URL"] = services.database_url
        os.environ["TUTTI_TEST_BROKER_URL"] = services.broker_url
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # what the options do not name takes a second
        self.baseline = self._measured()
        self._load()
        self._check_control()

    def tried(self, mutants: Iterable[Mutant]) -> Iterator[Tried]:
        for mutant in mutants:
            yield Tried(mutant, self._attempt(mutant))

    def _measured(self) -> Baseline:
        baseline = in_child(self._run_without_mutant, _HOUR)
        if baseline is None:
            raise UnsoundError("The tests fail without a mutant; mend them first.")
        return baseline

    def _run_without_mutant(self) -> Baseline | None:
        forget_modules()  # for pytest wants to import its plugins itself
        recorder = Recorder(self.folder)
        options = [*OPTIONS, *_WITH_LAST, "-m", "not slow", "--reuse-db", TESTS]
        return recorder.baseline if pytest.main(options, plugins=[recorder]) == pytest.ExitCode.OK else None

    def _load(self) -> None:
        """Everything that mutants do not change, so that their processes need not load it."""
        set_environment(self.services)
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        django.setup()
        for path in sorted((self.root / TESTS).rglob("test_*.py")):
            import_module(".".join(path.relative_to(self.root).with_suffix("").parts))
        gc.freeze()

    def _check_control(self) -> None:
        """The very way that mutants go, without one: whatever it notices would be noticed of every mutant."""
        outcome = self._attempt(None)
        if outcome.fate != "survived":
            raise UnsoundError(f"Without a mutant, {outcome.by} fails when run as for mutants.")

    def _attempt(self, mutant: Mutant | None) -> Outcome:
        original = "test_" + urlsplit(self.url).path.lstrip("/")
        limit = 60 + 10 * sum(self.baseline.seconds.values())
        with copied(self.url, original) as database:
            try:
                outcome = in_child(lambda: self._silently(mutant, database), limit)
            except TimeoutError:
                return Outcome("timeout", "all tests together")
        return outcome or Outcome("caught", "the end of its process")

    def _silently(self, mutant: Mutant | None, database: str) -> Outcome:
        silence()
        return attempt(mutant, self.baseline, database)
