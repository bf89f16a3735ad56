"""Acts on a run: start, advance, pause, resume, stop, retry, restart, wake. One plain function each, called by every door.

What a person asks is first written down as a RunRequest of its own; the run's row is locked only for the short
transaction that carries the request out, never while an activity works.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from campaigns.document import Document, canonical, parse_document
from campaigns.drafts import load_draft
from campaigns.frozen_filters import freeze_filters
from campaigns.graph import Arrow
from campaigns.lint import settings_problems
from campaigns.models import Campaign, CampaignVersion
from campaigns.problems import ProblemsError
from campaigns.states import LABELS, move, move_one
from orchestration import signals
from orchestration.cancellations import cancel_unsent
from orchestration.compilation import ExecutableType, executable
from orchestration.exceptions import Refused
from orchestration.frontier import frontier, is_over
from orchestration.held import HELD, as_held, fail_again, is_held, states_of
from orchestration.iterations import Round, rounds_of
from orchestration.log import log_activity, log_run
from orchestration.models import ActivityRun, CampaignRun, Delivery, Population, RunKind, RunRequest
from orchestration.queues import enqueue_activity, enqueue_delivery
from orchestration.states import ACTIVITY_RUN, DELIVERY, RUN
from orchestration.work_locks import cancel_work

User = Any
Place = tuple[int, str]
"""A round and an activity."""
OPEN = ("pending", "running", "waiting", "awaiting_confirmation", "sending", "failed")


def document_of(run: CampaignRun) -> Document:
    """The frozen document that the run obeys."""
    return parse_document(json.loads(run.definition))


def document_of_version(version: CampaignVersion) -> Document:
    return parse_document(json.loads(version.definition))


@transaction.atomic
def start_test_run(campaign: Campaign, *, by: User = None, real_waits: bool = False) -> CampaignRun:
    """Run the draft as it is now on real data, without one side effect. One test run of a campaign at a time.

    Raises Refused, or ProblemsError where the settings of an activity cannot even be read.
    """
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if campaign.runs.filter(kind=RunKind.TEST, state__in=("running", "paused", "failed")).exists():
        raise Refused(
            _("A test run of this campaign is still open."),
            _("Stop it before you start another."),
            code="run.test_open",
        )
    document = load_draft(campaign)
    if unreadable := settings_problems(document):
        raise ProblemsError(unreadable)
    return begin_test(campaign, document, by=by, real_waits=real_waits)


def begin_test(
    campaign: Campaign, document: Document, *, by: User = None, real_waits: bool = False
) -> CampaignRun:
    """A test run of a document that may be no draft, in the caller's transaction."""
    document = freeze_filters(document)
    run = CampaignRun.objects.create(
        campaign=campaign,
        kind=RunKind.TEST,
        definition=canonical(document),
        variables=_initial_variables(document),
        real_waits=real_waits,
        started_by=by,
    )
    return _begin(run, by)


@transaction.atomic
def restart_run(run: CampaignRun, *, by: User = None, real_waits: bool | None = None) -> CampaignRun:
    """Stop a test where it is still open, and test the draft as it is now: both, or neither. Answers the new run.

    Raises what `start_test_run` raises, and Refused where the run is live.
    """
    if run.kind != RunKind.TEST:
        raise Refused(
            _("A live run cannot be restarted."),
            _("Duplicate the campaign, or edit it and publish the next version."),
            code="run.not_a_test",
        )
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=run.campaign_id)
    present = CampaignRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if present.state in RUN.before("stopped"):
        stop_run(present, by=by)
    return start_test_run(
        campaign, by=by, real_waits=present.real_waits if real_waits is None else real_waits
    )


@transaction.atomic
def start_live_run(
    version: CampaignVersion,
    *,
    by: User = None,
    variables: Mapping[str, Any] | None = None,
    anchor: datetime | None = None,
) -> CampaignRun:
    """Run a published version for real. The caller has made sure that it is due: an occurrence, a signal or a person."""
    document = document_of_version(version)
    run = CampaignRun.objects.create(
        campaign=version.campaign,
        version=version,
        kind=RunKind.LIVE,
        definition=version.definition,
        variables={**_initial_variables(document), **(variables or {})},
        started_by=by,
        **({"anchor": anchor} if anchor else {}),
    )
    return _begin(run, by)


def _initial_variables(document: Document) -> dict[str, Any]:
    return {name: variable.value for name, variable in document.variables.items()}


def _begin(run: CampaignRun, by: User) -> CampaignRun:
    run.refresh_from_db()
    log_run(run, "run_started", actor=by, kind=run.kind)
    advance_run(run.pk)
    return run


