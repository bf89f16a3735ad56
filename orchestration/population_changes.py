"""Who enters, leaves and stays at each port, from one run to another: counted by PostgreSQL, key by key, with the first
of each.

A table that retention has dropped cannot be compared, and a population of another dimension holds other things: both
are said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial

from django.db import connection
from psycopg import sql

from campaigns.planner import planned
from campaigns.previews import ShownColumn
from orchestration.headcounts import people_besides
from orchestration.key_samples import first_among, first_besides, first_keys
from orchestration.models import CampaignRun
from orchestration.port_members import Members, Place, members_by_port
from orchestration.shown_people import Row, ShownPeople
from orchestration.working_tables import MERGING

COMPARE = sql.SQL(
    """
SELECT count(*) FILTER (WHERE b.key IS NULL), count(*) FILTER (WHERE a.key IS NULL),
       count(*) FILTER (WHERE a.key IS NOT NULL AND b.key IS NOT NULL)
  FROM ({now}) AS a (key) FULL JOIN ({before}) AS b (key) ON a.key = b.key
"""
)


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


def population_changes(
    now: CampaignRun, before: CampaignRun | None, *, personal: bool = False
) -> list[Change]:
    """Every port that carries people in either run, those of `now` first and in the order they were made."""
    present = dict(members_by_port(now))
    past = dict(members_by_port(before)) if before else {}
    showing = cache(partial(ShownPeople, personal=personal))
    places = dict.fromkeys([*present, *past])
    return [
        _change(place, present.get(place, Members()), past.get(place, Members()), showing) for place in places
    ]


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
    are_alike = bool(now.table_name and before.table_name) and now.type == before.type
    enter, leave, stay = _merged(now, before) if are_alike else _counted(present, past)
    with planned(MERGING if are_alike else {}):
        come = first_besides(present, past) if enter else ()
        gone = first_besides(past, present) if leave else ()
        same = first_among(present, past) if stay else ()
    samples = Samples(shown.columns, *map(shown.rows, (come, gone, same)))
    return made(enter=enter, leave=leave, stay=stay, samples=samples)


def _merged(now: Members, before: Members) -> tuple[int, int, int]:
    """Of two working tables, whose sizes are known, only those who enter have to be counted."""
    enter = people_besides({now.table_name: now.people}, [before.table_name])
    stay = now.people - enter
    return enter, before.people - stay, stay


def _counted(present: sql.Composable, past: sql.Composable) -> tuple[int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(COMPARE.format(now=present, before=past))
        enter, leave, stay = cursor.fetchone()
    return enter, leave, stay


def _first(members: Members) -> list[str]:
    return first_keys(members.keys) if members.people and members.keys is not None else []
