"""Keeps the roll-up: finds the deliveries something happened to, and counts those anew.

What happened is found behind a safe horizon. An event is invisible until its transaction commits, perhaps
long after a later one; so the roll-up reads by the number of the transaction, up to the oldest that still
runs, and goes on from there. Counting a delivery anew, rather than adding to it, makes a late event or a
changed verdict ordinary.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models.functions import Now
from psycopg import sql

from reporting.facts import count_cells
from reporting.metrics import NAMES
from reporting.models import CountedDelivery, ReportCell, RollupState

_HORIZON = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text"

# A delivery that is being sent changes with every message, without an event; once more after it settled.
_MARK = """
INSERT INTO reporting_counteddelivery (delivery_id, due, seconds)
SELECT d.id, true, 0
FROM orchestration_delivery d
WHERE d.kind = 'live' AND (
    d.id IN (SELECT delivery_id FROM orchestration_messageevent
             WHERE transaction_id >= %(from)s::xid8 AND transaction_id < %(to)s::xid8
             UNION ALL
             SELECT delivery_id FROM orchestration_eventverdict
             WHERE transaction_id >= %(from)s::xid8 AND transaction_id < %(to)s::xid8)
    OR d.state IN ('sending', 'paused')
    OR d.state_changed_at >= %(since)s - interval '5 minutes'
    OR NOT EXISTS (SELECT FROM reporting_counteddelivery c WHERE c.delivery_id = d.id))
ON CONFLICT (delivery_id) DO UPDATE SET due = true
"""

# What takes more than two seconds is counted rarely: a tenth of the time at most goes into such a delivery.
_DUE = """
SELECT delivery_id FROM reporting_counteddelivery
WHERE due AND (counted_at IS NULL OR seconds < 2
               OR counted_at + make_interval(secs => 10 * seconds) <= statement_timestamp())
ORDER BY counted_at NULLS FIRST, delivery_id
"""

_COUNT = sql.SQL(
    "INSERT INTO reporting_reportcell (delivery_id, breakdown, value, hour, {columns}) {cells}"
).format(columns=sql.SQL(", ").join(map(sql.Identifier, NAMES)), cells=count_cells())

_DONE = """
UPDATE reporting_counteddelivery
SET due = false, counted_at = clock_timestamp(),
    seconds = extract(epoch FROM clock_timestamp() - transaction_timestamp())
WHERE delivery_id = %s
"""


def refresh_rollup() -> int:
    """Count anew what changed since the last time; how many deliveries. What another process counts is left to it."""
    _mark_touched()
    return sum(_recount(delivery) for delivery in _due())


def rebuild_rollup() -> int:
    """Throw the roll-up away and count everything anew; how many deliveries."""
    with transaction.atomic():
        ReportCell.objects.all().delete()
        CountedDelivery.objects.all().delete()
        RollupState.objects.all().delete()
    return refresh_rollup()


@transaction.atomic
def _mark_touched() -> None:
    """Move the horizon and remember, with it, what happened before it."""
    RollupState.objects.get_or_create(pk=1)
    state = RollupState.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    if state is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON)
        horizon = str(cursor.fetchone()[0])
        cursor.execute(_MARK, {"from": _start(state, horizon), "to": horizon, "since": state.refreshed_at})
    RollupState.objects.filter(pk=1).update(horizon=horizon, refreshed_at=Now())


def _start(state: RollupState, horizon: str) -> str:
    """After a restore the transactions begin anew: what was read before says nothing then."""
    return state.horizon if int(state.horizon) <= int(horizon) else "0"


def _due() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE)
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def _recount(delivery: int) -> int:
    """One at a time: what a statement keeps in memory is then bounded by the largest delivery."""
    mine = CountedDelivery.objects.select_for_update(skip_locked=True).filter(delivery=delivery, due=True)
    if not mine:
        return 0
    ReportCell.objects.filter(delivery_id=delivery).delete()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"deliveries": [delivery]})
        cursor.execute(_DONE, [delivery])
    return 1
