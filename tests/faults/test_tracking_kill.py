"""A server killed while people click: every answer that left had its hit committed before."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from config.ports import answers
from orchestration.models import MessageEvent
from orchestration.tokens import Purpose, make_token, url_of
from tests.faults.installation import wait_until
from tests.ledger import forget_events, make_delivery, make_dimension, make_messages

KILLS = 5
CLICKERS = 8


def database_url_of_this_test() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


@contextmanager
def server() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A real server in a process group of its own; its workers die with their master's group."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(
        [*command, "--blocking-threads", "4", "--no-access-log", "config.wsgi:application"],
        env={
            **os.environ,
            "DATABASE_URL": database_url_of_this_test(),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_until(lambda: answers(port), seconds=90, what="the server listens")
        yield process, port
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def click_until_dead(port: int, paths: list[str], answered: list[str]) -> None:
    """One connection a click, so that each agent's name tells one hit."""
    for number, path in enumerate(paths * 1000):
        agent = f"{threading.get_ident()}-{number}"
        line = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.request("GET", path, headers={"User-Agent": agent})
            if line.getresponse().status != 302:
                return
        except (OSError, HTTPException):
            return
        finally:
            line.close()
        answered.append(agent)


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_redirect_leaves_before_its_hit_is_committed() -> None:
    messages = make_messages(make_delivery(make_dimension()), range(20))
    paths = [
        url_of(Purpose.CLICK, make_token(Purpose.CLICK, message=message.pk, link=1), base="")
        for message in messages
    ]
    for _kill in range(KILLS):
        answered: list[str] = []
        with server() as (process, port):
            clickers = [
                threading.Thread(target=click_until_dead, args=(port, paths, answered))
                for _ in range(CLICKERS)
            ]
            for clicker in clickers:
                clicker.start()
            while len(answered) < 200 and process.poll() is None:
                time.sleep(0.01)
            kill(process)
            for clicker in clickers:
                clicker.join()
        kept = set(MessageEvent.objects.values_list("user_agent", flat=True))
        assert len(answered) >= 200
        assert set(answered) <= kept
        forget_events()
