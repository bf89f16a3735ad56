"""The people of a population, a page of them at a time, as far as their working table is still there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from campaigns.models import TargetingDimension
from orchestration.models import Population
from orchestration.working_tables import KEY, SCHEMA

PAGE = 50

TYPES: Mapping[str, sql.SQL] = {
    "smallint": sql.SQL("smallint"),
    "integer": sql.SQL("integer"),
    "bigint": sql.SQL("bigint"),
    "uuid": sql.SQL("uuid"),
}
"""Types of keys; any other is text."""

QUERY = sql.SQL("SELECT {columns} FROM {population} AS p {joined} {later} ORDER BY p.key LIMIT {limit}")


@dataclass(frozen=True, slots=True)
class People:
    """Some rows: the labels of their columns, and the key to go on from, None at the end."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    next_after: str | None


def read_people(population: Population, *, after: str = "", limit: int = PAGE) -> People:
    """The rows behind the key `after`, by key: the key, what identifies a person, what the population carries."""
    named = [(_("Key"), sql.Identifier("p", KEY)), *_identifying(population), *_carried(population)]
    query = QUERY.format(
        columns=sql.SQL(", ").join(column for _label, column in named),
        population=sql.Identifier(SCHEMA, population.table_name),
        joined=_joined(population),
        later=_later(population.table_name) if after else sql.SQL(""),
        limit=sql.Literal(limit + 1),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [after] if after else [])
        rows = list(cursor.fetchall())
    more = str(rows[limit - 1][0]) if len(rows) > limit else None
    return People([label for label, _column in named], rows[:limit], more)


def _carried(population: Population) -> Iterator[tuple[str, sql.Composable]]:
    for column in population.columns:
        yield str(column["label"]), sql.Identifier("p", str(column["name"]))


def _dimension(population: Population) -> TargetingDimension | None:
    related = ("table", "key_field", "name_field", "email_field")
    return TargetingDimension.objects.select_related(*related).filter(slug=population.dimension).first()


def _identifying(population: Population) -> Iterator[tuple[str, sql.Composable]]:
    dimension = _dimension(population)
    fields = (dimension.name_field, dimension.email_field) if dimension else ()
    for field in fields:
        if field:
            yield field.label, sql.Identifier("t", field.column_name)


def _joined(population: Population) -> sql.Composable:
    dimension = _dimension(population)
    if dimension is None:
        return sql.SQL("")
    return sql.SQL("LEFT JOIN {table} AS t ON t.{key} = p.key").format(
        table=sql.Identifier(dimension.table.schema_name, dimension.table.table_name),
        key=sql.Identifier(dimension.key_field.column_name),
    )


def _later(table: str) -> sql.Composable:
    """The comparison is made in the key's own type, so that its index serves it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = format('%%I.%%I', %s::text, %s::text)::regclass AND attname = %s",
            [SCHEMA, table, KEY],
        )
        (name,) = cursor.fetchone()
    return sql.SQL("WHERE p.key > CAST(%s AS {type})").format(type=TYPES.get(name, sql.SQL("text")))
