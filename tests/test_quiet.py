"""A database that others are busy in becomes quiet: by itself, or by force."""

from __future__ import annotations

import threading

import psycopg
import pytest
from django.db import connection

from tests import quiet

pytestmark = pytest.mark.django_db(transaction=True)


def _address() -> str:
    return psycopg.conninfo.make_conninfo(
        **{
            key: value
            for key, value in connection.get_connection_params().items()
            if key in ("host", "port", "user", "password", "dbname")
        }
    )


def test_an_idle_transaction_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet, "PATIENCE", 0.3)
    with psycopg.connect(_address()) as other:
        other.execute("SELECT 1")
        quiet.wait_for_quiet()
        with pytest.raises(psycopg.OperationalError):
            other.execute("SELECT 1")


def test_a_statement_that_ends_in_time_is_waited_for() -> None:
    with psycopg.connect(_address(), autocommit=True) as other:
        working = threading.Thread(target=other.execute, args=["SELECT pg_sleep(0.5)"])
        working.start()
        while not quiet._busy():
            assert working.is_alive()
        quiet.wait_for_quiet()
        assert not quiet._busy()
        working.join()
        assert other.execute("SELECT 1").fetchone() == (1,)


def test_idle_connections_are_left_alone() -> None:
    with psycopg.connect(_address(), autocommit=True) as other:
        other.execute("SELECT 1")
        quiet.wait_for_quiet()
        assert other.execute("SELECT 1").fetchone() == (1,)
