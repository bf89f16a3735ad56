"""Who enters, leaves and stays at each port, from one run to another: counted by PostgreSQL, key by key, with the first
of each.

What left by a port is read from its working table; where a channel's port has none, from the ledger. A table that
retention has dropped cannot be compared, and a population of another dimension holds other things: both are said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial

from django.db import connection
from psycopg import sql

from campaigns.previews import ShownColumn
from orchestration.delivery_ports import PORT_STATES
from orchestration.key_samples import first_among, first_besides, first_keys
from orchestration.models import CampaignRun, Population
from orchestration.shown_people import Row, ShownPeople
from orchestration.working_tables import KEY, MERGING, SCHEMA, key_type, planned

COMPARE = sql.SQL(
    """
SELECT count(*) FILTER (WHERE b.key IS NULL), count(*) FILTER (WHERE a.key IS NULL),
       count(*) FILTER (WHERE a.key IS NOT NULL AND b.key IS NOT NULL)
  FROM ({now}) AS a (key) FULL JOIN ({before}) AS b (key) ON a.key = b.key
"""
)
IN_TABLE = sql.SQL("SELECT {key} FROM {table}")
AS_TEXT = sql.SQL("SELECT key::text FROM ({keys}) AS native (key)")
IN_LEDGER = sql.SQL(
    "SELECT recipient_key FROM orchestration_message WHERE delivery_id = {delivery} AND state = ANY({states})"
)

Place = tuple[str, str]
"""Activity and port."""


class Unknown(StrEnum):
    """Why nobody can say who enters, leaves and stays."""

    DROPPED = "dropped"
    """The keys of the earlier run are gone by retention; how many they were is still known."""
    DIMENSION = "dimension"
    """The two populations are of different dimensions."""


@dataclass(frozen=True, slots=True)
class Samples:
    """The first by key of those who enter, leave and stay, at most 20 of each."""

    columns: Sequence[ShownColumn] = ()
    enter: Sequence[Row] = ()
    leave: Sequence[Row] = ()
    stay: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One port. `enter`, `leave` and `stay` are None where `unknown` says why."""

    activity: str
    port: str
    now: int
    before: int
    enter: int | None = None
    leave: int | None = None
    stay: int | None = None
    unknown: Unknown | None = None
    samples: Samples = Samples()


@dataclass(frozen=True, slots=True)
class Members:
    """What left by a port; without `keys` only how many is known. `type` is how PostgreSQL names the type of the keys."""

    people: int = 0
    dimension: str = ""
    keys: sql.Composable | None = None
    type: str = ""
    in_order: bool = False
    """Whether `keys` are those of one working table."""

    def keys_as(self, wanted: str) -> sql.Composable | None:
        """The keys in a form that compares with others of the type `wanted`: as text where theirs is another."""
        if self.keys is None or self.type == wanted:
            return self.keys
        return AS_TEXT.format(keys=self.keys)


def population_changes(
    now: CampaignRun, before: CampaignRun | None, *, personal: bool = False
) -> list[Change]:
    """Every port that carries people in either run, those of `now` first and in the order they were made."""
    present = dict(_members(now))
    past = dict(_members(before)) if before else {}
    showing = cache(partial(ShownPeople, personal=personal))
    places = dict.fromkeys([*present, *past])
    return [
        _change(place, present.get(place, Members()), past.get(place, Members()), showing) for place in places
    ]


def _members(run: CampaignRun) -> Iterator[tuple[Place, Members]]:
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
        return known(keys, key_type(row.table_name), in_order=True)
    if delivery is not None and row.port in PORT_STATES:
        states = sql.Literal(list(PORT_STATES[row.port]))
        return known(IN_LEDGER.format(delivery=sql.Literal(delivery), states=states), "text")
    return known()


def _change(place: Place, now: Members, before: Members, showing: Callable[[str], ShownPeople]) -> Change:
    made = partial(Change, *place, now=now.people, before=before.people)
    if now.people and before.people and now.dimension != before.dimension:
        return made(unknown=Unknown.DIMENSION)
    shown = showing(now.dimension if now.people else before.dimension)
    if not now.people or not before.people:
        samples = Samples(shown.columns, enter=shown.rows(_first(now)), leave=shown.rows(_first(before)))
        return made(enter=now.people, leave=before.people, stay=0, samples=samples)
    present, past = now.keys_as(before.type), before.keys_as(now.type)
    if present is None or past is None:
        return made(unknown=Unknown.DROPPED)
    both_in_order = present == now.keys and past == before.keys and now.in_order and before.in_order
    with planned(MERGING if both_in_order else {}):
        enter, leave, stay = _counted(present, past)
        samples = Samples(
            shown.columns,
            shown.rows(first_besides(present, past)) if enter else (),
            shown.rows(first_besides(past, present)) if leave else (),
            shown.rows(first_among(present, past)) if stay else (),
        )
    return made(enter=enter, leave=leave, stay=stay, samples=samples)


def _counted(present: sql.Composable, past: sql.Composable) -> tuple[int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(COMPARE.format(now=present, before=past))
        enter, leave, stay = cursor.fetchone()
    return enter, leave, stay


def _first(members: Members) -> list[str]:
    return first_keys(members.keys) if members.people and members.keys is not None else []
