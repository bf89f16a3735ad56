"""In which working tables of a run a person stands: one question for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from campaigns.models import TargetingDimension
from campaigns.targeting.schema import FieldType
from orchestration.models import CampaignRun, Population
from orchestration.working_tables import KEY, SCHEMA

TABLES_AT_ONCE = 200

_LARGEST_INTEGER = 2**63 - 1


class NotAKey(ValueError):  # noqa: N818 - names what happened
    """The text cannot be the key of anybody in the dimension."""


def native_key(dimension: TargetingDimension, text: str) -> int | UUID | str:
    """The text as a key of the dimension. NotAKey says what one looks like."""
    try:
        match FieldType(dimension.key_field.type):
            case FieldType.INTEGER:
                return _whole(text)
            case FieldType.UUID:
                return UUID(text)
            case _:
                return _storable(text)
    except ValueError:
        raise NotAKey(
            _("“%(key)s” cannot be a key of “%(dimension)s”, whose keys are of type %(type)s. Check the key.")
            % {"key": text[:80], "dimension": dimension.slug, "type": dimension.key_field.type}
        ) from None


def tables_with(run: CampaignRun, dimension: TargetingDimension, key: Any) -> tuple[set[str], set[str]]:
    """Names of the run's working tables in this dimension: those the person stands in, and all that are kept."""
    kept = sorted(
        Population.objects.filter(
            activity_run__run=run, dimension=dimension.slug, dropped_at__isnull=True, activated=True
        )
        .exclude(table_name="")
        .values_list("table_name", flat=True)
        .distinct()
    )
    return _standing_in(kept, key), set(kept)


def stands_in_dimension(dimension: TargetingDimension, key: Any) -> bool:
    """Whether the company's own table has the person now."""
    query = sql.SQL("SELECT EXISTS (SELECT FROM {table} WHERE {key} = %s)").format(
        table=sql.Identifier(dimension.table.schema_name, dimension.table.table_name),
        key=sql.Identifier(dimension.key_field.column_name),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [key])
        return bool(cursor.fetchone()[0])


def _standing_in(tables: Sequence[str], key: Any) -> set[str]:
    """Asked of a bounded number of tables at a time: a run that went round has many."""
    starts = range(0, len(tables), TABLES_AT_ONCE)
    return set().union(*(_of_some(tables[start : start + TABLES_AT_ONCE], key) for start in starts))


def _of_some(tables: Sequence[str], key: Any) -> set[str]:
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {name} WHERE EXISTS (SELECT FROM {table} WHERE {key} = %(key)s)").format(
            name=sql.Literal(table), table=sql.Identifier(SCHEMA, table), key=sql.Identifier(KEY)
        )
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, {"key": key})
        return {row[0] for row in cursor.fetchall()}


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) > _LARGEST_INTEGER or str(number) != text.strip():
        raise ValueError(text)
    return number


def _storable(text: str) -> str:
    if not text or "\0" in text:
        raise ValueError(text)
    return text
