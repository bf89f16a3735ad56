"""Claiming and settling messages: every statement that moves the ledger while a delivery is being sent.

Only bucket leases are locked. A worker holds a bucket under an owner and an epoch; each of its writes renews and checks
that lease, so that a worker that was replaced changes nothing. Whatever an earlier owner left in flight may or may not
have left the house: it becomes *unknown* when the next one takes the bucket, and is never sent again by itself.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from orchestration.exceptions import Fenced
from orchestration.prepared import execute, pipelined
from orchestration.working_tables import SCHEMA

Cursor = psycopg.Cursor[tuple[Any, ...]]

JSON_TYPES = frozenset({114, 3802})
"""PostgreSQL's type numbers of json and jsonb."""

MICRO_BATCH = 10
"""At most this many messages of a worker are in flight: the bound on *unknown* when it is killed."""

LEASE = """
UPDATE orchestration_deliverybucket AS b
   SET owner = %(owner)s, epoch = b.epoch + 1, lease_until = statement_timestamp() + interval '60 seconds'
  FROM orchestration_delivery AS d JOIN orchestration_activityrun AS a ON a.id = d.activity_run_id
  JOIN orchestration_campaignrun AS r ON r.id = a.run_id
 WHERE b.id = (SELECT id FROM orchestration_deliverybucket
                WHERE id = %(bucket)s AND due_at <= statement_timestamp()
                  AND (lease_until IS NULL OR lease_until < statement_timestamp())
                  FOR UPDATE SKIP LOCKED)
   AND d.id = b.delivery_id AND d.state = 'sending' AND r.state IN ('running', 'failed')
RETURNING b.delivery_id, b.bucket, b.epoch
"""

RENEW = """
UPDATE orchestration_deliverybucket SET lease_until = statement_timestamp() + interval '60 seconds'
 WHERE id = %(lease)s AND owner = %(owner)s AND epoch = %(epoch)s
"""

STRAND = """
UPDATE orchestration_message SET state = 'unknown', finished_at = statement_timestamp()
 WHERE delivery_id = %(delivery)s AND bucket = %(bucket)s AND state = 'in_flight' AND epoch < %(epoch)s
"""

# A plan is kept for as long as the connection: one made while the ledger was small must not read all of a big one.
BY_INDEX = "SET LOCAL enable_seqscan = off"

# Consent and suppression are looked up, not joined: a join whose tables have no statistics yet read the consents of
# everybody for each of the ten messages. `coalesce` hides the index of what is claimable from the update, which knows its
# messages by their key: a planner without statistics read every claimable entry for each of the ten.
CLAIM = sql.SQL(
    """
WITH held AS (
    UPDATE orchestration_deliverybucket SET lease_until = statement_timestamp() + interval '60 seconds'
     WHERE id = %(lease)s AND owner = %(owner)s AND epoch = %(epoch)s
    RETURNING id
), due AS (
    SELECT m.id, m.recipient_key, m.address
      FROM orchestration_message AS m
     WHERE EXISTS (SELECT FROM held) AND m.delivery_id = %(delivery)s AND m.bucket = %(bucket)s
       AND (m.state = 'ready' OR (m.state = 'failed_temporary' AND m.due_at <= statement_timestamp()))
     ORDER BY m.id
     LIMIT %(limit)s
), judged AS MATERIALIZED (
    SELECT due.id, due.recipient_key, due.address, d.channel, d.dimension_id,
           CASE WHEN (SELECT s.id FROM campaigns_suppression AS s
                       WHERE s.channel = d.channel AND s.address = lower(due.address)) IS NOT NULL THEN 'suppressed'
                WHEN d.category = 'marketing'
                     AND (SELECT c.state FROM campaigns_consent AS c
                           WHERE c.dimension_id = d.dimension_id AND c.recipient_key = due.recipient_key
                             AND c.channel = d.channel) IS DISTINCT FROM 'opted_in' THEN 'no_consent'
                ELSE '' END AS reason
      FROM due
      JOIN orchestration_delivery AS d ON d.id = %(delivery)s AND d.state = 'sending'
      JOIN orchestration_activityrun AS a ON a.id = d.activity_run_id
      JOIN orchestration_campaignrun AS r ON r.id = a.run_id AND r.state IN ('running', 'failed')
), moved AS (
    UPDATE orchestration_message AS m
       SET state = CASE WHEN j.reason = '' THEN 'in_flight' ELSE 'excluded' END, exclusion_reason = j.reason,
           evidence = CASE j.reason
               WHEN 'suppressed' THEN (SELECT jsonb_build_object('suppression', s.reason, 'since', s.created_at)
                                         FROM campaigns_suppression AS s
                                        WHERE s.channel = j.channel AND s.address = lower(j.address))
               WHEN 'no_consent' THEN (SELECT jsonb_build_object('consent', min(c.state), 'since', min(c.changed_at))
                                         FROM campaigns_consent AS c
                                        WHERE c.dimension_id = j.dimension_id AND c.recipient_key = j.recipient_key
                                          AND c.channel = j.channel) END,
           owner = %(owner)s, epoch = %(epoch)s, attempts = m.attempts + 1, due_at = NULL,
           in_flight_at = CASE WHEN j.reason = '' THEN statement_timestamp() END,
           finished_at = CASE WHEN j.reason <> '' THEN statement_timestamp() END
      FROM judged AS j
     WHERE m.id = j.id AND coalesce(m.state, '') IN ('ready', 'failed_temporary')
    RETURNING m.id, m.state, m.recipient_key, m.address, m.attempts
)
SELECT moved.id, moved.state, moved.recipient_key, moved.address, moved.attempts, v.*
  FROM moved LEFT JOIN {values} AS v ON v.message_id = moved.id
 ORDER BY moved.id
"""
)

