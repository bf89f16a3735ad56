"""What PostgreSQL says about its tables: relations, columns, keys and foreign keys, as plain values.

Reads `pg_catalog` and changes nothing. `campaigns.registration` decides what to do with what is found here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from campaigns.models import Table
from campaigns.problems import Problem, ProblemsError
from campaigns.targeting.schema import FieldType

WORK_SCHEMA = "work"
STAGING_SCHEMA = "staging"
AUDIENCE_SCHEMA = "audience"
OWN_SCHEMAS = (WORK_SCHEMA, STAGING_SCHEMA, AUDIENCE_SCHEMA)

FIELD_TYPE_OF: Mapping[str, FieldType] = {
    "text": FieldType.TEXT,
    "varchar": FieldType.TEXT,
    "bpchar": FieldType.TEXT,
    "name": FieldType.TEXT,
    "int2": FieldType.INTEGER,
    "int4": FieldType.INTEGER,
    "int8": FieldType.INTEGER,
    "numeric": FieldType.DECIMAL,
    "float4": FieldType.FLOAT,
    "float8": FieldType.FLOAT,
    "bool": FieldType.BOOLEAN,
    "date": FieldType.DATE,
    "timestamp": FieldType.DATETIME,
    "timestamptz": FieldType.DATETIME,
    "uuid": FieldType.UUID,
    "json": FieldType.JSON,
    "jsonb": FieldType.JSON,
}

_KINDS = {
    "r": Table.Kind.TABLE,
    "p": Table.Kind.TABLE,
    "v": Table.Kind.VIEW,
    "m": Table.Kind.VIEW,
    "f": Table.Kind.FOREIGN,
}

_RELATIONS = """
    SELECT c.oid::bigint, n.nspname, c.relname, c.relkind::text, c.relispartition, c.reltuples::bigint,
           coalesce(obj_description(c.oid, 'pg_class'), ''), has_table_privilege(c.oid, 'SELECT')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
_ONE_RELATION = _RELATIONS + " AND n.nspname = %s AND c.relname = %s"
_OF_ONE_SCHEMA = _RELATIONS + " AND n.nspname = %s"
_FOREIGN_TO_THE_SYSTEM = (
    _RELATIONS
    + r"""
       AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL (%s::text[])
       AND NOT c.relispartition
  ORDER BY n.nspname, c.relname
"""
)

_COLUMNS = """
    SELECT a.attname, a.attnum, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
           coalesce(col_description(a.attrelid, a.attnum), ''),
           CASE WHEN base.typtype = 'b' AND base.typnamespace = 'pg_catalog'::regnamespace THEN base.typname
                ELSE '' END,
           coalesce((SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
                       FROM pg_enum e WHERE e.enumtypid = base.oid), '{}'::text[]),
           coalesce((SELECT l.collisdeterministic FROM pg_collation l WHERE l.oid = a.attcollation), true)
      FROM pg_attribute a
      JOIN LATERAL (
           WITH RECURSIVE chain AS (
                SELECT t.oid, t.typname, t.typtype, t.typbasetype, t.typnamespace
                  FROM pg_type t WHERE t.oid = a.atttypid
                UNION ALL
                SELECT t.oid, t.typname, t.typtype, t.typbasetype, t.typnamespace
                  FROM chain JOIN pg_type t ON t.oid = chain.typbasetype WHERE chain.typtype = 'd')
           SELECT * FROM chain WHERE typtype <> 'd') base ON true
     WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attnum
"""

_UNIQUE_KEYS = """
    SELECT i.indrelid::bigint,
           (SELECT array_agg(a.attname::text ORDER BY k.place)
              FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, place)
              JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
             WHERE k.place <= i.indnkeyatts),
           i.indisprimary,
           (SELECT bool_and(a.attnotnull)
              FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, place)
              JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
             WHERE k.place <= i.indnkeyatts)
      FROM pg_index i
     WHERE i.indrelid = ANY (%s::oid[]) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
  ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid
"""

_NAMES = """
    SELECT c.oid::bigint, n.nspname, c.relname
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY (%s::oid[])
"""

_FOREIGN_KEYS = """
    SELECT con.conrelid::bigint, con.confrelid::bigint,
           (SELECT array_agg(a.attname::text ORDER BY k.place)
              FROM unnest(con.conkey) WITH ORDINALITY k (attnum, place)
              JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.attnum),
           (SELECT array_agg(a.attname::text ORDER BY k.place)
              FROM unnest(con.confkey) WITH ORDINALITY k (attnum, place)
              JOIN pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.attnum)
      FROM pg_constraint con
     WHERE con.contype = 'f' AND con.conparentid = 0 AND (con.conrelid = ANY (%s::oid[]) OR con.confrelid = ANY (%s::oid[]))
  ORDER BY con.oid
"""


class CatalogueError(ProblemsError):
    """A table, link or dimension could not be registered as asked."""

    def __init__(self, code: str, place: str, message: str, remedy: str) -> None:
        super().__init__([Problem(code=code, path=place, message=message, remedy=remedy)])


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation as PostgreSQL knows it; `row_estimate` is None before its first ANALYZE."""

    oid: int
    schema: str
    name: str
    kind: Table.Kind
    is_partition: bool
    row_estimate: int | None
    comment: str
    readable: bool

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True)
class PhysicalColumn:
    """A column; one whose type rules cannot use has no `type` but a `skipped_reason` with the remedy."""

    name: str
    position: int
    database_type: str
    nullable: bool
    comment: str
    type: FieldType | None
    skipped_reason: str = ""
    stored_zone: str = ""
    enumeration: Mapping[str, str] = field(default_factory=dict)
    deterministic: bool = True


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key from the relation `source` to `target`, both by oid, with the columns in pairs."""

    source: int
    target: int
    columns: tuple[tuple[str, str], ...]


