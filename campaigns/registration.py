"""Registering tables that exist already, and following their changes. Never alters what it registers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from campaigns.foreign_key_links import link_foreign_keys
from campaigns.introspection import (
    OWN_SCHEMAS,
    CatalogueError,
    PhysicalColumn,
    Relation,
    columns_of,
    is_filled_and_unique,
    own_oids,
    primary_key_of,
    read_relation,
    unique_keys_of,
)
from campaigns.models import Field, Table
from campaigns.naming import label_of, slug_of

PERSONAL_HINTS = (
    "email", "e_mail", "phone", "mobile", "first_name", "last_name", "full_name", "surname",
    "street", "address", "birth", "iban", "passport",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Registration:
    """A registered table and what was decided for it, in sentences for whoever registered it."""

    table: Table
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableChanges:
    """What a refresh found, as names of columns."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.returned or self.changed)


@transaction.atomic
def register_table(
    schema: str,
    name: str,
    *,
    slug: str = "",
    key: Sequence[str] = (),
    origin: Table.Origin = Table.Origin.EXTERNAL,
    link: bool = True,
) -> Registration:
    """Register the relation with all its columns and the links its foreign keys make to registered tables.

    `key` names columns; without it the primary key is taken, else a unique index, else a likely column proved
    unique by reading the table. A table without any can be linked to, not built upon. Who registers many may
    `link` them together afterwards. Raises CatalogueError.
    """
    relation = read_relation(schema, name)
    _refuse_unfit(relation, origin)
    columns = columns_of(relation)
    key, notes = _key_of(relation, columns, key)
    table = Table.objects.create(
        slug=_free_slug(slug, name),
        schema_name=schema,
        table_name=name,
        label=label_of(name),
        description=relation.comment,
        origin=origin,
        kind=relation.kind,
        row_estimate=relation.row_estimate,
    )
    _add_fields(table, columns)
    _mark_key(table, key)
    if link:
        link_foreign_keys([relation])
    return Registration(table, notes + _notes_on_skipped(columns))


@transaction.atomic
def refresh_table(table: Table, *, link: bool = True) -> TableChanges:
    """Read the relation again. What people wrote (labels, slugs, flags) stays.

    A column that went is kept as unusable, so that its label is not lost if it comes back.
    """
    relation = read_relation(table.schema_name, table.table_name)
    physical = {column.name: column for column in columns_of(relation)}
    known = {f.column_name: f for f in Field.objects.select_for_update().filter(table=table)}
    added = tuple(name for name in physical if name not in known)
    gone = tuple(name for name, f in known.items() if name not in physical and f.database_type)
    returned = tuple(name for name, f in known.items() if name in physical and not f.database_type)
    changed = tuple(
        name
        for name, f in known.items()
        if name in physical and f.database_type and _update(f, physical[name])
    )
    for name in returned:
        _update(known[name], physical[name])
    _mark_gone(table, gone)
    _add_fields(table, [physical[name] for name in added])
    notes = _refresh_key(table, relation)
    Table.objects.filter(pk=table.pk).update(
        row_estimate=relation.row_estimate, kind=relation.kind, refreshed_at=Now()
    )
    if link:
        link_foreign_keys([relation])
    return TableChanges(added, gone, returned, changed, notes)


def _refuse_unfit(relation: Relation, origin: Table.Origin) -> None:
    place = f"{relation.schema}.{relation.name}"
    if relation.schema.startswith("pg_") or relation.schema == "information_schema":
        raise CatalogueError(
            "catalogue.system_schema",
            place,
            _("“%(place)s” belongs to PostgreSQL itself.") % {"place": place},
            _("Register a table of your own, or a view over this one in a schema of your own."),
        )
    if origin != Table.Origin.SYSTEM and (relation.schema in OWN_SCHEMAS or relation.oid in own_oids()):
        raise CatalogueError(
            "catalogue.own_table",
            place,
            _("“%(place)s” is one of Tutti's own tables.") % {"place": place},
            _("What Tutti records (sends, opens, clicks) is in the catalogue already, as system tables."),
        )
    _refuse_unreadable(relation, place)
    registered = Table.objects.filter(schema_name=relation.schema, table_name=relation.name).first()
    if registered:
        raise CatalogueError(
            "catalogue.already_registered",
            place,
            _("“%(place)s” is registered already, as “%(slug)s”.")
            % {"place": place, "slug": registered.slug},
            _("Refresh it if the table has changed."),
        )


def _refuse_unreadable(relation: Relation, place: str) -> None:
    if relation.is_partition:
        raise CatalogueError(
            "catalogue.partition",
            place,
            _("“%(place)s” is one partition of a table.") % {"place": place},
            _("Register the partitioned table itself."),
        )
    if not relation.readable:
        raise CatalogueError(
            "catalogue.not_readable",
            place,
            _("Tutti's database account may not read “%(place)s”.") % {"place": place},
            _("Let the owner of the table run GRANT SELECT ON it, and USAGE ON its schema."),
        )


