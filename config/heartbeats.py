"""Writing and reading heartbeats; `config.tasks` sends them, `config.health` judges them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from config.models import Heartbeat


def write_heartbeat(queue: str) -> None:
    """One statement, so that two workers of a queue never collide."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(queue=queue, seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["queue"],
        update_fields=["seen_at"],
    )


def heartbeats() -> dict[str, datetime]:
    return dict(Heartbeat.objects.values_list("queue", "seen_at"))


def beat_seen_at() -> datetime | None:
    """Beat notes in its own table when it last sent anything."""
    seen: datetime | None = PeriodicTask.objects.aggregate(seen=Max("last_run_at"))["seen"]
    return seen