def rows(query: str | sql.Composable, *values: Any) -> list[tuple[Any, ...]]:
    """Every row of a query whose result is known to be small."""
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def unregistered_relations() -> tuple[Relation, ...]:
    """What could still be registered: everything that is neither PostgreSQL's nor Tutti's nor registered."""
    ours = own_oids()
    registered = set(Table.objects.values_list("schema_name", "table_name"))
    found = (_relation(row) for row in rows(_FOREIGN_TO_THE_SYSTEM, list(OWN_SCHEMAS)))
    return tuple(r for r in found if r.oid not in ours and (r.schema, r.name) not in registered)


def relations_of(schema: str) -> tuple[Relation, ...]:
    """Every relation of one schema, whether or not it could be registered."""
    return tuple(_relation(row) for row in rows(_OF_ONE_SCHEMA, schema))


def read_relation(schema: str, name: str) -> Relation:
    """The relation of that name; CatalogueError where there is none."""
    found = rows(_ONE_RELATION, schema, name)
    if not found:
        raise CatalogueError(
            "catalogue.no_such_relation",
            f"{schema}.{name}",
            _("This database has no table or view “%(name)s” in schema “%(schema)s”.")
            % {"schema": schema, "name": name},
            _("Check the spelling, capitals included; `register_table --list` shows what there is."),
        )
    return _relation(found[0])


def own_oids() -> frozenset[int]:
    """The tables of Django's models, unmanaged ones too, wherever the search path puts them."""
    models = apps.get_models(include_auto_created=True, include_swapped=True)
    names = [model._meta.db_table for model in models] + ["django_migrations"]
    found = rows("SELECT to_regclass(quote_ident(name))::oid::bigint FROM unnest(%s::text[]) name", names)
    return frozenset(oid for (oid,) in found if oid is not None)


def columns_of(relation: Relation) -> tuple[PhysicalColumn, ...]:
    return tuple(_column(row) for row in rows(_COLUMNS, relation.oid))


def unique_keys_of(relation: Relation, *, nullable: bool = False) -> tuple[tuple[str, ...], ...]:
    """Column names of each unique index, primary key first; those over nullable columns only on request."""
    found = rows(_UNIQUE_KEYS, [relation.oid])
    return tuple(tuple(names) for _oid, names, _primary, filled in found if names and (filled or nullable))


def unique_keys_by_oid(oids: Collection[int]) -> Mapping[int, Sequence[frozenset[str]]]:
    """The column names of every unique index, also those over columns that may be empty."""
    found = defaultdict(list)
    for oid, names, _primary, _filled in rows(_UNIQUE_KEYS, list(oids)):
        if names:
            found[oid].append(frozenset(names))
    return found


def primary_key_of(relation: Relation) -> tuple[str, ...]:
    found = rows(_UNIQUE_KEYS, [relation.oid])
    return next((tuple(names) for _oid, names, primary, _filled in found if primary), ())


def names_of(oids: Collection[int]) -> Mapping[tuple[str, str], int]:
    """The oid of each of these relations by its schema and name."""
    found = rows(_NAMES, list(oids))
    return {(schema, name): oid for oid, schema, name in found}


def foreign_keys_of(oids: Collection[int]) -> tuple[ForeignKey, ...]:
    """The foreign keys that leave one of the relations or arrive at one, oldest first."""
    found = rows(_FOREIGN_KEYS, list(oids), list(oids))
    return tuple(
        ForeignKey(source, target, tuple(zip(left, right, strict=True)))
        for source, target, left, right in found
    )


def is_filled_and_unique(schema: str, name: str, columns: Sequence[str]) -> bool:
    """Counts: no NULL in the columns and no two rows alike. Reads the whole relation."""
    values: dict[str, sql.Composable] = {
        "relation": sql.Identifier(schema, name),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "empty": sql.SQL(" OR ").join(sql.SQL("{} IS NULL").format(sql.Identifier(c)) for c in columns),
    }
    query = sql.SQL(
        "SELECT NOT EXISTS (SELECT FROM {relation} WHERE {empty})"
        " AND NOT EXISTS (SELECT FROM {relation} GROUP BY {columns} HAVING count(*) > 1)"
    ).format(**values)
    return bool(rows(query)[0][0])


def _relation(row: tuple[Any, ...]) -> Relation:
    oid, schema, name, kind, is_partition, estimate, comment, readable = row
    return Relation(
        oid=oid,
        schema=schema,
        name=name,
        kind=_KINDS[kind],
        is_partition=is_partition,
        row_estimate=estimate if estimate >= 0 else None,
        comment=comment,
        readable=readable,
    )


def _column(row: tuple[Any, ...]) -> PhysicalColumn:
    name, position, database_type, nullable, comment, base_type, labels, deterministic = row
    type_ = FieldType.TEXT if labels else FIELD_TYPE_OF.get(base_type)
    return PhysicalColumn(
        name=name,
        position=position,
        database_type=database_type,
        nullable=nullable,
        comment=comment,
        type=type_,
        skipped_reason="" if type_ else _reason_to_skip(database_type),
        stored_zone="UTC" if base_type == "timestamp" else "",
        enumeration={label: label for label in labels},
        deterministic=deterministic,
    )


def _reason_to_skip(database_type: str) -> str:
    return _(
        "Rules cannot use the type “%(type)s”. "
        "Register a view that converts the column to text, a number or a date."
    ) % {"type": database_type}
