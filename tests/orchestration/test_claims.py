from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg import sql

from campaigns.models import Consent, Suppression
from orchestration.claims import (
    BY_INDEX,
    CLAIM,
    MICRO_BATCH,
    SETTLE,
    Claimed,
    Lease,
    Settlement,
    claim_messages,
    lease_bucket,
    release_bucket,
    settle_after_fault,
    settle_and_claim,
    settle_messages,
)
from orchestration.exceptions import Fenced
from orchestration.models import Delivery, DeliveryBucket, Message
from orchestration.withdrawals import withdraw_messages
from orchestration.working_tables import SCHEMA
from tests.ledger import make_delivery, make_dimension, make_message

pytestmark = pytest.mark.django_db

VALUES = "values_of_a_test"


@pytest.fixture
def bucket() -> DeliveryBucket:
    """A delivery of twelve people who all consented, in one bucket."""
    delivery = make_delivery(make_dimension())
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS work.values_of_a_test")
        cursor.execute("CREATE TABLE work.values_of_a_test (message_id bigint PRIMARY KEY, v0 text)")
    for key in range(12):
        message = make_message(delivery, key, state="ready")
        consent(delivery, key)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO work.values_of_a_test VALUES (%s, %s)", [message.pk, f"name {key}"])
    return DeliveryBucket.objects.create(delivery=delivery, bucket=0, due_at="2020-01-01T00:00:00Z")


def consent(delivery: Delivery, key: int, state: str = "opted_in") -> None:
    Consent.objects.update_or_create(
        dimension=delivery.dimension, recipient_key=str(key), channel="email", defaults={"state": state}
    )


def take(bucket: DeliveryBucket) -> Lease:
    lease = lease_bucket(bucket.pk)
    assert lease is not None
    return lease


def expire(bucket: DeliveryBucket) -> None:
    DeliveryBucket.objects.filter(pk=bucket.pk).update(lease_until="2020-01-01T00:00:00Z")


def states(delivery: Delivery) -> dict[str, str]:
    return dict(Message.objects.filter(delivery=delivery).values_list("recipient_key", "state"))


def test_a_bucket_somebody_holds_is_not_leased(bucket: DeliveryBucket) -> None:
    take(bucket)
    assert lease_bucket(bucket.pk) is None


@pytest.mark.parametrize("state", ["paused", "awaiting_confirmation", "cancelled", "settled"])
def test_a_delivery_that_does_not_send_gives_no_lease(bucket: DeliveryBucket, state: str) -> None:
    Delivery.objects.filter(pk=bucket.delivery_id).update(state=state)
    assert lease_bucket(bucket.pk) is None


def test_nothing_is_claimed_once_the_delivery_is_paused(bucket: DeliveryBucket) -> None:
    lease = take(bucket)
    Delivery.objects.filter(pk=bucket.delivery_id).update(state="paused")
    assert claim_messages(lease, VALUES) is None


def test_a_replaced_worker_claims_nothing(bucket: DeliveryBucket) -> None:
    old = take(bucket)
    expire(bucket)
    take(bucket)
    with pytest.raises(Fenced):
        claim_messages(old, VALUES)


def test_a_replaced_worker_settles_nothing(bucket: DeliveryBucket) -> None:
    old = take(bucket)
    claimed = claim_messages(old, VALUES) or []
    expire(bucket)
    take(bucket)
    with pytest.raises(Fenced), transaction.atomic():
        settle_messages(old, [Settlement(message.id, "sent", 250) for message in claimed])
    assert list(states(bucket.delivery).values()).count("unknown") == 10


