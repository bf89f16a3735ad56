"""Starting a server apart from its starter, knowing it again later, and ending it.

A process is known by its pid, its start time and its command line, so a pid that the system has given to
somebody else is never taken for ours, and never signalled.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.embedded.accounts import Account

PROC = Path("/proc/self/stat")
STATE, STARTED = 0, 19
NAP = 0.02
EXEC_SECONDS = 2

_children: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Server:
    """A server process as it was when it started."""

    pid: int
    fingerprint: str

    @property
    def alive(self) -> bool:
        _reap()
        return fingerprint(self.pid) == self.fingerprint

    def end(self, *signals: signal.Signals, patience: float = 20) -> None:
        """Sends each signal in turn, the gentlest first, and waits `patience` seconds after each."""
        for number in signals:
            if not self.alive:
                return
            os.kill(self.pid, number)
            wait_until(lambda: not self.alive, seconds=patience)


def start(command: list[str], *, account: Account, folder: Path, log: Path) -> Server:
    """A session of its own keeps the terminal's Ctrl-C from the server: its starter decides when it ends."""
    with log.open("ab") as sink:
        child = subprocess.Popen(  # noqa: S603
            command,
            cwd=folder,
            env=plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
            umask=0o077,
            **account.credentials,
        )
    _children.append(child)
    return Server(child.pid, fingerprint(child.pid) or "")


def plain_environment() -> dict[str, str]:
    """PGPORT, PGDATA or a locale of the caller would reach the servers otherwise."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def fingerprint(pid: int) -> str | None:
    """Start time and command line of a process; None when it is gone or a zombie."""
    try:
        return _fingerprint_from_proc(pid) if PROC.exists() else _fingerprint_from_ps(pid)
    except OSError:
        return None


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(NAP)
    return True


def _fingerprint_from_proc(pid: int) -> str | None:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    if fields[STATE] in "ZX":
        return None
    return f"{fields[STARTED]} {_command_line(pid)}"


def _command_line(pid: int) -> str:
    """Empty for a moment: the kernel lets the starter go before the new program is wholly in place."""
    path = Path(f"/proc/{pid}/cmdline")
    wait_until(lambda: path.read_bytes() != b"", seconds=EXEC_SECONDS)
    return path.read_bytes().replace(b"\0", b" ").decode(errors="replace")


def _fingerprint_from_ps(pid: int) -> str | None:
    answer = subprocess.run(  # noqa: S603
        ["/bin/ps", "-o", "stat=,lstart=,command=", "-p", str(pid)],
        check=False,
        capture_output=True,
        text=True,
    )
    state, _, rest = answer.stdout.strip().partition(" ")
    return rest.strip() if state and not state.startswith("Z") else None


def _reap() -> None:
    """A dead child stays a zombie until its parent asks for it."""
    _children[:] = [child for child in _children if child.poll() is None]
