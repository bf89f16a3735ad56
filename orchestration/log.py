"""The one way to add to a run's execution log."""

from __future__ import annotations

from typing import Any

from orchestration.models import CampaignRun, RunLogEntry


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
