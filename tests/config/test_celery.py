"""What a worker does around its tasks, beside Celery's own."""

from __future__ import annotations

import psycopg
import pytest
from celery.signals import task_prerun
from django.db import connection

from config.tasks import record_heartbeat

pytestmark = pytest.mark.django_db(transaction=True)


def server_process() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def begin_a_task() -> None:
    task_prerun.send(sender=None, task=record_heartbeat)


def test_a_connection_the_server_ended_is_replaced_at_the_next_task() -> None:
    first = server_process()
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [first])
    begin_a_task()
    assert server_process() != first


def test_tasks_share_a_connection() -> None:
    first = server_process()
    begin_a_task()
    assert server_process() == first
