"""Hints to Celery, by task name so that nothing here imports the tasks. Losing one costs seconds: the sweeper looks."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def enqueue_activity(activity_run_id: int) -> None:
    _send("orchestration.execute_activity", activity_run_id)


def enqueue_bucket(bucket_id: int) -> None:
    _send("orchestration.drain_bucket", bucket_id)


def enqueue_delivery(delivery_id: int) -> None:
    _send("orchestration.send_delivery", delivery_id)


def _send(task: str, key: int) -> None:
    """A broker that is away must not fail the work that was just committed."""
    try:
        current_app.send_task(task, args=[key], retry=False)
    except (OperationalError, OSError):
        logger.warning("The broker is away; the sweeper will find %s %s.", task, key)
