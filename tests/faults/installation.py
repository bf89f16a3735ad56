"""A real installation for the fault tests: Celery workers, beat and the mail sink as processes of their own.

They work on the database of the test run and on a broker that is theirs alone. Every process leads a group, so that a
whole worker can be killed at once, as a lost machine would be.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from tests.services import own_broker

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Installation:
    """Processes by name. `folder` holds their logs and the sink's mail."""

    folder: Path
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_worker(self, name: str, queues: str, *, children: int = 2) -> subprocess.Popen[bytes]:
        arguments = [
            "--without-gossip",
            "--without-mingle",
            "-n",
            f"{name}@%h",
            "-Q",
            queues,
            "-c",
            str(children),
        ]
        return self.start(
            name, "celery", "-A", "config.celery", "worker", "--loglevel", "WARNING", *arguments
        )

    def start_beat(self, name: str = "beat") -> subprocess.Popen[bytes]:
        return self.start(
            name, "celery", "-A", "config.celery", "beat", "--loglevel", "WARNING", "--pidfile="
        )

    def start(self, name: str, *module: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *module],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self.processes[name]

    def start_sink(self) -> int:
        """The port it listens on."""
        mail = self.folder / "mail"
        self.processes["sink"] = subprocess.Popen(
            [sys.executable, "manage.py", "sink", "--port", "20025", "--directory", str(mail)],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )
        record = mail / "sink.json"
        wait_until(lambda: record.exists() and record.read_text(), seconds=30, what="the sink listens")
        return int(json.loads(record.read_text())["port"])

    def signal_group(self, name: str, number: signal.Signals) -> None:
        os.killpg(self.processes[name].pid, number)

    def kill_group(self, name: str) -> None:
        self.signal_group(name, signal.SIGKILL)
        self.processes.pop(name).wait()

    def print_logs(self) -> None:
        """The last lines of each process, which are shown where a test failed."""
        for log in sorted(self.folder.glob("*.log")):
            print(f"--- {log.name}", *log.read_text(errors="replace").splitlines()[-20:], sep="\n")

    def stop(self) -> None:
        """Only what this installation started, and only what still runs."""
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def installation(folder: Path, **environment: str) -> Iterator[Installation]:
    """Processes started in it are gone at its end."""
    made = Installation(
        folder,
        {**os.environ, "DATABASE_URL": _test_database(), "BROKER_URL": own_broker(1), **environment},
    )
    try:
        yield made
    finally:
        made.print_logs()
        made.stop()


def _test_database() -> str:
    """The server's address with the name of the database that the tests use."""
    head, _mark, query = os.environ["DATABASE_URL"].partition("?")
    name = str(connection.settings_dict["NAME"])
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def children_of(pid: int) -> list[int]:
    """Processes whose parent is `pid`: the fourth field of each stat, behind the name in brackets."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _name, _bracket, rest = stat.read_text().rpartition(")")
            if int(rest.split()[1]) == pid:
                found.append(int(stat.parent.name))
    return sorted(found)


def wait_until(condition: Callable[[], Any], *, seconds: float, what: str) -> float:
    """Wait until `condition` holds; the seconds it took. Fails with what was waited for."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            raise AssertionError(f"After {seconds} s it is still not so that {what}.")
        time.sleep(0.1)
    return time.monotonic() - started
