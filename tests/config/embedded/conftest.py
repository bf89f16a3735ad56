"""Real servers in folders of all kinds, and a starter that can be killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded.launcher import stop_services
from config.embedded.record import read_record
from config.environment import ROOT

STARTER = """
import sys
from pathlib import Path
from config.embedded.launcher import running_services
with running_services(Path(sys.argv[1]), ephemeral=sys.argv[2] == "ephemeral") as services:
    print(services.database_url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for lasting servers, which are stopped and whose files are removed when the test is over."""
    directory = tmp_path / "local"
    yield directory
    clear(directory)


def clear(directory: Path) -> None:
    if not directory.exists():
        return
    assert stop_services(directory)
    if record := read_record(directory):
        subprocess.run(["rm", "-rf", str(record.home), str(record.sockets)], check=True)


def start_elsewhere(directory: Path, kind: str) -> subprocess.Popen[str]:
    """A process of its own that holds the servers until it is killed or its input closes."""
    return subprocess.Popen(
        [sys.executable, "-c", STARTER, str(directory), kind],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
