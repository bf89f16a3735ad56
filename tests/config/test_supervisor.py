from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.children import Command
from config.embedded.processes import fingerprint, wait_until
from config.environment import ROOT
from config.supervisor import FIRST_PAUSE, HEALTHY_SECONDS, LONGEST_PAUSE, Child, Supervisor

SECONDS = 20
SLEEPER = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(600)"
PARENT = (
    "import os, subprocess, sys; child = subprocess.Popen(['sleep', '600']);"
    "print('pid', os.getpid(), flush=True); print('pid', child.pid, flush=True); child.wait()"
)
HELD = """
import sys
from tests.config.test_supervisor import Script, PARENT
from config.supervisor import Supervisor
Supervisor([Script("child", (PARENT,))]).run()
"""


@dataclass(frozen=True)
class Script(Command):
    """A few lines of Python instead of a module."""

    @property
    def line(self) -> list[str]:
        return [sys.executable, "-c", *self.module]


class Watched:
    """A supervisor in a thread, its output at hand."""

    def __init__(self, code: str, **arguments: object) -> None:
        self.out = io.StringIO()
        self.supervisor = Supervisor([Script("child", (code,))], out=self.out, **arguments)
        self.thread = threading.Thread(target=self.supervisor.run)

    def __enter__(self) -> Watched:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.supervisor.stop()
        self.thread.join()

    def pids(self, count: int) -> list[int]:
        assert wait_until(lambda: len(self._pids()) >= count, seconds=SECONDS), self.out.getvalue()
        return self._pids()

    def _pids(self) -> list[int]:
        return [int(pid) for pid in re.findall(r"pid (\d+)", self.out.getvalue())]


def gone(pid: int) -> Callable[[], bool]:
    return lambda: fingerprint(pid) is None


def test_a_child_that_keeps_failing_waits_longer_each_time() -> None:
    child = Child(Script("child", ("",)))
    pauses = [child.note_end(now=0) for _ in range(10)]
    assert pauses[:4] == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4, FIRST_PAUSE * 8]
    assert pauses[-1] == LONGEST_PAUSE


def test_a_healthy_while_makes_the_pause_short_again() -> None:
    child = Child(Script("child", ("",)), failures=9)
    assert child.note_end(now=HEALTHY_SECONDS) == FIRST_PAUSE


def test_a_killed_child_is_started_again_and_its_end_reported() -> None:
    with Watched(SLEEPER) as watched:
        [first] = watched.pids(1)
        os.kill(first, signal.SIGKILL)
        assert watched.pids(2)[1] != first
        assert "child | ended with status -9; starts again in 0.5 s" in watched.out.getvalue()


def test_a_program_that_is_missing_is_reported_and_tried_again() -> None:
    with Watched("raise SystemExit(3)") as watched:
        told = lambda: watched.out.getvalue().count("ended with status 3") >= 2  # noqa: E731
        assert wait_until(told, seconds=SECONDS)


def test_stopping_ends_the_child_and_its_own_children() -> None:
    with Watched(PARENT) as watched:
        pids = watched.pids(2)
    assert all(fingerprint(pid) is None for pid in pids)


def test_a_child_deaf_to_the_polite_signal_is_killed_when_asked_twice() -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEPER
    with Watched(deaf) as watched:
        [pid] = watched.pids(1)
        watched.supervisor.stop()
    assert fingerprint(pid) is None


@pytest.mark.faults
def test_a_killed_supervisor_leaves_no_child_behind() -> None:
    with subprocess.Popen(
        [sys.executable, "-u", "-c", HELD], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        pids = [int(supervisor.stdout.readline().split()[-1]) for _ in range(2)]
        supervisor.kill()
    assert all(wait_until(gone(pid), seconds=SECONDS) for pid in pids)


def test_upkeep_is_called_while_children_run(tmp_path: Path) -> None:
    called = threading.Event()
    with Watched(SLEEPER, upkeep=called.set):
        assert called.wait(SECONDS)
