"""The end of a delivery: when no message of it is open, its activity succeeds and its ports are made from the ledger."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models.functions import Now

from campaigns.states import move
from orchestration.delivery_ports import record_ports
from orchestration.exceptions import Fenced
from orchestration.execution import context_of
from orchestration.log import log_activity
from orchestration.models import ActivityRun, Delivery
from orchestration.runs import advance_run
from orchestration.states import ACTIVITY_RUN, DELIVERY
from orchestration.work_locks import hold_lock

IS_OVER = """
SELECT FROM orchestration_delivery AS d
 WHERE d.id = %(delivery)s AND d.state = 'sending'
   AND NOT EXISTS (SELECT FROM orchestration_message AS m WHERE m.delivery_id = d.id
                      AND m.state IN ('ready', 'failed_temporary'))
   AND NOT EXISTS (SELECT FROM orchestration_message AS m WHERE m.delivery_id = d.id AND m.state = 'in_flight')
"""

EXPIRE = """
UPDATE orchestration_message AS m SET state = 'expired', finished_at = statement_timestamp()
  FROM orchestration_delivery AS d
 WHERE d.id = %(delivery)s AND m.delivery_id = d.id AND m.state IN ('ready', 'failed_temporary')
   AND d.give_up_at < statement_timestamp()
"""


def settle_delivery(delivery_id: int) -> bool:
    """Settle the delivery if nothing of it is open; False when something is, it is not being sent, or another settles."""
    if not _is_over(delivery_id):
        return False
    activity_run = ActivityRun.objects.select_related("run__campaign").get(delivery=delivery_id)
    try:
        with transaction.atomic():
            _settle(activity_run, delivery_id)
    except Fenced:
        return False
    advance_run(activity_run.run_id)
    return True


def _is_over(delivery_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(EXPIRE, {"delivery": delivery_id})
        cursor.execute(IS_OVER, {"delivery": delivery_id})
        return bool(cursor.rowcount)


def _settle(activity_run: ActivityRun, delivery_id: int) -> None:
    """The long part comes before the first row that a pause or a stop might wait for."""
    hold_lock(activity_run.pk)
    if not _is_over(delivery_id):
        raise Fenced
    record_ports(activity_run, context_of(activity_run), delivery_id)
    mine = ActivityRun.objects.filter(pk=activity_run.pk)
    delivery = Delivery.objects.filter(pk=delivery_id)
    if not move(mine, ACTIVITY_RUN, "succeeded", finished_at=Now()):
        raise Fenced
    if not move(delivery, DELIVERY, "settled", settled_at=Now()):
        raise Fenced
    log_activity(activity_run, "delivery_settled")


def begin_retry_clock(delivery: Delivery) -> None:
    """Set when retries end, once, at the first send."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orchestration_delivery SET give_up_at = statement_timestamp() + make_interval(hours => retry_hours)"
            " WHERE id = %s AND give_up_at IS NULL",
            [delivery.pk],
        )
