"""Tables that Tutti itself creates, in the schema `data`; the only module with DDL for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from campaigns.introspection import CatalogueError
from campaigns.models import Table
from campaigns.naming import label_of
from campaigns.registration import refuse_taken_slug, register_table
from campaigns.targeting.schema import FieldType

DATA_SCHEMA = "data"

DATABASE_TYPE: Mapping[FieldType, sql.SQL] = {
    FieldType.TEXT: sql.SQL("text"),
    FieldType.INTEGER: sql.SQL("bigint"),
    FieldType.DECIMAL: sql.SQL("numeric"),
    FieldType.FLOAT: sql.SQL("double precision"),
    FieldType.BOOLEAN: sql.SQL("boolean"),
    FieldType.DATE: sql.SQL("date"),
    FieldType.DATETIME: sql.SQL("timestamptz"),
    FieldType.UUID: sql.SQL("uuid"),
    FieldType.JSON: sql.SQL("jsonb"),
}


# Feeds change a few percent of a large table at a time: its statistics and its dead rows are looked after sooner
# than PostgreSQL's fifth of all rows.
UPKEEP = sql.SQL(
    "autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02,"
    " autovacuum_vacuum_insert_scale_factor = 0.1"
)


@dataclass(frozen=True, slots=True)
class ManagedColumn:
    """A column to create; `digits` (precision, scale) bounds a decimal. Dates and times keep their zone."""

    name: str
    type: FieldType
    label: str = ""
    description: str = ""
    slug: str = ""
    digits: tuple[int, int] | None = None
    personal: bool = False
    enumeration: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ManagedTable:
    """A table to create, known by its slug in the database too; `key` names columns."""

    slug: str
    columns: Sequence[ManagedColumn]
    key: Sequence[str]
    label: str = ""
    description: str = ""


@transaction.atomic
def create_managed_table(wanted: ManagedTable) -> Table:
    """Create and register the table, empty and without its primary key: `add_primary_key` follows the rows.

    Raises CatalogueError where the slug or the name is taken.
    """
    refuse_taken_slug(wanted.slug)
    _refuse_taken_name(wanted.slug)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(DATA_SCHEMA)))
        cursor.execute(_create_statement(wanted))
    table = register_table(DATA_SCHEMA, wanted.slug, slug=wanted.slug, origin=Table.Origin.MANAGED).table
    _describe(table, wanted)
    return table


def add_primary_key(table: Table, key: Sequence[str]) -> None:
    """Build the key over rows already there, which costs less than to keep it while they come."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(
                sql.Identifier(table.schema_name, table.table_name), column_list(key)
            )
        )


def add_index(table: Table, *, on: Sequence[str], include: Sequence[str] = (), unique: bool = False) -> None:
    """An index over columns of a managed table; a column name ending in ` DESC` is ordered downwards."""
    statement = sql.SQL("CREATE {unique} INDEX ON {table} ({columns}) {include}").format(
        unique=sql.SQL("UNIQUE" if unique else ""),
        table=sql.Identifier(table.schema_name, table.table_name),
        columns=sql.SQL(", ").join(map(_ordered, on)),
        include=sql.SQL("INCLUDE ({})").format(column_list(include)) if include else sql.SQL(""),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)


def column_list(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def type_of(column: ManagedColumn) -> sql.Composable:
    if column.digits:
        precision, scale = column.digits
        return sql.SQL("numeric({}, {})").format(sql.Literal(precision), sql.Literal(scale))
    return DATABASE_TYPE[column.type]


def _ordered(name: str) -> sql.Composable:
    plain = name.removesuffix(" DESC")
    return sql.SQL("{} DESC").format(sql.Identifier(plain)) if plain != name else sql.Identifier(name)


def _create_statement(wanted: ManagedTable) -> sql.Composed:
    columns = (
        sql.SQL("{} {} {}").format(
            sql.Identifier(column.name),
            type_of(column),
            sql.SQL("NOT NULL" if column.name in wanted.key else ""),
        )
        for column in wanted.columns
    )
    return sql.SQL("CREATE TABLE {} ({}) WITH ({})").format(
        sql.Identifier(DATA_SCHEMA, wanted.slug), sql.SQL(", ").join(columns), UPKEEP
    )


def _refuse_taken_name(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = %s AND c.relname = %s",
            [DATA_SCHEMA, name],
        )
        taken = cursor.fetchone()
    if taken:
        raise CatalogueError(
            "catalogue.name_taken",
            f"{DATA_SCHEMA}.{name}",
            _("The database has a table “%(schema)s.%(name)s” already, which is not registered.")
            % {"schema": DATA_SCHEMA, "name": name},
            _("Register that table, drop it, or choose another slug."),
        )


def _describe(table: Table, wanted: ManagedTable) -> None:
    table.label = wanted.label or label_of(wanted.slug)
    table.description = wanted.description
    table.save(update_fields=["label", "description"])
    table.fields.update(key_position=None)  # a key guessed there would stand in the way of the one wanted
    fields = {known.column_name: known for known in table.fields.all()}
    for column in wanted.columns:
        known = fields[column.name]
        known.slug = column.slug or known.slug
        known.label = column.label or known.label
        known.description = column.description
        known.personal = column.personal or known.personal
        known.enumeration = dict(column.enumeration)
        known.key_position = list(wanted.key).index(column.name) + 1 if column.name in wanted.key else None
    table.fields.bulk_update(
        fields.values(), ["slug", "label", "description", "personal", "enumeration", "key_position"]
    )
