"""Keeps a set of child processes alive until told to stop: restarts with back-off, prefixes their output,
ends them in order. What they are is said by `config.children`; what has to run before them by `config.run`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from config.children import Command
from config.orphans import Orphanage

HEALTHY_SECONDS = 30
LONGEST_PAUSE = 30.0
FIRST_PAUSE = 0.5
STOP_SECONDS = 45
TICK = 0.2


@dataclass
class Child:
    """One command and its present process, if any."""

    command: Command
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    failures: int = 0
    due: float = 0

    def start(self, now: float) -> subprocess.Popen[bytes]:
        self.started = now
        self.process = subprocess.Popen(  # noqa: S603
            self.command.line,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self.process

    def note_end(self, now: float) -> float:
        """Plans the next start and returns the pause: longer each time, short again after a healthy while."""
        self.process = None
        self.failures = 0 if now - self.started >= HEALTHY_SECONDS else self.failures + 1
        pause = min(FIRST_PAUSE * 2.0 ** max(self.failures - 1, 0), LONGEST_PAUSE)
        self.due = now + pause
        return pause


@dataclass
class Supervisor:
    """`upkeep` is called every tick, before the children are looked after; it must be quick."""

    commands: Sequence[Command]
    upkeep: Callable[[], None] | None = None
    out: IO[str] = sys.stdout
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.children = [Child(command) for command in self.commands]
        self.width = max((len(command.name) for command in self.commands), default=0)
        self.copiers: list[threading.Thread] = []
        self.hurry = False

    def run(self) -> None:
        """Returns after `stop` was called (or SIGTERM or SIGINT came) and every child has ended."""
        with Orphanage() as orphanage:
            try:
                while not self.stopping.is_set():
                    if self.upkeep:
                        self.upkeep()
                    self._look_after(orphanage)
                    self.stopping.wait(TICK)
            finally:
                self._end_all()

    def listen_to_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop())

    def stop(self) -> None:
        """Asked twice, it waits for nobody."""
        self.hurry = self.stopping.is_set()
        self.stopping.set()

    def _look_after(self, orphanage: Orphanage) -> None:
        for child in self.children:
            now = time.monotonic()
            if child.process is None and now >= child.due:
                orphanage.take(self._start(child, now))
            elif child.process and child.process.poll() is not None:
                orphanage.release(child.process.pid)
                self._report_end(child, child.process.returncode, child.note_end(now))

    def _start(self, child: Child, now: float) -> int:
        process = child.start(now)
        copier = threading.Thread(target=self._copy, args=(child.command.name, process.stdout), daemon=True)
        copier.start()
        self.copiers = [*filter(threading.Thread.is_alive, self.copiers), copier]
        return process.pid

    def _copy(self, name: str, lines: IO[bytes]) -> None:
        with lines:
            for line in lines:
                self.say(name, line.decode(errors="replace").rstrip())

    def say(self, name: str, text: str) -> None:
        self.out.write(f"{name:<{self.width}} | {text}\n")
        self.out.flush()

    def _report_end(self, child: Child, status: int, pause: float) -> None:
        self.say(child.command.name, f"ended with status {status}; starts again in {pause:.1f} s")

    def _end_all(self) -> None:
        for child in reversed(self.children):
            if child.process:
                self._end(child.process)
        for copier in self.copiers:
            copier.join(1)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """The leader ends its own workers in order; whoever is left of its group after that is killed."""
        process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while process.poll() is None and time.monotonic() < deadline and not self.hurry:
            time.sleep(TICK / 4)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
