from __future__ import annotations

import pytest

from orchestration.models import ActivityRun, CampaignRun, Delivery, Message, Population
from orchestration.runs import stop_run
from orchestration.settlement import begin_retry_clock, settle_delivery
from tests.orchestration.engine import counts
from tests.orchestration.test_runs import campaign  # noqa: F401
from tests.orchestration.test_sending import delivery  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(delivery: Delivery) -> Delivery:  # noqa: F811
    """Everything is sent but nobody has settled it; eight messages in all, and two people excluded."""
    Delivery.objects.update(state="sending")
    ActivityRun.objects.filter(pk=delivery.activity_run_id).update(state="sending")
    delivery.messages.filter(state="ready").update(state="sent")
    delivery.refresh_from_db()
    return delivery


def leave_one(sent: Delivery, state: str, **fields: str) -> Message:
    message = sent.messages.filter(state="sent").order_by("pk")[0]
    Message.objects.filter(pk=message.pk).update(state=state, **fields)
    return message


@pytest.mark.parametrize("state", ["ready", "in_flight", "failed_temporary"])
def test_nothing_settles_while_a_message_is_open(sent: Delivery, state: str) -> None:
    leave_one(sent, state)
    assert not settle_delivery(sent.pk)
    assert not Population.objects.filter(activity_run=sent.activity_run).exists()


@pytest.mark.parametrize("state", ["awaiting_confirmation", "paused", "cancelled", "settled"])
def test_a_delivery_that_is_not_being_sent_does_not_settle(sent: Delivery, state: str) -> None:
    Delivery.objects.update(state=state)
    assert not settle_delivery(sent.pk)


def test_a_stopped_run_is_never_settled(sent: Delivery) -> None:
    stop_run(sent.activity_run.run)
    assert not settle_delivery(sent.pk)
    assert CampaignRun.objects.get().state == "stopped"


def test_retries_end_with_their_clock_and_what_is_open_expires(sent: Delivery) -> None:
    message = leave_one(sent, "failed_temporary")
    Delivery.objects.update(give_up_at="2020-01-01T00:00:00Z")
    assert settle_delivery(sent.pk)
    message.refresh_from_db()
    assert message.state == "expired"
    assert counts(sent.activity_run.run)["mail.failed"] == 1


def test_every_person_leaves_by_one_port(sent: Delivery) -> None:
    leave_one(sent, "unknown")
    assert settle_delivery(sent.pk)
    found = counts(sent.activity_run.run)
    ports = {port.partition(".")[2]: people for port, people in found.items() if port.startswith("mail.")}
    assert ports == {"sent": 7, "excluded": 2, "failed": 0, "undecided": 1}


def test_a_delivery_settles_once(sent: Delivery) -> None:
    assert [settle_delivery(sent.pk), settle_delivery(sent.pk)] == [True, False]


def test_the_clock_of_the_retries_starts_once(sent: Delivery) -> None:
    begin_retry_clock(sent)
    sent.refresh_from_db()
    first = sent.give_up_at
    begin_retry_clock(sent)
    sent.refresh_from_db()
    assert first is not None
    assert sent.give_up_at == first
