"""Which acts on a run its state allows: one table for every door. Whether they are done is decided in `runs`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from orchestration.held import is_held
from orchestration.models import CampaignRun, RunKind
from orchestration.states import RUN

ACTS: Mapping[str, tuple[str, ...]] = {
    "pause": ("running",),
    "resume": ("paused",),
    "retry": ("failed", "running"),
    "wake": ("running",),
    "stop": ("running", "paused", "failed"),
    "restart": RUN.states,
}


_ALSO: Mapping[str, Callable[[CampaignRun], bool]] = {
    "retry": lambda run: run.state == "failed" or is_held(run),
    "wake": lambda run: run.activity_runs.filter(state="waiting").exists(),
    "restart": lambda run: run.kind == RunKind.TEST,
}
"""What the state alone does not say."""


def is_possible(act: str, run: CampaignRun) -> bool:
    return run.state in ACTS[act] and (act not in _ALSO or _ALSO[act](run))
