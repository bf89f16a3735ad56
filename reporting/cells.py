"""Where a report's counts come from: ledger and events as they are now, or the roll-up, in the same form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection
from psycopg import sql

from reporting.facts import Breakdown, count_cells
from reporting.metrics import NAMES


class Source(StrEnum):
    """LIVE counts ledger and events when asked; ROLLUP reads what was counted last and says when that was."""

    LIVE = "live"
    ROLLUP = "rollup"


@dataclass(frozen=True, slots=True)
class Cell:
    """The measures of one delivery for one value of a breakdown; `hour` is set where that is the hour."""

    delivery: int
    value: str
    hour: datetime | None
    counts: dict[str, int]


_COLUMNS = sql.SQL(", ").join(map(sql.Identifier, NAMES))
_LIVE = sql.SQL(
    "SELECT delivery_id, value, hour, {columns}"
    " FROM ({cells}) AS cell (delivery_id, breakdown, value, hour, {columns}) WHERE breakdown = %(breakdown)s"
).format(cells=count_cells(), columns=_COLUMNS)
_ROLLUP = sql.SQL(
    "SELECT delivery_id, value, hour, {columns} FROM reporting_reportcell"
    " WHERE delivery_id = ANY(%(deliveries)s) AND breakdown = %(breakdown)s"
).format(columns=_COLUMNS)


def read_cells(deliveries: Sequence[int], breakdown: Breakdown, source: Source) -> Iterator[Cell]:
    """The cells of a breakdown, in no order."""
    query = _LIVE if source is Source.LIVE else _ROLLUP
    with connection.cursor() as cursor:
        cursor.execute(query, {"deliveries": list(deliveries), "breakdown": str(breakdown)})
        for delivery, value, hour, *counts in cursor.fetchall():
            yield Cell(delivery, value, hour, dict(zip(NAMES, counts, strict=True)))
