"""Tables that Tutti itself creates, in the schema `data`; the only module with DDL for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from campaigns.introspection import CatalogueError, primary_key_of, read_relation
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

_LEFT_ALONE = sql.SQL("autovacuum_enabled = false")
_NOTHING = sql.SQL("")


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
    _refuse_taken(wanted.slug)
    _create_schema()
    _execute(_create_statement(wanted, sql.Identifier(DATA_SCHEMA, wanted.slug), UPKEEP))
    return _registered(wanted)


def begin_managed_table(wanted: ManagedTable, schema: str, name: str, *, beside: str) -> None:
    """Create the table in another place, with one more column, a bigint: `adopt_managed_table` follows its rows."""
    more = sql.SQL(", {} bigint").format(sql.Identifier(beside))
    _execute(_create_statement(wanted, sql.Identifier(schema, name), _LEFT_ALONE, more))


def has_unique_key(schema: str, name: str, key: Sequence[str]) -> bool:
    """Whether a table begun elsewhere has its primary key; it is built if need be, which rows with one key prevent."""
    if primary_key_of(read_relation(schema, name)):
        return True
    try:
        with transaction.atomic():
            _add_primary_key(schema, name, key)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def adopt_managed_table(wanted: ManagedTable, schema: str, name: str, *, beside: str) -> Table:
    """Move a table that was begun elsewhere to the managed ones, and register it; no row is written again.

    Raises CatalogueError where the slug or the name is taken.
    """
    _refuse_taken(wanted.slug)
    _create_schema()
    place, moving = sql.Identifier(schema, name), f"moving {name}"
    for clause in (
        sql.SQL("DROP COLUMN {}").format(sql.Identifier(beside)),
        sql.SQL("RESET (autovacuum_enabled)"),
        sql.SQL("SET ({})").format(UPKEEP),
        # Under a name that no slug can be, it meets no other table on its way.
        sql.SQL("RENAME TO {}").format(sql.Identifier(moving)),
    ):
        _execute(sql.SQL("ALTER TABLE {} {}").format(place, clause))
    _execute(
        sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(
            sql.Identifier(schema, moving), sql.Identifier(DATA_SCHEMA)
        )
    )
    _execute(
        sql.SQL("ALTER TABLE {} RENAME TO {}").format(
            sql.Identifier(DATA_SCHEMA, moving), sql.Identifier(wanted.slug)
        )
    )
    return _registered(wanted)


def add_primary_key(table: Table, key: Sequence[str]) -> None:
    """Build the key over rows already there, which costs less than to keep it while they come."""
    _add_primary_key(table.schema_name, table.table_name, key)


def _add_primary_key(schema: str, name: str, key: Sequence[str]) -> None:
    statement = sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})")
    _execute(statement.format(sql.Identifier(schema, name), column_list(key)))


def sort_by_key(table: Table) -> None:
    """Write the rows again in the order of their key, so that those that belong together lie together."""
    place = sql.Identifier(table.schema_name, table.table_name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid WHERE indrelid = %s::regclass AND indisprimary",
            [place.as_string(None)],
        )
        (index,) = cursor.fetchone()
    _execute(sql.SQL("CLUSTER {} USING {}").format(place, sql.Identifier(index)))
    _execute(sql.SQL("ALTER TABLE {} SET WITHOUT CLUSTER").format(place))


def add_index(table: Table, *, on: Sequence[str], include: Sequence[str] = (), unique: bool = False) -> None:
    """An index over columns of a managed table; a column name ending in ` DESC` is ordered downwards."""
    statement = sql.SQL("CREATE {unique} INDEX ON {table} ({columns}) {include}").format(
        unique=sql.SQL("UNIQUE" if unique else ""),
        table=sql.Identifier(table.schema_name, table.table_name),
        columns=sql.SQL(", ").join(map(_ordered, on)),
        include=sql.SQL("INCLUDE ({})").format(column_list(include)) if include else sql.SQL(""),
    )
    _execute(statement)


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


def _create_statement(
    wanted: ManagedTable, name: sql.Identifier, options: sql.Composable, more: sql.Composable = _NOTHING
) -> sql.Composed:
    columns = (
        sql.SQL("{} {} {}").format(
            sql.Identifier(column.name),
            type_of(column),
            sql.SQL("NOT NULL" if column.name in wanted.key else ""),
        )
        for column in wanted.columns
    )
    return sql.SQL("CREATE TABLE {} ({}{}) WITH ({})").format(
        name, sql.SQL(", ").join(columns), more, options
    )


def _execute(statement: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _create_schema() -> None:
    _execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(DATA_SCHEMA)))


def _refuse_taken(slug: str) -> None:
    refuse_taken_slug(slug)
    _refuse_taken_name(slug)


def _registered(wanted: ManagedTable) -> Table:
    table = register_table(DATA_SCHEMA, wanted.slug, slug=wanted.slug, origin=Table.Origin.MANAGED).table
    _describe(table, wanted)
    return table


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
