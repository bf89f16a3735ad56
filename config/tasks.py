"""The composition root's own task: the sign of life of each queue."""

from __future__ import annotations

from celery import shared_task

from config.heartbeats import write_heartbeat


@shared_task(name="config.record_heartbeat")
def record_heartbeat(queue: str) -> None:
    write_heartbeat(queue)
