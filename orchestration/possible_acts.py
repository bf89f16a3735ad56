"""Which acts on a run its state allows: one table for every door. Whether they are done is decided in `runs`."""

from __future__ import annotations

from collections.abc import Mapping

from orchestration.models import CampaignRun

ACTS: Mapping[str, tuple[str, ...]] = {
    "pause": ("running",),
    "resume": ("paused",),
    "retry": ("failed",),
    "wake": ("running",),
    "stop": ("running", "paused", "failed"),
}


def is_possible(act: str, run: CampaignRun) -> bool:
    return run.state in ACTS[act] and (act != "wake" or run.activity_runs.filter(state="waiting").exists())
