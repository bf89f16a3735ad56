"""Links between tables that people make: logical ones, whose orphans are counted.

Those that foreign keys promise are found by `campaigns.foreign_key_links`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from psycopg import sql

from campaigns.introspection import (
    CatalogueError,
    is_filled_and_unique,
    read_relation,
    rows,
    unique_keys_of,
)
from campaigns.models import Link, Table
from campaigns.naming import label_of, slug_of
from campaigns.targeting.schema import Cardinality

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LinkNames:
    """How a link and its inverse are called; what is left empty is made from names of fields and tables."""

    slug: str = ""
    label: str = ""
    inverse_slug: str = ""
    inverse_label: str = ""


@transaction.atomic
def add_link(
    source: Table,
    target: Table,
    *,
    on: Pairs,
    cardinality: Cardinality = Cardinality.ONE,
    inverse_cardinality: Cardinality = Cardinality.MANY,
    names: LinkNames | None = None,
) -> Link:
    """A logical link and its inverse; `on` pairs field slugs (source, target).

    A side said to be ONE must be unique in its fields, which is proved by an index or else by reading the
    table: a rule that follows it would otherwise count a row twice. Raises CatalogueError.
    """
    link = Link(source=source, target=target, on=[list(pair) for pair in on], cardinality=cardinality)
    _check(link)
    _prove_one(target, [right for _left, right in on], cardinality)
    _prove_one(source, [left for left, _right in on], inverse_cardinality)
    names = names or LinkNames()
    return save_inverse(save_link(link, names), inverse_cardinality, names)


def count_orphans(link: Link) -> int:
    """Count and record the rows of the source whose fields are all filled and match no row of the target.

    Raises CatalogueError for a link that is a path: its orphans are those of the links on it.
    """
    if link.path:
        raise CatalogueError(
            "catalogue.no_orphans",
            f"{link.source.slug}.{link.slug}",
            _("“%(link)s” is a path of links and joins no fields itself.") % {"link": link.slug},
            _("Count the rows without a match of the links on it: %(path)s.")
            % {"path": ", ".join(link.path)},
        )
    (orphans,) = rows(_orphans_query(link))[0]
    Link.objects.filter(pk=link.pk).update(orphans_counted=orphans, orphans_counted_at=Now())
    link.refresh_from_db()
    return int(orphans)


def save_link(link: Link, names: LinkNames) -> Link:
    """One way; `save_inverse` makes the other."""
    link.slug = names.slug or slug_of(link.target.slug, taken=taken_slugs(link.source))
    link.label = names.label or (link.target.label if not names.slug else label_of(names.slug))
    link.save()
    return link


def save_inverse(link: Link, cardinality: Cardinality, names: LinkNames) -> Link:
    """The way back along a link that is saved."""
    link.inverse = Link.objects.create(
        slug=names.inverse_slug or slug_of(link.source.slug, taken=taken_slugs(link.target)),
        label=names.inverse_label or link.source.label,
        source=link.target,
        target=link.source,
        on=[[right, left] for left, right in link.on],
        cardinality=cardinality,
        inverse=link,
    )
    link.save(update_fields=["inverse"])
    return link


def _check(link: Link) -> None:
    try:
        link.clean()
    except ValidationError as error:
        raise CatalogueError(
            "catalogue.bad_link",
            f"{link.source.slug} → {link.target.slug}",
            " ".join(error.messages),
            _("Correct the pair of fields and try again."),
        ) from error


def _prove_one(table: Table, slugs: Sequence[str], cardinality: Cardinality) -> None:
    if cardinality is Cardinality.MANY:
        return
    columns = [_columns(table)[slug] for slug in slugs]
    relation = read_relation(table.schema_name, table.table_name)
    if any(set(key) <= set(columns) for key in unique_keys_of(relation)):
        return
    if not is_filled_and_unique(table.schema_name, table.table_name, columns):
        raise CatalogueError(
            "catalogue.link_not_to_one",
            table.slug,
            _(
                "%(fields)s is empty in some row of “%(table)s” or the same in two, "
                "so a link there leads to many rows."
            )
            % {"fields": ", ".join(slugs), "table": table.slug},
            _("Say that the link leads to many, or link other fields."),
        )


def _columns(table: Table) -> dict[str, str]:
    return dict(table.fields.filter(skipped_reason="").values_list("slug", "column_name"))


def taken_slugs(table: Table) -> set[str]:
    """In a path, a field and a link of one name could not be told apart."""
    return set(table.links.values_list("slug", flat=True)) | set(table.fields.values_list("slug", flat=True))


def _orphans_query(link: Link) -> sql.Composed:
    left, right = _columns(link.source), _columns(link.target)
    pairs = [(left[a], right[b]) for a, b in link.on]
    equal = [sql.SQL("t.{} = s.{}").format(sql.Identifier(b), sql.Identifier(a)) for a, b in pairs]
    filled = [sql.SQL("s.{} IS NOT NULL").format(sql.Identifier(a)) for a, _b in pairs]
    return sql.SQL(
        "SELECT count(*) FROM {source} s WHERE {filled} AND NOT EXISTS (SELECT FROM {target} t WHERE {equal})"
    ).format(
        source=sql.Identifier(link.source.schema_name, link.source.table_name),
        target=sql.Identifier(link.target.schema_name, link.target.table_name),
        filled=sql.SQL(" AND ").join(filled),
        equal=sql.SQL(" AND ").join(equal),
    )
