"""The keys of everybody who left by a port of a run, as a selection.

They are read from the port's working table; where a channel's port has none, from the ledger. Of a table that retention
has dropped only how many they were is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import connection
from psycopg import sql

from orchestration.delivery_ports import PORT_STATES
from orchestration.models import CampaignRun, Population
from orchestration.working_tables import KEY, SCHEMA, key_type

IN_TABLE = sql.SQL("SELECT {key} FROM {table}")
AS_TEXT = sql.SQL("SELECT key::text FROM ({keys}) AS native (key)")
IN_LEDGER = sql.SQL(
    "SELECT recipient_key FROM orchestration_message WHERE delivery_id = {delivery} AND state = ANY({states})"
)

Place = tuple[str, str]
"""Activity and port."""


@dataclass(frozen=True, slots=True)
class Members:
    """What left by a port; without `keys` only how many is known. `type` is how PostgreSQL names the type of the keys."""

    people: int = 0
    dimension: str = ""
    keys: sql.Composable | None = None
    type: str = ""
    table_name: str = ""
    """The working table of all of them, where they are in one."""

    def keys_as(self, wanted: str) -> sql.Composable | None:
        """The keys in a form that compares with others of the type `wanted`: as text where theirs is another."""
        if self.keys is None or self.type == wanted:
            return self.keys
        return AS_TEXT.format(keys=self.keys)


def members_by_port(run: CampaignRun) -> Iterator[tuple[Place, Members]]:
    """A port that carries only the signal to go has no people; who crossed one in several rounds counts once."""
    rows = Population.objects.filter(activity_run__run=run).exclude(row_count=None)
    deliveries: Mapping[int, int] = dict(
        run.activity_runs.exclude(delivery=None).values_list("pk", "delivery")
    )
    rounds: dict[Place, list[Members]] = {}
    for row in rows.select_related("activity_run").order_by("activity_run__iteration", "pk"):
        found = _members_of(row, deliveries.get(row.activity_run_id))
        rounds.setdefault((row.activity_run.activity_id, row.port), []).append(found)
    for place, several in rounds.items():
        yield place, several[0] if len(several) == 1 else _together(several)


def _together(several: Sequence[Members]) -> Members:
    """Where keys are gone nobody can tell who crossed twice: then it is how often somebody did."""
    some = [each for each in several if each.people]
    common = some[0].type if len({each.type for each in some}) == 1 else "text"
    keys = [found for each in some if (found := each.keys_as(common)) is not None]
    if not some or len(keys) < len(some):
        return Members(sum(each.people for each in some), several[0].dimension)
    union = sql.SQL(" UNION ").join(keys)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM ({}) AS everybody (key)").format(union))
        return Members(cursor.fetchone()[0], some[0].dimension, union, common)


def _members_of(row: Population, delivery: int | None) -> Members:
    known = partial(Members, row.row_count or 0, row.dimension)
    if not row.row_count:
        return known()
    if row.table_name and row.dropped_at is None:
        keys = IN_TABLE.format(key=sql.Identifier(KEY), table=sql.Identifier(SCHEMA, row.table_name))
        return known(keys, key_type(row.table_name), row.table_name)
    if delivery is not None and row.port in PORT_STATES:
        states = sql.Literal(list(PORT_STATES[row.port]))
        return known(IN_LEDGER.format(delivery=sql.Literal(delivery), states=states), "text")
    return known()
