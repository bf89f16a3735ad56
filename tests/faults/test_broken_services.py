"""Both servers die in the middle of the work: nothing is done twice, and all of it is done within two minutes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded.launcher import running_services
from config.embedded.record import read_record
from tests.faults.installation import ROOT

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.timeout(600)]

SECONDS = 120
MESSAGES = 20 * 200
BATCH = 10
SENDERS = 2


@pytest.fixture
def servers() -> Iterator[tuple[Path, dict[str, str]]]:
    """A pair that writes to disk as a real installation's does, in a folder whose path is short."""
    folder = Path(tempfile.mkdtemp(prefix="tutti-faults-"))
    try:
        with running_services(folder, ephemeral=False) as services:
            yield folder, {"DATABASE_URL": services.database_url, "BROKER_URL": services.broker_url}
            record = read_record(folder)
    finally:
        shutil.rmtree(folder)
        if record is not None:
            shutil.rmtree(record.home, ignore_errors=True)


def test_all_work_is_done_soon_after_both_servers_were_killed(servers: tuple[Path, dict[str, str]]) -> None:
    folder, environment = servers
    command = [sys.executable, "-m", "tests.faults.broken_services", str(folder)]
    answer = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, check=True
    )
    found = json.loads(answer.stdout.splitlines()[-1])
    print(found)
    unknown = found["messages"].get("unknown", 0)
    assert found["queued"] > 0
    assert found["left"] > 0, "the queue was empty when the broker was killed"
    assert found["runs"] == {"completed": 20}
    assert sum(found["messages"].values()) == MESSAGES
    assert set(found["messages"]) <= {"sent", "unknown"}
    assert found["doubled"] == 0
    assert unknown == 0, "the senders lived, so that each knows what it handed over"
    assert found["seconds"] <= SECONDS
