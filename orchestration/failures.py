"""What a failed activity does to its run, by the campaign's error policy."""

from __future__ import annotations

import logging
from functools import partial

from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from campaigns.limited_queries import UNCOMPUTABLE, NotComputable
from campaigns.states import move
from orchestration import signals
from orchestration.exceptions import OrchestrationError
from orchestration.log import log_activity, log_run
from orchestration.models import ActivityRun, CampaignRun, RunLogEntry
from orchestration.runs import document_of, stop_locked
from orchestration.states import ACTIVITY_RUN, RUN

logger = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often an activity is tried whose attempts end in a broken connection, a deadlock or a cancelled statement."""


def release_or_fail(activity_run: ActivityRun, epoch: int, error: Exception) -> None:
    """After a passing fault of the database: pending again, failed once it has been tried often enough."""
    activity_run.refresh_from_db()
    if activity_run.attempts >= ATTEMPTS:
        fail_activity(activity_run, epoch, error)
        return
    mine = ActivityRun.objects.filter(pk=activity_run.pk, epoch=epoch, state="running")
    if move(mine, ACTIVITY_RUN, "pending", lease_until=None, problem=_text(error)):
        log_activity(activity_run, "activity_released", level=RunLogEntry.Level.WARNING)


@transaction.atomic
def fail_activity(activity_run: ActivityRun, epoch: int, error: Exception) -> None:
    """Record the failure under this epoch and carry out the error policy of the run's document."""
    logger.warning(
        "Activity run %s failed: %s", activity_run.pk, type(error).__name__, exc_info=_unexpected(error)
    )
    run = CampaignRun.objects.select_for_update(no_key=True).get(pk=activity_run.run_id)
    mine = ActivityRun.objects.filter(pk=activity_run.pk, epoch=epoch)
    if not move(mine, ACTIVITY_RUN, "failed", lease_until=None, finished_at=Now(), problem=_text(error)):
        return
    log_activity(activity_run, "activity_failed", level=RunLogEntry.Level.ERROR, problem=_text(error))
    _apply_policy(run, activity_run, _text(error))


def forget_errors(run_id: int) -> None:
    """After a success: the policy *ignore* counts consecutive failures."""
    CampaignRun.objects.filter(pk=run_id, errors__gt=0).update(errors=0)


def _apply_policy(run: CampaignRun, activity_run: ActivityRun, problem: str) -> None:
    errors = document_of(run).errors
    CampaignRun.objects.filter(pk=run.pk).update(errors=run.errors + 1)
    tolerated = errors.policy == "ignore" and (not errors.consecutive or run.errors + 1 < errors.consecutive)
    if tolerated or run.state not in ("running", "paused"):
        return
    if errors.policy == "abort":
        stop_locked(run, problem)
        log_run(run, "run_aborted", activity_id=activity_run.activity_id, level=RunLogEntry.Level.ERROR)
    else:
        move(CampaignRun.objects.filter(pk=run.pk), RUN, "failed", problem=problem)
    transaction.on_commit(partial(signals.run_failed.send, CampaignRun, run=run, activity_run=activity_run))


def _text(error: Exception) -> str:
    """What people read. An unforeseen error shows its class and first line; the traceback is in the log.

    Of what the database cannot work out people see what is missing, and no value it stumbled over.
    """
    if isinstance(error, OrchestrationError):
        return str(error)
    if isinstance(error, UNCOMPUTABLE):
        return str(NotComputable(error))
    first = str(error).strip().splitlines()
    return f"{type(error).__name__}: {first[0] if first else ''}"[:500]


def _unexpected(error: Exception) -> bool:
    return not isinstance(error, OrchestrationError | DatabaseError)