def _key_of(
    relation: Relation, columns: Sequence[PhysicalColumn], wanted: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if wanted:
        return _wanted_key(relation, columns, tuple(wanted)), ()
    key = primary_key_of(relation)
    if key:
        return key, ()
    for key in unique_keys_of(relation):
        return key, (
            _("No primary key; the unique index over %(key)s serves as one.") % {"key": ", ".join(key)},
        )
    for column in _likely_keys(relation, columns):
        if is_filled_and_unique(relation.schema, relation.name, [column]):
            return (column,), (_("Key guessed: “%(key)s” is filled and unique today.") % {"key": column},)
    return (), (_("No key was found: the table can be linked to, but no audience can be built on it."),)


def _wanted_key(
    relation: Relation, columns: Sequence[PhysicalColumn], wanted: tuple[str, ...]
) -> tuple[str, ...]:
    usable = [column.name for column in columns if column.type]
    for name in wanted:
        if name not in usable:
            raise CatalogueError(
                "catalogue.no_such_column",
                f"{relation.schema}.{relation.name}",
                _("The key column “%(column)s” does not exist or cannot be used.") % {"column": name},
                _("Choose among: %(columns)s.") % {"columns": ", ".join(usable)},
            )
    proved = any(set(key) == set(wanted) for key in unique_keys_of(relation))
    if not proved and not is_filled_and_unique(relation.schema, relation.name, wanted):
        raise CatalogueError(
            "catalogue.key_not_unique",
            f"{relation.schema}.{relation.name}",
            _("%(key)s is empty in some row or the same in two.") % {"key": ", ".join(wanted)},
            _("Name columns that together are filled and different in every row."),
        )
    return wanted


def _likely_keys(relation: Relation, columns: Sequence[PhysicalColumn]) -> list[str]:
    likely = ("id", f"{relation.name}_id", f"{relation.name.removesuffix('s')}_id", "uuid", "key")
    names = {column.name.lower(): column.name for column in columns if column.type}
    return [names[name] for name in likely if name in names]


def refuse_taken_slug(wanted: str) -> None:
    """Raise CatalogueError where a table of that slug is registered or the slug is not a name."""
    if Table.objects.filter(slug=wanted).exists():
        raise CatalogueError(
            "catalogue.slug_taken",
            wanted,
            _("Another table is registered as “%(slug)s”.") % {"slug": wanted},
            _("Choose another slug."),
        )
    if slug_of(wanted) != wanted:
        raise CatalogueError(
            "catalogue.bad_slug",
            wanted,
            _("“%(slug)s” cannot be a slug.") % {"slug": wanted},
            _("Use lower-case letters, digits and underscores, such as “%(like)s”.")
            % {"like": slug_of(wanted)},
        )


def _free_slug(wanted: str, name: str) -> str:
    if wanted:
        refuse_taken_slug(wanted)
        return wanted
    return slug_of(name, taken=set(Table.objects.values_list("slug", flat=True)), fallback="table")


def _add_fields(table: Table, columns: Sequence[PhysicalColumn]) -> None:
    taken = set(table.fields.values_list("slug", flat=True))
    fields = []
    for column in columns:
        slug = slug_of(column.name, taken=taken)
        taken.add(slug)
        fields.append(_field(table, slug, column))
    Field.objects.bulk_create(fields)


def _field(table: Table, slug: str, column: PhysicalColumn) -> Field:
    made = Field(
        table=table,
        slug=slug,
        column_name=column.name,
        label=label_of(column.name),
        description=column.comment,
        personal=any(hint in slug for hint in PERSONAL_HINTS),
    )
    _describe(made, column)
    return made


def _describe(known: Field, column: PhysicalColumn) -> None:
    known.type = column.type or ""
    known.database_type = column.database_type
    known.skipped_reason = column.skipped_reason
    known.nullable = column.nullable
    known.deterministic = column.deterministic
    known.position = column.position
    if column.enumeration:
        known.enumeration = {value: known.enumeration.get(value, value) for value in column.enumeration}
    if not column.stored_zone or not known.stored_zone:
        known.stored_zone = column.stored_zone


_FROM_THE_DATABASE = (
    "type", "database_type", "skipped_reason", "nullable", "position", "enumeration", "stored_zone",
    "deterministic",
)  # fmt: skip


def _update(known: Field, column: PhysicalColumn) -> bool:
    before = [getattr(known, name) for name in _FROM_THE_DATABASE]
    _describe(known, column)
    different = before != [getattr(known, name) for name in _FROM_THE_DATABASE]
    if different:
        known.save(update_fields=_FROM_THE_DATABASE)
    return different


def _mark_gone(table: Table, names: Sequence[str]) -> None:
    table.fields.filter(column_name__in=names).update(
        type="",
        database_type="",
        key_position=None,
        skipped_reason=_("The table no longer has this column. Restore it, or take it out of the rules."),
    )


def _mark_key(table: Table, key: Sequence[str]) -> None:
    table.fields.filter(key_position__isnull=False).update(key_position=None)
    for position, name in enumerate(key, start=1):
        table.fields.filter(column_name=name).update(key_position=position, nullable=False)


def _refresh_key(table: Table, relation: Relation) -> tuple[str, ...]:
    key = primary_key_of(relation)
    known = table.fields.filter(key_position__isnull=False).order_by("key_position")
    before = tuple(known.values_list("column_name", flat=True))
    if not key or key == before:
        return ()
    _mark_key(table, key)
    return (_("The primary key is now %(key)s.") % {"key": ", ".join(key)},)


def _notes_on_skipped(columns: Sequence[PhysicalColumn]) -> tuple[str, ...]:
    return tuple(f"{column.name}: {column.skipped_reason}" for column in columns if column.skipped_reason)
