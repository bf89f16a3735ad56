"""Child programs that say when they are ready, are told to begin together, and say when they are done."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import IO, Self, cast


class Child:
    """A program that prints `ready`, waits for a line, works, prints its answer."""

    def __init__(self, module: str, *arguments: object, environment: Mapping[str, str]) -> None:
        self.module = module
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, arguments)],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.input = cast("IO[str]", self.process.stdin)
        self.output = cast("IO[str]", self.process.stdout)

    def say(self, line: str) -> None:
        self.input.write(f"{line}\n")
        self.input.flush()

    def hear(self) -> str:
        line = self.output.readline()
        if not line:
            raise SystemExit(f"{self.module} ended early; what it said stands above.")
        return line.strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def end(self) -> None:
        """The end of its input ends it, wherever it waits."""
        self.input.close()
        self.process.wait()


def time_together(children: Sequence[Child]) -> float:
    """Seconds from the common beginning to the end of the last; all of them have ended then."""
    for child in children:
        child.hear()
    started = time.perf_counter()
    for child in children:
        child.say("go")
    for child in children:
        child.hear()
    seconds = time.perf_counter() - started
    for child in children:
        child.end()
    return seconds
