"""Beat's door to the reports: judge what came lately, then count it."""

from __future__ import annotations

from celery import shared_task

from orchestration.verdicts import judge_recent
from reporting.rollups import refresh_rollup


@shared_task(name="reporting.roll_up")
def roll_up() -> None:
    judge_recent()
    refresh_rollup()
