"""The real sink, started by its command in a process of its own."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.mailbox import Mailbox
from config.sink import recorded_port
from orchestration.channels import open_session
from orchestration.mail.connecting import Server, connect
from orchestration.mail.outgoing import OutgoingMessage
from orchestration.transport import Kind

SETTINGS = {"host": "127.0.0.1", "security": "none"}
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def sink(folder: Path, *, port: int = 2525) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    command = [sys.executable, "manage.py", "sink", "--port", str(port), "--directory", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.search(r"127\.0\.0\.1:(\d+)", line)
            assert found, line
            yield int(found[1]), process
        finally:
            process.kill()


def message(number: int, data: bytes = b"body\r\n") -> OutgoingMessage:
    head = b"Message-ID: <1.%d@shop.test>\r\n\r\n" % number
    return OutgoingMessage(number, "news@shop.test", f"p{number}@example.test", head + data)


def test_takes_another_port_when_the_wanted_one_is_taken_and_records_it(tmp_path: Path) -> None:
    assert recorded_port(tmp_path) is None
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with sink(tmp_path, port=taken) as (port, _process):
            assert port != taken
            assert recorded_port(tmp_path) == port


def test_listens_on_loopback_only(tmp_path: Path) -> None:
    addresses = {found[4][0] for found in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    with sink(tmp_path) as (port, _process):
        for address in addresses - {"127.0.0.1"}:
            with socket.socket() as outside:
                assert outside.connect_ex((address, port)) != 0


def test_takes_pipelined_batches_and_keeps_every_byte(tmp_path: Path) -> None:
    bodies = [
        b".\r\n",
        b"..\r\n",
        "é\r\n".encode(),
        b"x" * 998 + b"\r\n",
        b"\r\n.\r\n.\r\n",
        b"a\r\n" * 5_000,
    ]
    with sink(tmp_path) as (port, _process):
        with open_session("smtp", SETTINGS | {"port": port}) as session:
            for start in range(0, 60, 10):
                batch = [message(n, bodies[n % len(bodies)]) for n in range(start, start + 10)]
                assert [outcome.kind for outcome in session.send(batch)] == [Kind.SENT] * 10
        mailbox = Mailbox(tmp_path)
        entries = mailbox.latest(limit=1_000)
    assert [entry.message_id for entry in reversed(entries)] == [f"<1.{n}@shop.test>" for n in range(60)]
    for entry in entries:
        number = int(entry.recipient[1:].partition("@")[0])
        assert (tmp_path / entry.path).read_bytes() == message(number, bodies[number % len(bodies)]).data


def test_advertises_pipelining_and_eight_bit(tmp_path: Path) -> None:
    with sink(tmp_path) as (port, _process):
        connection = connect(Server("127.0.0.1", port))
        assert (connection.pipelines, connection.takes_eight_bit) == (True, True)
        connection.close()


def test_a_kill_loses_nothing_it_has_confirmed(tmp_path: Path) -> None:
    with sink(tmp_path) as (port, process), open_session("smtp", SETTINGS | {"port": port}) as session:
        confirmed = [outcome.kind for outcome in session.send([message(n) for n in range(10)])]
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert confirmed == [Kind.SENT] * 10
    assert len(Mailbox(tmp_path).latest()) == 10


def test_stops_when_told_to(tmp_path: Path) -> None:
    with sink(tmp_path) as (_port, process):
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize("port", [70_000, -1])
def test_an_impossible_port_is_refused_in_words(port: int, tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "sink", "--port", str(port), "--directory", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
