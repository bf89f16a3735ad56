"""Executing one activity: claim it, do its work, record what came of it.

The claim is a short transaction of its own, so that people see who works. The work is a second one that ends with a
compare-and-set on the epoch of the claim: a worker may die at any instant, and either nothing happened or everything did.
While it works, the transaction holds an advisory lock on the activity run; whoever finds that lock free knows that nobody
works on it any more.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from zoneinfo import ZoneInfo

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from campaigns import activity_types
from campaigns.document import Document
from campaigns.schedules.definition import is_recurring
from campaigns.ways_back import drawn_problems
from campaigns.world import load_world
from orchestration import failures
from orchestration.arrivals import arrivals_of
from orchestration.compilation import CompileContext, Prepared, executable
from orchestration.exceptions import ActivityFailed, Fenced
from orchestration.iterations import times_begun
from orchestration.log import log_activity
from orchestration.models import ActivityRun, CampaignRun
from orchestration.outcomes import record_result
from orchestration.pretended_audiences import pretended
from orchestration.queues import enqueue_delivery
from orchestration.runs import advance_run, document_of
from orchestration.variables import typed_variables
from orchestration.work_locks import hold_lock

logger = logging.getLogger(__name__)

CLAIM = """
UPDATE orchestration_activityrun AS a
   SET state = 'running', state_changed_at = statement_timestamp(), owner = %(owner)s, epoch = a.epoch + 1,
       attempts = a.attempts + 1, backend_pid = pg_backend_pid(),
       lease_until = statement_timestamp() + interval '10 seconds',
       started_at = coalesce(a.started_at, statement_timestamp()), problem = ''
  FROM orchestration_campaignrun AS r
 WHERE a.id = %(id)s AND r.id = a.run_id AND r.state = 'running'
   AND (a.state = 'pending' OR (a.state = 'waiting' AND a.due_at <= statement_timestamp()))
RETURNING a.epoch
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on an activity run until somebody claims it with a higher epoch."""

    activity_run_id: int
    owner: uuid.UUID
    epoch: int


def execute_activity(activity_run_id: int, *, lasts: bool = True) -> bool:
    """Execute an activity that is due; False when it is not due, or another worker was first.

    `lasts` says whether what it makes is to last: then what decided about people is kept with them, and tables are safe.
    """
    claim = claim_activity(activity_run_id)
    activity_run = ActivityRun.objects.select_related("run__campaign").filter(pk=activity_run_id).first()
    if claim is None or activity_run is None:
        return False
    try:
        with _working(activity_run):
            _work(claim, activity_run, lasts=lasts)
    except Fenced:
        logger.info("Activity run %s was taken over; nothing of this attempt was kept.", activity_run_id)
        return False
    except (OperationalError, InterfaceError) as error:
        failures.release_or_fail(activity_run, claim.epoch, error)
    except Exception as error:
        failures.fail_activity(activity_run, claim.epoch, error)
    else:
        failures.forget_errors(activity_run.run_id)
    advance_run(activity_run.run_id)
    return True


def claim_activity(activity_run_id: int) -> Claim | None:
    owner = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"owner": owner, "id": activity_run_id})
        row = cursor.fetchone()
    return Claim(activity_run_id, owner, row[0]) if row else None


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction that sees the company's tables as they were when it began: they change while an activity works, and
    its ports have to agree. Inside of another transaction that choice is no longer free.
    """
    is_free = not connection.in_atomic_block
    with transaction.atomic():
        if is_free:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


@contextmanager
def _working(activity_run: ActivityRun) -> Iterator[None]:
    """The transaction of an activity's work, with the lock that says so."""
    changes_the_run = executable(activity_run.type).changes_the_run
    with transaction.atomic() if changes_the_run else one_moment():
        hold_lock(activity_run.pk)
        if changes_the_run:
            CampaignRun.objects.select_for_update(no_key=True).get(pk=activity_run.run_id)
        yield


def _work(claim: Claim, activity_run: ActivityRun, *, lasts: bool) -> None:
    context = replace(context_of(activity_run), lasts=lasts)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL random_page_cost = 4")
    result = executable(activity_run.type).execute(context)
    record_result(activity_run, claim.epoch, context, result)
    log_activity(activity_run, "activity_" + type(result).__name__.lower())
    if isinstance(result, Prepared) and result.state == "sending":
        transaction.on_commit(partial(enqueue_delivery, result.delivery_id))


def context_of(activity_run: ActivityRun) -> CompileContext:
    """Everything the activity may know of its run, read in the transaction of its work."""
    run = activity_run.run
    document = document_of(run)
    part = document.activity(activity_run.activity_id)
    world = pretended(load_world(document), activity_run, document)
    kind = activity_types.get(part.type)
    config = kind.Config.model_validate(part.config)
    came = arrivals_of(activity_run, document.graph)
    return CompileContext(
        activity_id=part.id,
        config=config,
        arrivals=came.arrivals,
        world=world,
        anchor=run.anchor,
        zone=ZoneInfo(document.campaign.time_zone),
        now=timezone.now(),
        variables=typed_variables(run.variables, world.variables),
        is_test=run.kind == "test",
        real_waits=run.real_waits,
        recurring=is_recurring(document.schedule),
        campaign_id=run.campaign_id,
        label=part.label,
        absent=came.absent,
        connected=frozenset(arrow.port for arrow in document.graph.out_of(part.id)),
        activity_run_id=activity_run.pk,
        memo=activity_run.memo,
        rounds=_rounds_begun(activity_run, document, kind.goes_back_to(config)),
    )


def _rounds_begun(activity_run: ActivityRun, document: Document, back_to: str) -> int:
    """Of an activity that sends people back: a draft may be tested before its lint has been heeded."""
    if not back_to:
        return 0
    for problem in drawn_problems(document.graph, activity_run.activity_id, back_to):
        raise ActivityFailed(f"{problem.message} {problem.remedy}")
    return times_begun(activity_run.run, activity_run.activity_id)
