from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from campaigns.models import AuditEntry
from orchestration.exceptions import Refused
from orchestration.models import Delivery, EventKind, Message, RunLogEntry
from orchestration.settlement import settle_delivery
from orchestration.states import MESSAGE
from orchestration.unknowns import STATES, count_unknown, settle_unknown
from orchestration.work_locks import LOCK_CLASS, lock_key
from tests.ledger import add_event, make_delivery, make_dimension, make_message, make_messages
from tests.orchestration.engine import counts
from tests.orchestration.test_runs import campaign  # noqa: F401
from tests.orchestration.test_sending import delivery  # noqa: F401
from tests.orchestration.test_settlement import leave_one, sent  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubtful() -> Delivery:
    """Three messages unknown, one in each other state."""
    made = make_delivery(make_dimension())
    make_messages(made, [1, 2, 3], state="unknown")
    for key, state in enumerate(state for state in MESSAGE.states if state != "unknown"):
        make_message(made, f"other-{key}", state=state)
    return made


def states(doubtful: Delivery) -> dict[str, str]:
    return dict(doubtful.messages.values_list("recipient_key", "state"))


def unknown(doubtful: Delivery, key: int = 1) -> Message:
    return doubtful.messages.get(recipient_key=str(key))


def test_every_answer_is_an_arrow_of_the_states() -> None:
    assert set(STATES.values()) == set(MESSAGE.follow["unknown"])


def test_neither_sent_nor_failed_is_refused(doubtful: Delivery) -> None:
    with pytest.raises(Refused, match="neither"):
        settle_unknown(doubtful, "ready")
    assert count_unknown(doubtful) == 3


def test_a_delivery_without_unknown_messages_is_refused(doubtful: Delivery) -> None:
    settle_unknown(doubtful, "sent")
    with pytest.raises(Refused, match="somebody was first"):
        settle_unknown(doubtful, "failed")
    assert not AuditEntry.objects.filter(detail__has_key="as").exclude(detail__settled=3).exists()


def test_a_message_that_is_not_unknown_is_refused(doubtful: Delivery) -> None:
    other = doubtful.messages.get(state="ready")
    elsewhere = make_message(make_delivery(doubtful.dimension, activity_id="b"), 9, state="unknown")
    for message in (other, elsewhere):
        with pytest.raises(Refused, match="is not unknown"):
            settle_unknown(doubtful, "sent", message=message.pk)
    assert unknown(elsewhere.delivery, 9).state == "unknown"


def test_what_something_came_back_for_cannot_have_failed(doubtful: Delivery) -> None:
    add_event(unknown(doubtful, 1), EventKind.OPENED)
    with pytest.raises(Refused, match="have left"):
        settle_unknown(doubtful, "failed", message=unknown(doubtful, 1).pk)
    assert settle_unknown(doubtful, "failed") == 2
    assert unknown(doubtful, 1).state == "unknown"
    assert settle_unknown(doubtful, "sent") == 1


def test_nothing_is_settled_while_the_ports_are_being_made(doubtful: Delivery) -> None:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_CLASS, lock_key(doubtful.activity_run_id)])
        with pytest.raises(Refused, match="just being settled"):
            settle_unknown(doubtful, "sent")
    other.close()
    assert count_unknown(doubtful) == 3


@pytest.mark.parametrize(("as_", "state"), list(STATES.items()))
def test_all_of_a_delivery_move_and_nothing_else(doubtful: Delivery, as_: str, state: str) -> None:
    before = states(doubtful)
    assert settle_unknown(doubtful, as_) == 3
    assert states(doubtful) == {k: state if s == "unknown" else s for k, s in before.items()}


def test_one_message_moves_and_the_others_wait(doubtful: Delivery) -> None:
    assert settle_unknown(doubtful, "sent", message=unknown(doubtful, 2).pk) == 1
    assert [unknown(doubtful, key).state for key in (1, 2, 3)] == ["unknown", "sent", "unknown"]


def test_who_and_why_stand_with_the_message_and_in_both_logs(doubtful: Delivery) -> None:
    ann: Any = get_user_model().objects.create_user("ann")
    message = unknown(doubtful)
    Message.objects.filter(pk=message.pk).update(reply="connection lost")
    settle_unknown(doubtful, "failed", by=ann, note="not in the log of the relay", message=message.pk)
    settled = unknown(doubtful)
    assert settled.reply == "settled by ann: not in the log of the relay · connection lost"
    assert settled.finished_at == message.finished_at
    entry = AuditEntry.objects.get(action="delivery.settle_unknown")
    assert (entry.actor, entry.object) == (ann, f"campaign {doubtful.campaign.slug}")
    wanted = {"as": "failed", "settled": 1, "note": "not in the log of the relay", "message": message.pk}
    assert entry.detail == {"delivery": doubtful.pk, **wanted}
    line = RunLogEntry.objects.get(event="unknown_settled")
    assert (line.run, line.activity_id, line.actor) == (doubtful.activity_run.run, "mail", ann)
    assert line.detail == wanted


def test_before_the_delivery_settles_people_leave_by_the_state_they_were_given(
    sent: Delivery,  # noqa: F811
) -> None:
    leave_one(sent, "unknown")
    settle_unknown(sent, "failed")
    assert settle_delivery(sent.pk)
    found = counts(sent.activity_run.run)
    assert [found[f"mail.{port}"] for port in ("sent", "failed", "undecided")] == [7, 1, 0]


def test_ports_of_a_delivery_that_has_settled_stay(sent: Delivery) -> None:  # noqa: F811
    leave_one(sent, "unknown")
    settle_delivery(sent.pk)
    before = counts(sent.activity_run.run)
    assert settle_unknown(sent, "sent") == 1
    assert counts(sent.activity_run.run) == before
    assert before["mail.undecided"] == 1
