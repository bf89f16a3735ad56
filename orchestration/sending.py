"""Sending a delivery: a worker leases a bucket and moves micro-batches through *in flight* until time or work is up.

Between the commit that says *in flight* and the one that says what became of it lies the conversation with the provider:
a kill in between leaves at most one micro-batch, which is shown as unknown and never sent again by itself.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, connection, transaction

from orchestration.bounces import record_bounces
from orchestration.channel_types import channel_type
from orchestration.claims import (
    MICRO_BATCH,
    Claimed,
    Lease,
    Settlement,
    lease_bucket,
    release_bucket,
    settle_after_fault,
    settle_and_claim,
    settle_messages,
)
from orchestration.exceptions import Fenced
from orchestration.models import Delivery
from orchestration.queues import enqueue_bucket
from orchestration.senders import Sender
from orchestration.settlement import begin_retry_clock, settle_delivery

logger = logging.getLogger(__name__)

DRAIN_SECONDS = 30.0
PAUSE_SECONDS = 15.0
"""How long a bucket rests after its provider could not be reached."""
BATCH_SECONDS = 20.0
"""How long a micro-batch should take at most: the lease is renewed between two of them."""
RECOVERY_SECONDS = 45.0
"""How long a worker tries to reach the database again: shorter than its lease."""

STRAND_ABANDONED = """
UPDATE orchestration_message AS m SET state = 'unknown', finished_at = statement_timestamp()
  FROM orchestration_deliverybucket AS b
 WHERE b.lease_until < statement_timestamp() AND m.delivery_id = b.delivery_id AND m.bucket = b.bucket
   AND m.state = 'in_flight' AND m.epoch <= b.epoch
"""


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
    sender = channel_type(delivery.channel).open_sender(delivery)
    drain = Drain(lease, delivery, sender)
    try:
        drain.go_on(time.monotonic() + seconds)
    except Fenced:
        logger.warning("Bucket %s was taken over by another worker.", bucket_id)
        return 0
    finally:
        sender.close()
    if release_bucket(lease, pause=PAUSE_SECONDS if sender.is_broken else 0):
        enqueue_bucket(bucket_id)
    settle_delivery(lease.delivery)
    return drain.tried


class Drain:
    """One worker's way through a bucket. `done` is what the provider has answered and no commit has recorded yet.

    The first batch is one message, and the size of the others follows the provider's pace: a batch has to be over long
    before the lease is.
    """

    def __init__(self, lease: Lease, delivery: Delivery, sender: Sender) -> None:
        self.lease = lease
        self.delivery = delivery
        self.sender = sender
        self.tried = 0
        self.done: list[Settlement] = []
        self.limit = 1

    def go_on(self, until: float) -> None:
        """Until the time is up, nothing is due any more or the provider is away."""
        claimed = self._record(claim=True)
        while claimed is not None:
            if claimed:
                self._send(claimed)
            claimed = self._record(claim=time.monotonic() < until and not self.sender.is_broken)

    def _send(self, claimed: Sequence[Claimed]) -> None:
        began = time.monotonic()
        self.tried += len(claimed)
        self.done = self.sender.send(claimed)
        self.limit = batch_size((time.monotonic() - began) / len(claimed))

    def _record(self, *, claim: bool) -> list[Claimed] | None:
        """One transaction, one commit a micro-batch: what became of the last, and the next in flight."""
        try:
            with transaction.atomic():
                claimed = self._settle(claim=claim)
        except (OperationalError, InterfaceError):
            recover(self.lease, self.done)
            claimed = [] if claim else None
        self.done = []
        return claimed

    def _settle(self, *, claim: bool) -> list[Claimed] | None:
        if claim:
            claimed = settle_and_claim(self.lease, self.done, self.delivery.values_table, self.limit)
        else:
            settle_messages(self.lease, self.done)
            claimed = None
        record_bounces([s.id for s in self.done if s.bounced])
        return claimed


def batch_size(seconds: float) -> int:
    """How many messages to take at once from a provider that needs `seconds` for one."""
    return max(1, min(MICRO_BATCH, int(BATCH_SECONDS / max(seconds, 0.001))))


def recover(lease: Lease, done: Sequence[Settlement], *, seconds: float = RECOVERY_SECONDS) -> None:
    """Record what the provider has answered although the database went away: a process that lives leaves nothing unknown.

    Tries for as long as the lease is its own, then raises the last error.
    """
    until = time.monotonic() + seconds
    while True:
        connection.close()
        try:
            with transaction.atomic():
                settle_after_fault(lease, done)
                record_bounces([s.id for s in done if s.bounced])
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            time.sleep(1)
        else:
            return


def strand_abandoned() -> int:
    """Call unknown what was in flight under leases that have run out; answers how many messages."""
    with connection.cursor() as cursor:
        cursor.execute(STRAND_ABANDONED)
        return int(cursor.rowcount)
