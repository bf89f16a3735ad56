"""Celery's door to reporting. Losing or repeating it is harmless: the next one does what was left."""

from __future__ import annotations

from celery import shared_task

from orchestration.feedback.statistics import refresh_statistics
from orchestration.verdicts import judge_recent
from reporting.rollups import refresh_rollup


@shared_task(name="reporting.roll_up")
def roll_up() -> None:
    """Verdicts first, so that the roll-up holds them; then the planner learns what both have become."""
    judge_recent()
    refresh_rollup()
    refresh_statistics()
