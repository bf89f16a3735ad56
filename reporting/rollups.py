"""Keeps the roll-up: finds the deliveries something happened to, and counts those anew.

What happened is found behind a safe horizon. An event is invisible until its transaction commits, perhaps
long after a later one; so the roll-up reads by the number of the transaction, up to the oldest that still
runs, and goes on from there. Counting a delivery anew, rather than adding to it, makes a late event or a
changed verdict ordinary.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models.functions import Now
from psycopg import sql

from orchestration.models import Delivery
from reporting.facts import count_cells
from reporting.metrics import NAMES
from reporting.models import ReportCell, RollupState

_HORIZON = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text"

# A delivery that is being sent changes with every message, without an event; once more after it settled.
_TOUCHED = """
SELECT delivery_id FROM orchestration_messageevent
 WHERE transaction_id >= %(from)s::xid8 AND transaction_id < %(to)s::xid8
UNION
SELECT delivery_id FROM orchestration_eventverdict
 WHERE transaction_id >= %(from)s::xid8 AND transaction_id < %(to)s::xid8
UNION
SELECT d.id FROM orchestration_delivery d
 WHERE d.kind = 'live'
   AND (d.state IN ('sending', 'paused') OR d.state_changed_at >= %(since)s - interval '5 minutes'
        OR NOT EXISTS (SELECT FROM reporting_reportcell c WHERE c.delivery_id = d.id))
"""

_COUNT = sql.SQL(
    "INSERT INTO reporting_reportcell (delivery_id, breakdown, value, hour, {columns}) {cells}"
).format(columns=sql.SQL(", ").join(map(sql.Identifier, NAMES)), cells=count_cells())


@transaction.atomic
def refresh_rollup() -> int:
    """Count anew what changed since the last time; how many deliveries. 0 when another process is at it."""
    RollupState.objects.get_or_create(pk=1)
    state = RollupState.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    if state is None:
        return 0
    horizon = _one(_HORIZON)
    touched = _touched(state, horizon)
    _recount(touched)
    RollupState.objects.filter(pk=1).update(horizon=horizon, refreshed_at=Now())
    return len(touched)


@transaction.atomic
def rebuild_rollup() -> int:
    """Throw the roll-up away and count everything anew; how many deliveries."""
    ReportCell.objects.all().delete()
    RollupState.objects.all().delete()
    return refresh_rollup()


def _touched(state: RollupState, horizon: str) -> list[int]:
    """After a restore the transactions begin anew: what was read before says nothing then."""
    start = state.horizon if int(state.horizon) <= int(horizon) else "0"
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"from": start, "to": horizon, "since": state.refreshed_at})
        touched = [row[0] for row in cursor.fetchall()]
    live = Delivery.objects.filter(pk__in=touched, kind=Delivery.Kind.LIVE)
    return list(live.order_by("pk").values_list("pk", flat=True))


def _recount(deliveries: Sequence[int]) -> None:
    """One at a time: what a statement keeps in memory is then bounded by the largest delivery."""
    for delivery in deliveries:
        ReportCell.objects.filter(delivery_id=delivery).delete()
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"deliveries": [delivery]})


def _one(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return str(cursor.fetchone()[0])
