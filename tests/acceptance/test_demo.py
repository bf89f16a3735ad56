"""`make demo`'s own program in a copy of this checkout, twice in a row, as a newcomer would run it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.environment import ROOT
from tests.config.embedded.conftest import clear
from tests.config.test_run import LEFT_BEHIND

pytestmark = [pytest.mark.slow, pytest.mark.timeout(800)]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    copy = tmp_path / "한 번 더"
    shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND)
    yield copy
    clear(copy / ".local")


def tell(folder: Path) -> str:
    told = subprocess.run(
        [sys.executable, "-m", "config.demo"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=380,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def figure(told: str, what: str) -> int:
    """The first number behind `what` in the table at the end."""
    _head, _mark, table = told.rpartition("What happened")
    found = re.search(rf"^\s+{what}\s+([\d,]+)", table, re.MULTILINE)
    assert found, f"{what} is not in the table: {table}"
    return int(found[1].replace(",", ""))


def check(told: str) -> None:
    sends, sink = figure(told, "Sends"), figure(told, "messages in the sink")
    clicked, scanned = figure(told, "people who clicked"), figure(told, "scanners that fetched every link")
    assert sends == sink == figure(told, "Delivered") > 100
    assert figure(told, "Targeted") > sends
    assert figure(told, "Unique clicks") == clicked > 0 < scanned
    assert figure(told, "Unique opens") == figure(told, "people who opened") > clicked


def test_the_demo_goes_the_whole_way_and_can_be_told_again(folder: Path) -> None:
    first = tell(folder)
    print(first[first.rindex("What happened") :])
    check(first)
    assert figure(first, "“Reminder” targets") == figure(first, "Delivered") - figure(
        first, "people who clicked"
    )
    second = tell(folder)
    check(second)
    assert 0 < figure(second, "“Reminder” targets") < figure(first, "Delivered") + figure(second, "Delivered")
