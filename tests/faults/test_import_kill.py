"""An import whose process is killed goes on where its last commit was, and counts exactly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from bench.spoiled_csv import write_spoiled_csv
from campaigns.imports.jobs import apply_import, check_import
from campaigns.models import ImportJob

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROWS = 700_000
KILLS = 3


def test_a_killed_import_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    truth = write_spoiled_csv(tmp_path / "large.csv", ROWS)
    kill_while_reading([str(tmp_path / "large.csv"), "large", "--key", "id"], at_least=1)
    job = ImportJob.objects.get()
    for _kill in range(KILLS - 1):
        kill_while_reading(["--resume", str(job.pk)], at_least=job.rows_read + 1)
        job.refresh_from_db()
        assert job.state == "reading"
    check_import(job)
    apply_import(job)
    try:
        assert (job.rows_inserted, job.lines_done) == (truth.fit, truth.lines)
        assert set(job.rejects.values_list("line_number", flat=True)) == set(truth.bad)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE data.large")


def kill_while_reading(arguments: list[str], *, at_least: int) -> None:
    """Effective only while the import reads and has committed something new, which is waited for."""
    command = [sys.executable, "manage.py", "import_csv", *arguments]
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not ImportJob.objects.filter(state="reading", rows_read__gte=at_least).exists():
        assert process.poll() is None, "the import ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_for_release(deadline)


def wait_for_release(deadline: float) -> None:
    """PostgreSQL frees the lock when it notices that its client is gone."""
    query = (
        "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
        " WHERE l.locktype = 'advisory' AND d.datname = current_database()"
    )
    with connection.cursor() as cursor:
        while True:
            cursor.execute(query)
            if cursor.fetchone() == (0,):
                return
            assert time.monotonic() < deadline
            time.sleep(0.01)


def environment() -> dict[str, str]:
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return os.environ | {"DATABASE_URL": url.geturl()}
