"""Publishing is not sending: a prepared delivery waits until a person confirms it, having seen whom it reaches."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from campaigns.states import move, move_one
from orchestration.exceptions import Refused
from orchestration.log import log_run
from orchestration.models import ActivityRun, CampaignRun, Delivery, ExclusionReason, RunRequest
from orchestration.queues import enqueue_delivery
from orchestration.runs import answer_request
from orchestration.states import ACTIVITY_RUN, DELIVERY


def send_waterfall(delivery: Delivery) -> dict[str, Any]:
    """From the audience down to those who will get a message: {targeted, excluded: {reason: people}, will_send}."""
    rows = delivery.messages.values_list("state", "exclusion_reason").annotate(people=Count("id")).order_by()
    excluded = {reason: people for state, reason, people in rows if state == "excluded"}
    return {
        "targeted": delivery.targeted,
        "excluded": {reason: excluded[reason] for reason in ExclusionReason.values if reason in excluded},
        "will_send": delivery.targeted - sum(excluded.values()),
    }


def confirm_delivery(delivery: Delivery, *, by: Any = None) -> int:
    """Let a delivery that waits for confirmation be sent; answers how many messages that releases."""
    run = delivery.activity_run.run
    request = RunRequest.objects.create(
        run=run, action=RunRequest.Action.CONFIRM, activity_id=delivery.activity_id, requested_by=by
    )
    try:
        with transaction.atomic():
            will_send = _confirm(delivery, by)
            answer_request(request, str(will_send))
    except Refused as refusal:
        answer_request(request, str(refusal))
        raise
    return will_send


def _confirm(delivery: Delivery, by: Any) -> int:
    run = CampaignRun.objects.select_for_update(no_key=True).get(pk=delivery.activity_run.run_id)
    if run.state != "running":
        raise Refused(
            _("The run is %(state)s.") % {"state": run.get_state_display()},
            _("Resume it first, then confirm the send."),
            code="delivery.run_not_running",
        )
    will_send = send_waterfall(delivery)["will_send"]
    if not begin_sending(delivery, by=by):
        raise Refused(
            _("This delivery does not wait for a confirmation; somebody was first, or it was stopped."),
            _("Look at it again: its state says what became of it."),
            code="delivery.not_waiting",
        )
    log_run(run, "delivery_confirmed", activity_id=delivery.activity_id, actor=by, will_send=will_send)
    return int(will_send)


def begin_sending(delivery: Delivery, *, by: Any = None) -> bool:
    """Move a prepared delivery and its activity to sending; False when it was not waiting."""
    waiting = Delivery.objects.filter(pk=delivery.pk, state="awaiting_confirmation")
    if not move(waiting, DELIVERY, "sending", confirmed_by=by, confirmed_at=Now()):
        return False
    move_one(ActivityRun.objects.get(pk=delivery.activity_run_id), ACTIVITY_RUN, "sending")
    transaction.on_commit(partial(enqueue_delivery, delivery.pk))
    delivery.refresh_from_db()
    return True
