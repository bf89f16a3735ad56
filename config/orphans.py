"""Ends the children of a supervisor that was itself killed.

Run as `python -m config.orphans`: standard input is a pipe from the supervisor, with a line `+pid` for each
child started and `-pid` for each that ended. When it closes, the supervisor is gone, and who is still listed
follows it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import Self

from config.embedded.processes import Server, fingerprint
from config.environment import ROOT

PATIENCE = 45
NAP = 0.1


class Orphanage:
    """The supervisor's end of the pipe."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "config.orphans"]
        self.process = subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.communicate()

    def take(self, pid: int) -> None:
        self._tell(f"+{pid}")

    def release(self, pid: int) -> None:
        self._tell(f"-{pid}")

    def _tell(self, line: str) -> None:
        if self.process.stdin:
            with suppress(BrokenPipeError):
                self.process.stdin.write(f"{line}\n".encode())
                self.process.stdin.flush()


def listed(lines: Iterable[str]) -> dict[int, Server]:
    """Each child by what it was when it was announced, so that a reused pid is not mistaken for it."""
    children: dict[int, Server] = {}
    for line in lines:
        pid = int(line[1:])
        if line.startswith("+"):
            children[pid] = Server(pid, fingerprint(pid) or "")
        else:
            children.pop(pid, None)
    return children


def end(children: Iterable[Server]) -> None:
    """Politely, all at once; then what is left of their groups by force."""
    left = [child for child in children if child.alive]
    for child in left:
        os.kill(child.pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while any(child.alive for child in left) and time.monotonic() < deadline:
        time.sleep(NAP)
    for child in left:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end(listed(sys.stdin).values())


if __name__ == "__main__":
    main()