@transaction.atomic
def advance_run(run_id: int) -> None:
    """Make every activity pending whose inbound ports are settled, and end the run when nothing is left to do.
    A test run may have been removed meanwhile.
    """
    run = CampaignRun.objects.select_for_update(no_key=True).filter(pk=run_id).first()
    if run is None or run.state != "running":
        return
    document = document_of(run)
    rounds = rounds_of(run, document.graph)
    states = as_held(document, _states(run))
    activated = _activated(run)
    for each in rounds:
        states |= _advance_round(run, document, each, states, activated)
    _enqueue_pending(run)
    if all(is_over(each.graph, each.seen(states), each.part) for each in rounds):
        _complete(run)
    elif HELD in states.values():
        fail_again(run)


def _advance_round(
    run: CampaignRun,
    document: Document,
    current: Round,
    states: Mapping[Place, str],
    activated: Mapping[Place, set[str]],
) -> dict[Place, str]:
    """Insert what may start in a round and what never will; answers the states that this adds."""
    taken = {(activity, port) for activity, ports in current.seen(activated).items() for port in ports}
    found = frontier(current.graph, current.seen(states), taken, Demanded(document), current.part)
    number = current.number
    _insert(run, document, found.ready, "pending", number)
    for activity_run in _insert(run, document, found.dead, "dead", number):
        log_activity(activity_run, "activity_dead")
    return {
        **{(number, activity): "dead" for activity in found.dead},
        **{(number, activity): "pending" for activity in found.ready},
    }


def _states(run: CampaignRun) -> dict[Place, str]:
    rows = run.activity_runs.values_list("iteration", "activity_id", "state")
    return {(iteration, activity): state for iteration, activity, state in rows}


def _activated(run: CampaignRun) -> dict[Place, set[str]]:
    """The ports taken."""
    rows = Population.objects.filter(activity_run__run=run, activated=True)
    found: dict[Place, set[str]] = {}
    for iteration, activity, port in rows.values_list(
        "activity_run__iteration", "activity_run__activity_id", "port"
    ):
        found.setdefault((iteration, activity), set()).add(port)
    return found


@dataclass(frozen=True, slots=True)
class Demanded:
    """What the activities of a document say of the arrows that come in."""

    document: Document

    def awaits(self, arrow: Arrow) -> bool:
        activity_type, config = self._settled(arrow.target)
        return activity_type.awaits(config, arrow)

    def may_start(self, activity: str, arrived: tuple[Arrow, ...]) -> bool:
        activity_type, config = self._settled(activity)
        return activity_type.may_start(config, arrived)

    def _settled(self, activity: str) -> tuple[type[ExecutableType], Any]:
        part = self.document.activity(activity)
        activity_type = executable(part.type)
        return activity_type, activity_type.Config.model_validate(part.config)


def _insert(
    run: CampaignRun, document: Document, activities: tuple[str, ...], state: str, iteration: int
) -> list[ActivityRun]:
    rows = [
        ActivityRun(
            run=run, activity_id=i, iteration=iteration, type=part.type, label=part.label, state=state
        )
        for i in activities
        for part in [document.activity(i)]
    ]
    return ActivityRun.objects.bulk_create(rows, ignore_conflicts=True) if rows else []


def _enqueue_pending(run: CampaignRun) -> None:
    for pk in run.activity_runs.filter(state="pending").values_list("pk", flat=True):
        transaction.on_commit(partial(enqueue_activity, pk))


def _complete(run: CampaignRun) -> None:
    move_one(run, RUN, "completed", finished_at=Now())
    log_run(run, "run_completed")
    signals.run_ended.send(CampaignRun, run=run)


def _acting(
    action: str, work: Callable[[CampaignRun], int], run: CampaignRun, by: User, activity: str = ""
) -> int:
    """Write the request down, then carry it out under the run's lock; the number of people or rows it concerned."""
    request = RunRequest.objects.create(run=run, action=action, requested_by=by)
    try:
        with transaction.atomic():
            locked = CampaignRun.objects.select_for_update(no_key=True).get(pk=run.pk)
            concerned = work(locked)
            answer_request(request, str(concerned))
            log_run(locked, f"run_{action}", activity_id=activity, actor=by, concerned=concerned)
    except Refused as refusal:
        answer_request(request, str(refusal))
        raise
    run.refresh_from_db()
    return concerned


def answer_request(request: RunRequest, outcome: str) -> None:
    """Write down what became of what a person asked: a count, or why it was refused."""
    RunRequest.objects.filter(pk=request.pk).update(handled_at=Now(), outcome=outcome[:200])


