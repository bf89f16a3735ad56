"""Readings of incremental queries: what a live run has read, whom that returned, and when the marker moves.

A run records its reading in the transaction of its work, and the marker moves in the transaction in which the run
completes. So a run that fails and is retried goes on with what it has read, a run that is stopped has moved nothing
and the next one reads the same people again. While a run with an open reading is not over no other run reads: no two
return the same person, and none is skipped. What a person says of the marker meanwhile stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from psycopg import sql
from sqlglot import exp

from campaigns.activity_types import MAIN
from campaigns.states import move
from campaigns.targeting import trees
from campaigns.targeting.bound import bound
from orchestration.compilation import Arrival, Reading
from orchestration.exceptions import ActivityFailed
from orchestration.log import log_run
from orchestration.models import ActivityRun, CampaignRun, QueryMarker, QueryReading
from orchestration.states import READING, RUN
from orchestration.working_tables import (
    KEY,
    SCHEMA,
    add_rows,
    create_working_table,
    drop_working_table,
    table_name,
)

DATED, READ_BY, READ_AT = "dated", "reading", "read_at"
ACTIVE = tuple(state for state in RUN.states if state not in RUN.final)

FORGET = sql.SQL(
    "DELETE FROM {} WHERE read_at < %(before)s OR reading IN"
    " (SELECT id FROM orchestration_queryreading WHERE marker_id = %(marker)s AND state <> 'kept')"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an incremental query stands before it reads.

    `table` holds whom it has returned, empty where that was never asked for; those of the reading `void` do not
    count, for its run did not complete. `is_read` says that another run reads and is not over.
    """

    value: datetime | None = None
    revision: int = 0
    table: str = ""
    void: int | None = None
    is_read: bool = False


def standing(campaign_id: int, activity_id: str, *, dimension: str) -> Standing:
    """`dimension` is whose keys are asked for: those of another one, returned before, mean nothing."""
    marker = QueryMarker.objects.filter(campaign_id=campaign_id, activity_id=activity_id).first()
    if marker is None:
        return Standing()
    last = marker.readings.select_related("run").first()
    return Standing(
        value=marker.value,
        revision=marker.revision,
        table=marker.returned_table if marker.returned_dimension == dimension else "",
        void=last.pk if last and last.state != "kept" else None,
        is_read=bool(last and last.state == "open" and last.run.state in ACTIVE),
    )


def record_reading(activity_run: ActivityRun, reading: Reading, made: Mapping[str, Arrival]) -> None:
    """Write down what a live run has read and whom that returned; nothing counts until the run completes."""
    run = activity_run.run
    marker = marker_for(run.campaign_id, activity_run.activity_id)
    move(marker.readings.exclude(run__state__in=ACTIVE), READING, "dropped")
    if marker.readings.filter(state="open").exists():
        raise ActivityFailed(_("Another run of this campaign reads at the same time. Retry when it is over."))
    recorded = QueryReading.objects.create(
        marker=marker,
        run=run,
        read_from=reading.read_from,
        read_to=reading.read_to,
        revision=reading.revision,
        people=made[MAIN].row_count,
    )
    _forget(marker, reading.forgotten_before)
    if reading.returned:
        _remember(marker, recorded, made[MAIN].dimension, reading.returned(made))


def marker_for(campaign_id: int, activity_id: str) -> QueryMarker:
    """The marker, made where there was none yet; whoever else makes it at this moment is waited for."""
    QueryMarker.objects.bulk_create(
        [QueryMarker(campaign_id=campaign_id, activity_id=activity_id)], ignore_conflicts=True
    )
    return QueryMarker.objects.get(campaign_id=campaign_id, activity_id=activity_id)


def _forget(marker: QueryMarker, before: datetime | None) -> None:
    """Whom readings that came to nothing returned, and who was returned too long ago."""
    if marker.returned_table:
        with connection.cursor() as cursor:
            statement = FORGET.format(sql.Identifier(SCHEMA, marker.returned_table))
            cursor.execute(statement, {"before": before, "marker": marker.pk})


def _remember(marker: QueryMarker, reading: QueryReading, dimension: str, returned: exp.Select) -> None:
    rows = exp.select(
        trees.column("r", KEY),
        trees.column("r", DATED),
        trees.named(bound(reading.pk), READ_BY),
        trees.named(bound(reading.read_to), READ_AT),
    ).from_(returned.subquery("r", copy=False), copy=False)
    if marker.returned_table and marker.returned_dimension == dimension:
        add_rows(marker.returned_table, rows)
        return
    forget_returned(marker)
    name = table_name(f"q{marker.pk}", f"n{reading.pk}")
    create_working_table(name, rows, key=(KEY, READ_BY))
    _set(marker, returned_table=name, returned_dimension=dimension)


def forget_returned(marker: QueryMarker) -> None:
    """As if nobody had been returned yet."""
    if marker.returned_table:
        drop_working_table(marker.returned_table)
        _set(marker, returned_table="", returned_dimension="")


def _set(marker: QueryMarker, **fields: str) -> None:
    QueryMarker.objects.filter(pk=marker.pk).update(**fields)


def end_readings(run: CampaignRun) -> None:
    """When the run completes its readings are kept and their markers move; where it was stopped they are dropped."""
    readings = QueryReading.objects.filter(run=run, state="open")
    if run.state != "completed":
        move(readings, READING, "dropped")
        return
    for reading in readings.select_related("marker"):
        _keep(reading)


def _keep(reading: QueryReading) -> None:
    marker = reading.marker
    move(QueryReading.objects.filter(pk=reading.pk), READING, "kept")
    if marker.value is not None and reading.read_to <= marker.value:
        return
    same = QueryMarker.objects.filter(pk=marker.pk, revision=reading.revision)
    moved = same.update(value=reading.read_to, revision=F("revision") + 1, changed_at=Now(), changed_by=None)
    event = "marker_moved" if moved else "marker_left"
    until = reading.read_to.isoformat(timespec="seconds")
    log_run(reading.run_id, event, activity_id=marker.activity_id, until=until)
