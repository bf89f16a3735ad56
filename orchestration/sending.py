"""Sending a delivery: a worker leases a bucket and moves micro-batches through *in flight* until time or work is up.

Between the commit that says *in flight* and the one that says what became of it lies the conversation with the provider:
a kill in between leaves at most one micro-batch, which is shown as unknown and never sent again by itself.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Protocol

from django.db import connection, transaction

from orchestration.bounces import record_bounces
from orchestration.claims import (
    Claimed,
    Lease,
    Settlement,
    claim_messages,
    lease_bucket,
    release_bucket,
    settle_messages,
)
from orchestration.email_sender import open_email_sender
from orchestration.exceptions import Fenced
from orchestration.models import Delivery
from orchestration.queues import enqueue_bucket
from orchestration.settlement import begin_retry_clock, settle_delivery

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 30.0
PAUSE_SECONDS = 15.0
"""How long a bucket rests after its provider could not be reached."""

STRAND_ABANDONED = """
UPDATE orchestration_message AS m SET state = 'unknown', finished_at = statement_timestamp()
  FROM orchestration_deliverybucket AS b
 WHERE b.lease_until < statement_timestamp() AND m.delivery_id = b.delivery_id AND m.bucket = b.bucket
   AND m.state = 'in_flight' AND m.epoch <= b.epoch
"""


class Sender(Protocol):
    """One conversation with a provider, for the messages of one delivery."""

    def send(self, claimed: Sequence[Claimed]) -> list[Settlement]:
        """One settlement for each message; never raises for what a message or the provider does."""
        ...

    @property
    def is_broken(self) -> bool:
        """Whether the provider cannot be reached, so that going on now is useless."""
        ...

    def close(self) -> None: ...


def spread_delivery(delivery_id: int) -> int:
    """Hand out every bucket of a delivery that is due; answers how many."""
    delivery = Delivery.objects.filter(pk=delivery_id, state="sending").first()
    if delivery is None:
        return 0
    begin_retry_clock(delivery)
    due = list(delivery.buckets.filter(due_at__isnull=False).values_list("pk", flat=True))
    for bucket in due:
        enqueue_bucket(bucket)
    if not due:
        settle_delivery(delivery_id)
    return len(due)


def drain_bucket(bucket_id: int, *, seconds: float = DRAIN_SECONDS) -> int:
    """Send what is due in a bucket for at most `seconds`; answers how many messages were tried. 0 if another has it."""
    with transaction.atomic():
        lease = lease_bucket(bucket_id)
    if lease is None:
        return 0
    delivery = Delivery.objects.get(pk=lease.delivery)
    try:
        tried, pause = _drain(lease, delivery, time.monotonic() + seconds)
    except Fenced:
        logger.warning("Bucket %s was taken over by another worker.", bucket_id)
        return 0
    release_bucket(lease, pause=pause)
    settle_delivery(lease.delivery)
    return tried


def _drain(lease: Lease, delivery: Delivery, until: float) -> tuple[int, float]:
    """Messages tried, and the seconds this bucket should rest."""
    sender: Sender = open_email_sender(delivery)
    tried = 0
    done: list[Settlement] = []
    try:
        while time.monotonic() < until and not sender.is_broken:
            claimed = _settle_and_claim(lease, delivery, done)
            done = []
            if claimed is None:
                return tried, 0
            if claimed:
                tried += len(claimed)
                done = sender.send(claimed)
        return tried, PAUSE_SECONDS if sender.is_broken else 0
    finally:
        _settle(lease, done)
        sender.close()


def _settle_and_claim(lease: Lease, delivery: Delivery, done: Sequence[Settlement]) -> list[Claimed] | None:
    """One transaction, one commit a micro-batch: what became of the last, and the next in flight."""
    with transaction.atomic():
        _settle(lease, done)
        return claim_messages(lease, delivery.values_table)


def _settle(lease: Lease, done: Sequence[Settlement]) -> None:
    if not done:
        return
    with transaction.atomic(savepoint=False):
        settle_messages(lease, done)
        record_bounces([s for s in done if s.state == "failed_permanent" and s.code])


def strand_abandoned() -> int:
    """Call unknown what was in flight under leases that have run out; answers how many messages."""
    with connection.cursor() as cursor:
        cursor.execute(STRAND_ABANDONED)
        return int(cursor.rowcount)