def _move_run(run: CampaignRun, state: str, **fields: Any) -> None:
    if not move(CampaignRun.objects.filter(pk=run.pk), RUN, state, **fields):
        raise Refused(
            _("The run is %(state)s, so it cannot become %(wanted)s.")
            % {"state": run.get_state_display(), "wanted": LABELS[state]},
            _("Open the run to see what it waits for."),
            code="run.wrong_state",
        )


def pause_run(run: CampaignRun, *, by: User = None) -> int:
    """No new activity starts and no message is claimed; what a worker has in hand ends. Answers deliveries paused."""
    return _acting(RunRequest.Action.PAUSE, _pause, run, by)


def _pause(run: CampaignRun) -> int:
    _move_run(run, "paused")
    return move(_deliveries(run), DELIVERY, "paused")


def resume_run(run: CampaignRun, *, by: User = None) -> int:
    """Go on with a paused run. Answers deliveries resumed."""
    return _acting(RunRequest.Action.RESUME, _resume, run, by)


def _resume(run: CampaignRun) -> int:
    if run.state != "paused":
        raise Refused(
            _("Only a paused run can be resumed."), _("A failed one is retried."), code="run.not_paused"
        )
    _move_run(run, "running")
    resumed = move(_deliveries(run).filter(state="paused"), DELIVERY, "sending")
    _go_on(run)
    return resumed


def retry_run(run: CampaignRun, *, by: User = None, activity: str = "") -> int:
    """Make the failed activities of a run pending again, or one of them, in every round in which it failed; the others
    stay failed. Answers how many.
    """
    return _acting(RunRequest.Action.RETRY, partial(_retry, activity=activity), run, by, activity)


def _retry(run: CampaignRun, activity: str) -> int:
    _go_on_after_failure(run)
    failed = run.activity_runs.filter(state="failed", **({"activity_id": activity} if activity else {}))
    retried = move(failed, ACTIVITY_RUN, "pending", problem="", attempts=0)
    if activity and not retried:
        raise Refused(
            _("This activity has not failed, so there is nothing to try again."),
            _("Look at the run again: somebody may have been first."),
            code="run.activity_not_failed",
        )
    _go_on(run)
    return retried


def _go_on_after_failure(run: CampaignRun) -> None:
    """A run goes on already where another of its failed activities was tried again before."""
    if run.state == "failed":
        _move_run(run, "running", problem="")
    elif run.state != "running" or not is_held(run, states_of(run)):
        raise Refused(
            _("Only a failed run can be retried; this one has not failed."),
            _("A paused one is resumed."),
            code="run.not_failed",
        )


def wake_run(run: CampaignRun, *, by: User = None) -> int:
    """End every wait of the run now. Answers how many people that moves."""
    return _acting(RunRequest.Action.WAKE, _wake, run, by)


def _wake(run: CampaignRun) -> int:
    if run.state != "running":
        raise Refused(
            _("Only a running run can be woken."), _("Resume or retry it first."), code="run.not_running"
        )
    waiting = run.activity_runs.filter(state="waiting")
    people = sum(rows or 0 for rows in waiting.values_list("rows_in", flat=True))
    waiting.update(due_at=Now(), memo={"woken": True})
    for pk in waiting.values_list("pk", flat=True):
        transaction.on_commit(partial(enqueue_activity, pk))
    return people


def stop_run(run: CampaignRun, *, by: User = None, problem: str = "") -> int:
    """End the run for good: SQL under way is cancelled, unsent messages too. Answers messages cancelled."""
    return _acting(RunRequest.Action.STOP, partial(stop_locked, problem=problem), run, by)


def stop_locked(run: CampaignRun, problem: str = "") -> int:
    """`stop_run` for a caller that already holds the run's lock."""
    _move_run(run, "stopped", finished_at=Now(), problem=problem)
    working = list(run.activity_runs.filter(state="running").values_list("pk", flat=True))
    move(run.activity_runs.filter(state__in=OPEN), ACTIVITY_RUN, "cancelled", finished_at=Now())
    move(_deliveries(run), DELIVERY, "cancelled", settled_at=Now())
    cancelled = cancel_unsent(_deliveries(run).values_list("pk", flat=True))
    transaction.on_commit(partial(cancel_work, working))
    transaction.on_commit(partial(signals.run_ended.send, CampaignRun, run=run))
    return cancelled


def _deliveries(run: CampaignRun) -> Any:
    return Delivery.objects.filter(activity_run__run=run)


def _go_on(run: CampaignRun) -> None:
    for pk in _deliveries(run).filter(state="sending").values_list("pk", flat=True):
        transaction.on_commit(partial(enqueue_delivery, pk))
    transaction.on_commit(partial(advance_run, run.pk))