# By the primary key: the index of what is in flight holds a dead entry for every message since the last vacuum, and the
# planner, who knows of none in flight, would read them all each time. `coalesce` hides that index from it.
SETTLE = """
UPDATE orchestration_message AS m
   SET state = o.state, reply_code = o.code, reply = o.reply, segments = coalesce(o.segments, m.segments),
       due_at = statement_timestamp() + make_interval(secs => o.delay),
       finished_at = CASE WHEN o.state IN ('sent', 'failed_permanent', 'unknown') THEN statement_timestamp() END
  FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(codes)s::smallint[], %(replies)s::text[],
              %(delays)s::float8[], %(segments)s::smallint[]) AS o (id, state, code, reply, delay, segments)
 WHERE m.id = o.id AND coalesce(m.state, '') = 'in_flight' AND m.owner = %(owner)s AND m.epoch = %(epoch)s
"""

RELEASE = """
UPDATE orchestration_deliverybucket AS b
   SET owner = NULL, lease_until = NULL,
       due_at = (SELECT greatest(statement_timestamp() + make_interval(secs => %(pause)s),
                                 min(CASE WHEN m.state = 'ready' THEN statement_timestamp() ELSE m.due_at END))
                   FROM orchestration_message AS m
                  WHERE m.delivery_id = b.delivery_id AND m.bucket = b.bucket
                    AND m.state IN ('ready', 'failed_temporary')
                 HAVING count(*) > 0)
 WHERE b.id = %(lease)s AND b.owner = %(owner)s AND b.epoch = %(epoch)s
RETURNING coalesce(b.due_at <= statement_timestamp(), false)
"""

