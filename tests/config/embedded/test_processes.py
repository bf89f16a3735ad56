from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from config.embedded.processes import Server, fingerprint, wait_until

ROUNDS = 200


@pytest.fixture
def sleeper() -> subprocess.Popen[bytes]:
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process
        process.kill()


def test_a_zombie_is_not_alive(sleeper: subprocess.Popen[bytes]) -> None:
    server = Server(sleeper.pid, fingerprint(sleeper.pid))
    sleeper.kill()
    assert wait_until(lambda: not server.alive, seconds=10)


def test_a_server_with_another_start_is_not_ended(sleeper: subprocess.Popen[bytes]) -> None:
    Server(sleeper.pid, "1 sleep 600 ").end(signal.SIGKILL)
    assert sleeper.poll() is None


def test_a_deaf_server_gets_the_harder_signal() -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        Server(process.pid, fingerprint(process.pid)).end(signal.SIGTERM, signal.SIGKILL, patience=0.2)
        assert process.wait() == -signal.SIGKILL


def test_a_new_process_is_known_at_once_by_its_whole_command_line() -> None:
    """Right after its start the kernel may still show no command line at all."""
    for _ in range(ROUNDS):
        with subprocess.Popen(["sleep", "600"]) as process:
            assert fingerprint(process.pid).endswith(" sleep 600 ")
            process.kill()
