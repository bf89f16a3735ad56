"""Failures that hold a run: unless its document ignores them, what follows a failed activity waits until that is tried
again.

A run whose failed activities are tried again one by one goes on with some of them still failed. They count as open, so
that nothing behind them dies, and once nothing else can go on the run has failed again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import TypeVar

from django.db import transaction

from campaigns.document import Document, parse_text
from campaigns.states import move_one
from orchestration import signals
from orchestration.log import log_run
from orchestration.models import CampaignRun, RunLogEntry
from orchestration.states import RUN

HELD = "held"
"""What a failed activity counts as where it may still come to another end."""
UNDER_WAY = ("pending", "running", "waiting", "awaiting_confirmation", "sending")
Place = TypeVar("Place")


def holds(document: Document) -> bool:
    """An ignored failure has ended its branch; every other may be tried again."""
    return document.errors.policy != "ignore"


def as_held(document: Document, states: Mapping[Place, str]) -> dict[Place, str]:
    """The states by which it is decided what may start."""
    is_held = holds(document)
    return {place: HELD if is_held and state == "failed" else state for place, state in states.items()}


def states_of(run: CampaignRun) -> frozenset[str]:
    """Each state that an activity of the run is in."""
    return frozenset(run.activity_runs.values_list("state", flat=True).order_by().distinct())


def is_held(run: CampaignRun, states: Collection[str]) -> bool:
    """Whether a failed activity of a run that goes on can be tried again, by the states of its activities."""
    return "failed" in states and holds(parse_text(run.definition))


def fail_again(run: CampaignRun) -> None:
    """Where nothing is under way any more the run waits for what is still failed."""
    if run.activity_runs.filter(state__in=UNDER_WAY).exists():
        return
    failed = run.activity_runs.filter(state="failed").order_by("pk").first()
    if failed is None:
        return
    move_one(run, RUN, "failed", problem=failed.problem)
    log_run(run, "run_failed", activity_id=failed.activity_id, level=RunLogEntry.Level.ERROR)
    transaction.on_commit(partial(signals.run_failed.send, CampaignRun, run=run, activity_run=failed))
