from __future__ import annotations

import subprocess

import pytest

from config.embedded.processes import Server
from config.orphans import end, listed


@pytest.fixture
def sleeper() -> subprocess.Popen[bytes]:
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as process:
        yield process
        process.kill()


def test_a_process_that_took_over_a_pid_is_left_alone(sleeper: subprocess.Popen[bytes]) -> None:
    end([Server(sleeper.pid, "1 somebody else")])
    assert sleeper.poll() is None


def test_a_released_child_is_no_longer_listed(sleeper: subprocess.Popen[bytes]) -> None:
    assert listed([f"+{sleeper.pid}", f"-{sleeper.pid}"]) == {}


def test_a_listed_child_is_ended(sleeper: subprocess.Popen[bytes]) -> None:
    end(listed([f"+{sleeper.pid}"]).values())
    assert sleeper.wait(timeout=10) == -15
