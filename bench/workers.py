"""The installation's own sender worker with its two processes, and how much memory each of them took at most."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config.celery import app
from config.children import Command, sender

START_SECONDS = 60


@contextmanager
def sender_worker(environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(Command("sender", sender()).line, env=dict(environment))
    try:
        _wait_until_it_answers(process)
        yield process
    finally:
        process.terminate()
        process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not app.control.ping(timeout=0.5):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("The sender worker did not start.")


def peak_megabytes(process: subprocess.Popen[bytes]) -> list[float]:
    """Of each child, since it was forked."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [_peak(Path(f"/proc/{child}/status")) for child in children]


def _peak(status: Path) -> float:
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) / 1024
