"""Whom a message of a draft can be shown for: people who arrived at its place in a run, or else people of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from campaigns.limited_queries import answer
from campaigns.personal_data import MASKED, hidden_fields
from campaigns.targeting import trees
from campaigns.targeting.bound import bound
from campaigns.targeting.render import render
from campaigns.targeting.schema import Column, FieldType
from orchestration.models import Population
from orchestration.proof_values import Place, kept_population, key_text, table_of
from orchestration.working_tables import KEY, relation

MOST_SHOWN = 20
MOST_WORDS = 3
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Person:
    """One of them by key, and words to recognise them by."""

    key: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """The first ones by key. `run` is the number of the run they arrived in; None where they come from the table."""

    run: int | None
    people: tuple[Person, ...]


def people_at(place: Place, *, search: str = "", personal: bool) -> People:
    """At most twenty, of whom one may ask with part of what they are recognised by; raises Unanswered.

    Without the permission to see personal data nobody is told who was in a run, and a search knows keys alone.
    """
    hidden = hidden_fields(place.table.slug, personal=personal)
    if place.dimension.key in hidden:
        return People(None, ())
    population = kept_population(place, []) if personal else None
    columns = _words_of(place)
    searched = [column for column in columns if column.slug not in hidden]
    rows = answer(render(_query(place, columns, population, _matching(place, searched, search.strip())))).rows
    masks = [column.slug in hidden for column in columns]
    people = tuple(Person(str(key), _shown(values, masks)) for key, *values in rows)
    return People(population.activity_run.run_id if population else None, people)


def _words_of(place: Place) -> list[Column]:
    """The first columns with text that say something of the person, the address last: it is long."""
    texts = [column for column in place.table.columns.values() if column.type is FieldType.TEXT]
    known = place.dimension
    said = {known.key, known.email, known.phone, known.language, known.time_zone}
    others = [column for column in texts if column.slug not in said]
    address = [column for column in texts if column.slug == known.email]
    return [*others[: MOST_WORDS - len(address)], *address]


def _query(
    place: Place, columns: Sequence[Column], population: Population | None, where: exp.Expr | None
) -> exp.Select:
    key = trees.column("t", place.table.columns[place.dimension.key].name)
    shown = [trees.column("t", column.name) for column in columns]
    query = trees.select([key_text(place), *shown], table_of(place), where)
    query = query.order_by(key.copy()).limit(MOST_SHOWN)
    if population is None:
        return query
    on = exp.EQ(this=trees.column("p", KEY), expression=key.copy())
    return query.join(relation(population.table_name), on=on)


def _matching(place: Place, columns: Sequence[Column], search: str) -> exp.Expr | None:
    if not search:
        return None
    escaped = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    is_key = exp.EQ(this=key_text(place), expression=bound(search))
    within = [
        exp.ILike(this=trees.column("t", column.name), expression=bound(f"%{escaped}%")) for column in columns
    ]
    return trees.some([is_key, *within])


def _shown(values: Sequence[object], masks: Sequence[bool]) -> tuple[str, ...]:
    told = zip(values, masks, strict=True)
    return tuple(
        MASKED if is_hidden else str(value)[:LONGEST] for value, is_hidden in told if value not in (None, "")
    )