def plan_of(statement: str | sql.Composed, values: dict[str, Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(BY_INDEX)
        cursor.execute(
            sql.SQL("EXPLAIN ") + (sql.SQL(statement) if isinstance(statement, str) else statement), values
        )
        return "\n".join(line for (line,) in cursor.fetchall())


def test_settling_does_not_read_the_index_of_what_is_in_flight(bucket: DeliveryBucket) -> None:
    """It holds a dead entry for every message since the last vacuum."""
    outcome = {
        "ids": [1],
        "states": ["sent"],
        "codes": [250],
        "replies": [""],
        "delays": [None],
        "segments": [None],
    }
    plan = plan_of(SETTLE, {**take(bucket).fence, **outcome})
    assert "orchestration_message_pkey" in plan
    assert "message_in_flight" not in plan


def test_a_claim_reads_the_index_of_what_is_claimable_once_for_all_of_its_messages(
    bucket: DeliveryBucket,
) -> None:
    """Without statistics the planner would read it whole for each of them."""
    statement = CLAIM.format(values=sql.Identifier(SCHEMA, VALUES))
    plan = plan_of(statement, {**take(bucket).fence, "limit": MICRO_BATCH})
    assert plan.count("message_claimable") == 1
    assert "orchestration_message_pkey" in plan


def test_what_was_sent_and_what_is_next_go_in_one_round_trip(bucket: DeliveryBucket) -> None:
    lease = take(bucket)
    first = claim_messages(lease, VALUES, 3) or []
    second = settle_and_claim(lease, [Settlement(m.id, "sent", 250) for m in first], VALUES, 4) or []
    assert len(second) == 4
    assert Counter(states(bucket.delivery).values()) >= Counter({"sent": 3, "in_flight": 4})


def test_a_replaced_worker_neither_settles_nor_claims(bucket: DeliveryBucket) -> None:
    old = take(bucket)
    claimed = claim_messages(old, VALUES, 3) or []
    expire(bucket)
    take(bucket)
    with pytest.raises(Fenced), transaction.atomic():
        settle_and_claim(old, [Settlement(m.id, "sent", 250) for m in claimed], VALUES, 4)
    assert Counter(states(bucket.delivery).values())["unknown"] == 3
    assert not {"sent", "in_flight"} & set(states(bucket.delivery).values())


def test_a_claim_renews_the_lease(bucket: DeliveryBucket) -> None:
    lease = take(bucket)
    expire(bucket)
    assert claim_messages(lease, VALUES)
    assert lease_bucket(bucket.pk) is None


def test_another_owner_of_the_same_epoch_settles_nothing(bucket: DeliveryBucket) -> None:
    lease = take(bucket)
    claimed = claim_messages(lease, VALUES) or []
    with pytest.raises(Fenced):
        settle_messages(replace(lease, owner=uuid.uuid4()), [Settlement(claimed[0].id, "sent", 250)])


def test_who_lost_consent_since_preparation_is_excluded_at_the_claim(bucket: DeliveryBucket) -> None:
    consent(bucket.delivery, 3, "opted_out")
    Consent.objects.filter(recipient_key="4").delete()
    claimed = claim_messages(take(bucket), VALUES) or []
    assert {"3", "4"}.isdisjoint(message.recipient_key for message in claimed)
    reasons = Message.objects.filter(state="excluded").values_list("recipient_key", "exclusion_reason")
    assert dict(reasons) == {"3": "no_consent", "4": "no_consent"}
    kept = {message.recipient_key: message.evidence for message in bucket.delivery.messages.all()}
    changed = Consent.objects.get(recipient_key="3").changed_at
    assert kept.pop("4") == {"consent": None, "since": None}
    stated = kept.pop("3")
    assert (stated["consent"], datetime.fromisoformat(stated["since"])) == ("opted_out", changed)
    assert set(kept.values()) == {None}


def test_a_withdrawal_keeps_what_was_stated_and_when(bucket: DeliveryBucket) -> None:
    consent(bucket.delivery, 3, "opted_out")
    dimension = bucket.delivery.dimension_id
    assert withdraw_messages(dimension_id=dimension, recipient_key="3", channel="email") == 1
    kept = Message.objects.get(recipient_key="3").evidence
    assert (kept["consent"], bool(kept["since"])) == ("opted_out", True)


def test_a_suppressed_address_is_excluded_at_the_claim_in_any_case_of_letters(bucket: DeliveryBucket) -> None:
    Message.objects.filter(recipient_key="5").update(address="P5@Example.com")
    Suppression.objects.create(channel="email", address="p5@example.com", reason="manual")
    claim_messages(take(bucket), VALUES)
    excluded = Message.objects.get(recipient_key="5")
    assert (excluded.exclusion_reason, excluded.evidence["suppression"]) == ("suppressed", "manual")


def test_transactional_mail_needs_no_consent(bucket: DeliveryBucket) -> None:
    Consent.objects.all().delete()
    Delivery.objects.filter(pk=bucket.delivery_id).update(category="transactional")
    assert len(claim_messages(take(bucket), VALUES) or []) == 10


def test_a_claim_takes_ten_in_order_and_brings_their_values(bucket: DeliveryBucket) -> None:
    claimed = claim_messages(take(bucket), VALUES) or []
    assert [message.recipient_key for message in claimed] == [str(key) for key in range(10)]
    assert claimed[7] == Claimed(claimed[7].id, "7", "p7@example.com", 1, ("name 7",))


def test_a_released_bucket_is_due_while_something_is_ready(bucket: DeliveryBucket) -> None:
    release_bucket(take(bucket))
    bucket.refresh_from_db()
    assert bucket.due_at is not None
    assert bucket.lease_until is None


def test_a_temporary_failure_makes_the_bucket_due_when_it_may_be_tried_again(bucket: DeliveryBucket) -> None:
    lease = take(bucket)
    Message.objects.filter(recipient_key__in=["10", "11"]).delete()
    claimed = claim_messages(lease, VALUES) or []
    settle_messages(lease, [Settlement(m.id, "failed_temporary", 451, "later", delay=600) for m in claimed])
    release_bucket(lease)
    bucket.refresh_from_db()
    assert bucket.due_at == min(Message.objects.values_list("due_at", flat=True))


def test_a_bucket_with_nothing_left_is_never_due(bucket: DeliveryBucket) -> None:
    lease = take(bucket)
    while claimed := claim_messages(lease, VALUES):
        settle_messages(lease, [Settlement(message.id, "sent", 250) for message in claimed])
    release_bucket(lease)
    bucket.refresh_from_db()
    assert bucket.due_at is None


@pytest.fixture
def committed_bucket(transactional_db: None, bucket: DeliveryBucket) -> DeliveryBucket:
    return bucket


@pytest.mark.django_db(transaction=True)
def test_unsubscribing_before_in_flight_means_not_sent_in_200_interleavings(
    committed_bucket: DeliveryBucket,
) -> None:
    """Both transactions run at the same moment; where the withdrawal committed first, the message must not fly."""
    delivery = committed_bucket.delivery
    outcomes = [_race(committed_bucket, number) for number in range(200)]
    print(Counter(outcome.state for outcome in outcomes))
    flew_after_withdrawal = [o for o in outcomes if o.withdrawn_first and o.state == "in_flight"]
    assert not flew_after_withdrawal
    assert {o.state for o in outcomes} == {"in_flight", "excluded"}
    assert delivery.messages.count() == 12


class _Outcome:
    withdrawn_first = False
    state = ""


def _race(bucket: DeliveryBucket, number: int) -> _Outcome:
    """One message, one claim and one withdrawal; round by round the claim begins up to 19 ms behind the other."""
    delivery, key = bucket.delivery, str(number % 12)
    consent(delivery, int(key))
    Message.objects.filter(delivery=delivery).update(state="cancelled", exclusion_reason="")
    Message.objects.filter(delivery=delivery, recipient_key=key).update(state="ready")
    DeliveryBucket.objects.filter(pk=bucket.pk).update(lease_until=None, due_at="2020-01-01T00:00:00Z")
    lease = take(bucket)
    outcome, start = _Outcome(), threading.Barrier(2)

    def withdraw() -> None:
        start.wait()
        with transaction.atomic():
            consent(delivery, int(key), "opted_out")
            moved = withdraw_messages(dimension_id=delivery.dimension_id, recipient_key=key, channel="email")
        outcome.withdrawn_first = bool(moved)
        connection.close()

    other = threading.Thread(target=withdraw)
    other.start()
    start.wait()
    time.sleep(0.001 * (number % 20))
    with transaction.atomic():
        claim_messages(lease, VALUES)
    other.join()
    outcome.state = Message.objects.get(delivery=delivery, recipient_key=key).state
    return outcome


def test_after_a_fault_what_was_never_handed_over_is_ready_again(bucket: DeliveryBucket) -> None:
    lease = take(bucket)
    done = [Settlement(m.id, "sent", 250) for m in claim_messages(lease, VALUES, 3) or []]
    claim_messages(lease, VALUES, 4)
    assert settle_after_fault(lease, done) == 7
    found = list(states(bucket.delivery).values())
    assert (found.count("sent"), found.count("ready")) == (3, 9)


def test_after_a_fault_what_the_commit_had_recorded_stays(bucket: DeliveryBucket) -> None:
    lease = take(bucket)
    done = [Settlement(m.id, "sent", 250) for m in claim_messages(lease, VALUES, 3) or []]
    settle_messages(lease, done)
    assert settle_after_fault(lease, done) == 0
    assert list(states(bucket.delivery).values()).count("sent") == 3


def test_after_a_fault_a_replaced_worker_changes_nothing(bucket: DeliveryBucket) -> None:
    old = take(bucket)
    done = [Settlement(m.id, "sent", 250) for m in claim_messages(old, VALUES, 3) or []]
    expire(bucket)
    take(bucket)
    with pytest.raises(Fenced):
        settle_after_fault(old, done)
    assert list(states(bucket.delivery).values()).count("unknown") == 3
