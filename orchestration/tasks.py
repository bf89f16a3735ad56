"""Celery's doors to the engine: each calls one function and holds no logic. Losing or repeating any is harmless."""

from __future__ import annotations

from celery import shared_task

from orchestration import execution, housekeeping, occurrences, sending, sweeper, watchdog


@shared_task(name="orchestration.execute_activity")
def execute_activity(activity_run_id: int) -> None:
    execution.execute_activity(activity_run_id)


@shared_task(name="orchestration.send_delivery")
def send_delivery(delivery_id: int) -> None:
    sending.spread_delivery(delivery_id)


@shared_task(name="orchestration.drain_bucket")
def drain_bucket(bucket_id: int) -> None:
    sending.drain_bucket(bucket_id)


@shared_task(name="orchestration.tick")
def tick() -> None:
    occurrences.tick()


@shared_task(name="orchestration.sweep")
def sweep() -> None:
    sweeper.sweep()


@shared_task(name="orchestration.watch")
def watch() -> None:
    watchdog.watch()


@shared_task(name="orchestration.keep_house")
def keep_house() -> None:
    housekeeping.keep_house()