UNTOUCHED = """
UPDATE orchestration_message SET state = 'ready'
 WHERE delivery_id = %(delivery)s AND bucket = %(bucket)s AND state = 'in_flight' AND owner = %(owner)s AND epoch = %(epoch)s
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """A bucket held by `owner` until somebody holds it with a higher epoch."""

    lease: int
    delivery: int
    bucket: int
    owner: uuid.UUID
    epoch: int
    values_table: str = ""

    @property
    def fence(self) -> dict[str, Any]:
        return {
            "lease": self.lease,
            "delivery": self.delivery,
            "bucket": self.bucket,
            "owner": self.owner,
            "epoch": self.epoch,
        }


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in flight: `values` stand in the order of the paths its delivery's content uses."""

    id: int
    recipient_key: str
    address: str
    attempts: int
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a message in flight; `delay` is the seconds until a temporary failure is tried again.

    `bounced` says that the server refused the recipient for good, not the sender, and not before it was asked;
    `segments` is how many messages the provider counts it as, where it is paid so.
    """

    id: int
    state: str
    code: int | None = None
    reply: str = ""
    delay: float | None = None
    bounced: bool = False
    segments: int | None = None


def lease_bucket(bucket_id: int) -> Lease | None:
    """Take the lease of a bucket that is due and free; strands what an earlier owner left in flight."""
    owner = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(LEASE, {"owner": owner, "bucket": bucket_id})
        row = cursor.fetchone()
        if row is None:
            return None
        lease = Lease(bucket_id, row[0], row[1], owner, row[2])
        cursor.execute(STRAND, lease.fence)
    return lease


def claim_messages(lease: Lease, values_table: str, limit: int = MICRO_BATCH) -> list[Claimed] | None:
    """Move up to `limit` due messages to in_flight, excluding whom consent or suppression now forbids.

    None when nothing is due; an empty list when all that was due has been excluded. Raises Fenced.
    """
    return _claimed(lease, _claim(lease, values_table, limit))


def settle_and_claim(
    lease: Lease, settlements: Sequence[Settlement], values_table: str, limit: int
) -> list[Claimed] | None:
    """`settle_messages` and then `claim_messages`, in one round trip."""
    with pipelined():
        execute(BY_INDEX, {})
        settled = _settle(lease, settlements)
        claimed = _claim(lease, values_table, limit)
    _demand_all(settled, settlements)
    return _claimed(lease, claimed)


def _claim(lease: Lease, values_table: str, limit: int) -> Cursor:
    return execute(_claim_statement(values_table), {**lease.fence, "limit": limit})


@lru_cache(maxsize=64)
def _claim_statement(values_table: str) -> bytes:
    return CLAIM.format(values=sql.Identifier(SCHEMA, values_table)).as_bytes()


def _claimed(lease: Lease, cursor: Cursor) -> list[Claimed] | None:
    rows = cursor.fetchall()
    if not rows:
        renew(lease)
        return None
    documents = {n for n, column in enumerate(cursor.description or ()) if column.type_code in JSON_TYPES}
    return [_message(row, documents) for row in rows if row[1] == "in_flight"]


def _message(row: tuple[Any, ...], documents: set[int]) -> Claimed:
    """Columns of JSON come as text from a bare cursor."""
    values = (json.loads(v) if n in documents and v is not None else v for n, v in enumerate(row))
    number, _state, key, address, attempts, _message, *personal = values
    return Claimed(number, key, address, attempts, tuple(personal))


def renew(lease: Lease) -> None:
    if not execute(RENEW, lease.fence).rowcount:
        raise Fenced


def settle_messages(lease: Lease, settlements: Sequence[Settlement]) -> None:
    """Write down what became of messages in flight; raises Fenced when not all of them are still this worker's."""
    _demand_all(_settle(lease, settlements), settlements)


def _demand_all(settled: Cursor, settlements: Sequence[Settlement]) -> None:
    if settled.rowcount != len(settlements):
        raise Fenced


def settle_after_fault(lease: Lease, settlements: Sequence[Settlement]) -> int:
    """Settle after a commit whose fate is not known; answers how many messages that moved.

    What that commit settled is left as it is. Whatever else is in flight under this lease was claimed by it and never
    handed over, so that it is ready again. Raises Fenced when the lease is lost.
    """
    renew(lease)
    settled = _settle(lease, settlements).rowcount
    with connection.cursor() as cursor:
        cursor.execute(UNTOUCHED, lease.fence)
        return settled + int(cursor.rowcount)


def _settle(lease: Lease, settlements: Sequence[Settlement]) -> Cursor:
    return execute(
        SETTLE,
        {
            **lease.fence,
            "ids": [s.id for s in settlements],
            "states": [s.state for s in settlements],
            "codes": [s.code for s in settlements],
            "replies": [s.reply[:300] for s in settlements],
            "delays": [s.delay for s in settlements],
            "segments": [s.segments for s in settlements],
        },
    )


def release_bucket(lease: Lease, *, pause: float = 0) -> bool:
    """Give the lease back and note when the bucket is next due, if ever; not before `pause` seconds from now.

    Answers whether it is due already.
    """
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, {**lease.fence, "pause": pause})
        row = cursor.fetchone()
    return bool(row and row[0])
