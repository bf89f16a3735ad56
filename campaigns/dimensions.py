"""Registering the dimensions people can be addressed by."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.introspection import CatalogueError, is_filled_and_unique, read_relation, unique_keys_of
from campaigns.models import Field, Table, TargetingDimension


@transaction.atomic
def register_dimension(
    slug: str, table: Table, *, label: str, key: str = "", fields: Mapping[str, str] | None = None
) -> TargetingDimension:
    """A dimension over `table`. `key` is a field slug, by default the table's one-column primary key.

    `fields` says which field slug plays which role: name, email, phone, push_token, language, time_zone.
    Raises CatalogueError.
    """
    key_field = _field(table, key) if key else _primary_key(table)
    dimension = TargetingDimension(slug=slug, label=label, table=table, key_field=key_field)
    for role, field_slug in (fields or {}).items():
        _give_role(dimension, role, field_slug)
    try:
        dimension.full_clean()
    except ValidationError as error:
        raise CatalogueError(
            "catalogue.bad_dimension", slug, " ".join(error.messages), _("Correct it and try again.")
        ) from error
    _prove_key(table, key_field)
    dimension.save()
    return dimension


def _primary_key(table: Table) -> Field:
    key = list(table.fields.filter(key_position__isnull=False))
    if len(key) == 1:
        return key[0]
    raise CatalogueError(
        "catalogue.key_not_single",
        table.slug,
        _("People are addressed by one key field, and the primary key of “%(table)s” has %(count)d.")
        % {"table": table.slug, "count": len(key)},
        _("Name a single field that is filled and unique, or register a view that has one."),
    )


def _field(table: Table, slug: str) -> Field:
    field = table.fields.filter(slug=slug).first()
    if field is None:
        raise CatalogueError(
            "catalogue.no_such_field",
            f"{table.slug}.{slug}",
            _("Table “%(table)s” has no field “%(field)s”.") % {"table": table.slug, "field": slug},
            _("Choose among: %(fields)s.")
            % {"fields": ", ".join(table.fields.values_list("slug", flat=True))},
        )
    return field


def _give_role(dimension: TargetingDimension, role: str, field_slug: str) -> None:
    if role not in TargetingDimension.ROLES:
        raise CatalogueError(
            "catalogue.no_such_role",
            f"{dimension.slug}.{role}",
            _("“%(role)s” is not something a dimension can have.") % {"role": role},
            _("Choose among: %(roles)s.") % {"roles": ", ".join(TargetingDimension.ROLES)},
        )
    setattr(dimension, f"{role}_field", _field(dimension.table, field_slug))


def _prove_key(table: Table, key: Field) -> None:
    relation = read_relation(table.schema_name, table.table_name)
    if (key.column_name,) in unique_keys_of(relation):
        return
    if not is_filled_and_unique(table.schema_name, table.table_name, [key.column_name]):
        raise CatalogueError(
            "catalogue.key_not_unique",
            f"{table.slug}.{key.slug}",
            _("“%(field)s” is empty in some row of “%(table)s” or the same in two.")
            % {"field": key.slug, "table": table.slug},
            _("Name a field that is filled and different in every row."),
        )
