"""Which acts on a run its state allows: one table for every door. Whether they are done is decided in `runs`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from orchestration.held import is_held, states_of
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


_ALSO: Mapping[str, Callable[[CampaignRun, Collection[str]], bool]] = {
    "retry": lambda run, states: run.state == "failed" or is_held(run, states),
    "wake": lambda _run, states: "waiting" in states,
    "restart": lambda run, _states: run.kind == RunKind.TEST,
}
"""What the run's state alone does not say, by the states of its activities."""


def possible_acts(run: CampaignRun) -> list[str]:
    states = states_of(run)
    return [act for act in ACTS if run.state in ACTS[act] and (act not in _ALSO or _ALSO[act](run, states))]


def is_possible(act: str, run: CampaignRun) -> bool:
    return run.state in ACTS[act] and (act not in _ALSO or act in possible_acts(run))
