"""The one way to add to a run's execution log."""

from __future__ import annotations

from typing import Any

from orchestration.models import ActivityRun, CampaignRun, RunLogEntry


def log_run(
    run: CampaignRun | int,
    event: str,
    *,
    activity_id: str = "",
    actor: Any = None,
    level: str = RunLogEntry.Level.INFO,
    **detail: Any,
) -> None:
    """Append an entry in the caller's transaction. `detail` is shown to people and must hold no address or secret."""
    RunLogEntry.objects.create(
        run_id=run if isinstance(run, int) else run.pk,
        event=event,
        activity_id=activity_id,
        actor=actor,
        level=level,
        detail=detail,
    )


def log_activity(activity_run: ActivityRun, event: str, **more: Any) -> None:
    """Append what happened to an activity, and in which round where it is not the first."""
    if activity_run.iteration:
        more["round"] = activity_run.iteration
    log_run(activity_run.run_id, event, activity_id=activity_run.activity_id, **more)
