"""What is due and in nobody's hands is handed out again: PostgreSQL is the truth, a lost Celery message costs seconds."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from orchestration.cancellations import cancel_leftovers
from orchestration.exceptions import ActivityFailed
from orchestration.failures import fail_activity
from orchestration.models import ActivityRun, CampaignRun, Delivery
from orchestration.queues import enqueue_activity, enqueue_bucket
from orchestration.runs import advance_run
from orchestration.sending import strand_abandoned
from orchestration.settlement import settle_delivery
from orchestration.work_locks import LOCK_CLASS

logger = logging.getLogger(__name__)

REQUEUE_ABANDONED = """
UPDATE orchestration_activityrun SET state = 'pending', state_changed_at = statement_timestamp(), lease_until = NULL
 WHERE state = 'running' AND lease_until < statement_timestamp() AND attempts < %s
   AND pg_try_advisory_xact_lock(%s, (id %% 2147483648)::integer)
RETURNING id
"""
"""A worker that is alive holds its activity's lock for as long as its statement takes; a free lock means it is gone."""

POISONOUS = """
SELECT id FROM orchestration_activityrun
 WHERE state = 'running' AND lease_until < statement_timestamp() AND attempts >= %s
   AND pg_try_advisory_xact_lock(%s, (id %% 2147483648)::integer)
"""
"""Whoever worked on it is gone, as everybody was who tried before."""

MOST_ATTEMPTS = 10
"""How often an activity may lose its worker, to restarts and failing machines, before it is held to be the cause."""

DUE_ACTIVITIES = """
SELECT a.id FROM orchestration_activityrun AS a JOIN orchestration_campaignrun AS r ON r.id = a.run_id
 WHERE r.state = 'running' AND (a.state = 'pending' OR (a.state = 'waiting' AND a.due_at <= statement_timestamp()))
 ORDER BY a.id LIMIT 500
"""

DUE_BUCKETS = """
SELECT b.id FROM orchestration_deliverybucket AS b JOIN orchestration_delivery AS d ON d.id = b.delivery_id
 WHERE d.state = 'sending' AND b.due_at <= statement_timestamp()
   AND (b.lease_until IS NULL OR b.lease_until < statement_timestamp())
 ORDER BY b.due_at, b.id LIMIT 500
"""


def sweep() -> dict[str, int]:
    """Hand out everything due that no worker has; answers how many of each were found."""
    abandoned = _ids(REQUEUE_ABANDONED, [MOST_ATTEMPTS, LOCK_CLASS])
    list(_each(_give_up, _ids(POISONOUS, [MOST_ATTEMPTS, LOCK_CLASS])))
    stranded = strand_abandoned()
    cancel_leftovers()
    activities = _ids(DUE_ACTIVITIES)
    buckets = _ids(DUE_BUCKETS)
    for pk in activities:
        enqueue_activity(pk)
    for pk in buckets:
        enqueue_bucket(pk)
    settled = sum(_each(settle_delivery, _sending()))
    list(_each(advance_run, _running()))
    found = {
        "abandoned": len(abandoned),
        "stranded": stranded,
        "activities": len(activities),
        "buckets": len(buckets),
        "settled": settled,
    }
    if abandoned or stranded:
        logger.warning("Workers are gone; taken back: %s", found)
    return found


def _each(act: Callable[[int], Any], keys: Iterable[int]) -> Iterator[Any]:
    """One that fails must not keep the others waiting; it is tried again at the next sweep."""
    for key in keys:
        try:
            yield act(key)
        except Exception:
            logger.exception("%s %s failed.", act.__name__, key)


def _give_up(activity_run_id: int) -> None:
    activity_run = ActivityRun.objects.get(pk=activity_run_id)
    text = _(
        "The worker of this activity was lost %(count)d times in a row, as when the machine has too little memory."
        " Look at the workers' logs, then retry the run."
    )
    lost = ActivityFailed(text % {"count": activity_run.attempts})
    fail_activity(activity_run, activity_run.epoch, lost)


def _running() -> list[int]:
    return list(CampaignRun.objects.filter(state="running").values_list("pk", flat=True))


def _sending() -> list[int]:
    return list(Delivery.objects.filter(state="sending").values_list("pk", flat=True))


def _ids(statement: str, parameters: list[int] | None = None) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [row[0] for row in cursor.fetchall()]
