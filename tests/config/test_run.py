"""A copy of this checkout, run as a newcomer runs it; servers, workers and beat are all real."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from dotenv import dotenv_values

from config.embedded.processes import fingerprint, wait_until
from config.embedded.record import read_record
from config.environment import ROOT
from config.ports import answers
from config.run import given_settings, kept_secret, only_one, published, sink_settings
from tests.config.embedded.conftest import clear

LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv", ".local", ".env", "staticfiles", "__pycache__", ".*_cache"
)
SECONDS = 120


class Installation:
    """`python -m config.run` in a folder of its own, asked for a port that is taken."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.local = folder / ".local"
        self.log = folder.parent / "log"
        self.port = port
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "config.run", "--port", str(self.port)],
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def output(self) -> str:
        return self.log.read_text()

    def wait_until_healthy(self) -> None:
        assert wait_until(self._healthy, seconds=SECONDS), self.output()

    def children(self) -> list[int]:
        """Everyone below the supervisor, by the kernel's own list."""
        below, found = [self.process.pid], []
        while below:
            tasks = Path(f"/proc/{below.pop()}/task")
            new = [int(pid) for path in tasks.glob("*/children") for pid in path.read_text().split()]
            found += new
            below += new
        return found

    def _healthy(self) -> bool:
        ready = re.search(r"ready at (\S+)", self.output())
        try:
            return bool(ready) and urllib.request.urlopen(f"{ready[1]}health/", timeout=5).status == 200  # noqa: S310
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    folder = tmp_path / "캠페인 묶음" / ("long path " * 8).strip() / ("x" * 60)
    shutil.copytree(ROOT, folder, ignore=LEFT_BEHIND)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        running = Installation(folder, taken.getsockname()[1])
        yield running
        running.process.terminate()
        running.process.wait()
        clear(running.local)


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.timeout(300)
def test_one_command_brings_everything_up_and_survives_the_loss_of_postgresql(
    installation: Installation,
) -> None:
    installation.wait_until_healthy()
    assert f"Port {installation.port} is taken; using" in installation.output()
    assert re.search(r"user admin, password \S{16} \(shown this once\)", installation.output())
    settings = dotenv_values(installation.local / "run.env")
    assert settings["PUBLIC_BASE_URL"] in installation.output()
    assert (installation.local / "run.env").stat().st_mode & 0o077 == 0
    assert answers(int(settings["SMTP_PORT"]))

    assert installation.start().wait() == 1
    assert "already runs" in installation.output()

    with psycopg.connect(settings["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1")
    os.kill(read_record(installation.local).postgresql.pid, signal.SIGKILL)
    installation.wait_until_healthy()
    with psycopg.connect(settings["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1,)


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.timeout(300)
def test_a_killed_supervisor_leaves_no_process_and_the_next_start_finds_the_data(
    installation: Installation,
) -> None:
    installation.wait_until_healthy()
    known = {pid: fingerprint(pid) for pid in installation.children()}
    followers = {pid: was for pid, was in known.items() if was}  # the others have ended already
    assert len(followers) > 8
    installation.process.kill()
    installation.process.wait()
    assert wait_until(lambda: all(fingerprint(pid) != was for pid, was in followers.items()), seconds=SECONDS)
    installation.log.write_text("")
    installation.process = installation.start()
    installation.wait_until_healthy()
    assert "First administrator" not in installation.output()


def test_a_lock_is_held_by_one(tmp_path: Path) -> None:
    with only_one(tmp_path / "lock") as first, only_one(tmp_path / "lock") as second:
        assert (first, second) == (True, False)


def test_an_empty_variable_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("BROKER_URL", "redis://localhost")
    monkeypatch.setenv("UNRELATED", "1")
    given = given_settings()
    assert given["BROKER_URL"] == "redis://localhost"
    assert not {"DATABASE_URL", "UNRELATED"} & given.keys()


def test_a_mail_server_of_ones_own_leaves_the_sink_out() -> None:
    assert sink_settings({"SMTP_HOST": "mail.example.com"}) == {}
    assert int(sink_settings({})["SMTP_PORT"]) >= 2525


def test_the_secret_is_kept_and_private(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    assert kept_secret(path) == kept_secret(path)
    assert path.stat().st_mode & 0o077 == 0


def test_settings_are_published_only_while_running(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("config.run.RUN_FILE", tmp_path / "run.env")
    values = {"DATABASE_URL": "postgresql://tutti@%2Ftmp%2Fx/tutti", "SECRET_KEY": "a#b $c"}
    with published(values):
        assert dotenv_values(tmp_path / "run.env") == values
    assert not (tmp_path / "run.env").exists()
