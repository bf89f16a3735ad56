"""The registered tables and the audiences as the frozen values that rules are checked against and compiled with.

One catalogue is kept per process and served as long as the rows behind it are untouched. Whether they are is
asked of PostgreSQL each time: a fingerprint over the identity of every row version, so that no way of writing
(ORM, SQL, another process, a rolled back transaction) can leave a stale one behind. Nor does it outlast the moment
at which the members of an audience expire.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from threading import Lock

from django.utils import timezone

from campaigns import activity_types
from campaigns.column_data import columns_from_data
from campaigns.introspection import AUDIENCE_SCHEMA, rows
from campaigns.models import Audience as AudienceRow
from campaigns.models import Field as FieldRow
from campaigns.models import Link as LinkRow
from campaigns.models import PredefinedFilter, TargetingDimension
from campaigns.models import Table as TableRow
from campaigns.targeting.saved_filters import SavedFilter
from campaigns.targeting.schema import Audience, Cardinality, Catalogue, Column, FieldType, Link, Table

# An UPDATE makes a new row version: another place in the table (ctid) or another transaction (xmin), or both.
_FINGERPRINT = """
    SELECT current_database(), t.rows, t.print, f.rows, f.print, l.rows, l.print, s.rows, s.print,
           d.rows, d.print, a.rows, a.print
      FROM (SELECT count(*) rows, bit_xor(hashtextextended(ctid::text || xmin::text, 0)) print
              FROM campaigns_table) t,
           (SELECT count(*) rows, bit_xor(hashtextextended(ctid::text || xmin::text, 0)) print
              FROM campaigns_field) f,
           (SELECT count(*) rows, bit_xor(hashtextextended(ctid::text || xmin::text, 0)) print
              FROM campaigns_link) l,
           (SELECT count(*) rows, bit_xor(hashtextextended(ctid::text || xmin::text, 0)) print
              FROM campaigns_predefinedfilter) s,
           (SELECT count(*) rows, bit_xor(hashtextextended(ctid::text || xmin::text, 0)) print
              FROM campaigns_targetingdimension) d,
           (SELECT count(*) rows, bit_xor(hashtextextended(ctid::text || xmin::text, 0)) print
              FROM campaigns_audience) a
"""
_ATTEMPTS = 5

Fingerprint = tuple[object, ...]

_lock = Lock()
_kept: tuple[Fingerprint, Catalogue, datetime | None] | None = None


def load_catalogue() -> Catalogue:
    """The catalogue as this transaction sees it; from memory when nothing changed since it was last built."""
    global _kept  # noqa: PLW0603 - one catalogue per process is the point
    fingerprint = _fingerprint()
    kept = _kept
    if kept and kept[0] == fingerprint and _is_still_true(kept[2]):
        return kept[1]
    with _lock:
        _kept = _build_consistently(fingerprint)
        return _kept[1]


def load_dimensions() -> Mapping[str, activity_types.Dimension]:
    """The targeting dimensions by slug."""
    found = list(TargetingDimension.objects.select_related("table"))
    # A join for each role would take PostgreSQL longer to plan than everything else here takes together.
    wanted = {pk for row in found for pk in _field_ids(row).values()}
    slugs = dict(FieldRow.objects.filter(pk__in=wanted).values_list("pk", "slug"))
    return {row.slug: _dimension(row, slugs) for row in found}


def _fingerprint() -> Fingerprint:
    return tuple(rows(_FINGERPRINT)[0])


def _is_still_true(until: datetime | None) -> bool:
    return until is None or timezone.now() < until


def _build_consistently(fingerprint: Fingerprint) -> tuple[Fingerprint, Catalogue, datetime | None]:
    """Several queries may see several moments: the rows must be the same before and after."""
    for _attempt in range(_ATTEMPTS):
        until = _next_expiry()
        catalogue = _build()
        after = _fingerprint()
        if after == fingerprint:
            break
        fingerprint = after
    return fingerprint, catalogue, until


def _next_expiry() -> datetime | None:
    """When the next members expire, and with them what the catalogue says of their audience."""
    due = AudienceRow.objects.filter(expires_at__gt=timezone.now()).order_by("expires_at")
    return due.values_list("expires_at", flat=True).first()


def _build() -> Catalogue:
    columns: dict[int, list[FieldRow]] = defaultdict(list)
    for row in FieldRow.objects.filter(skipped_reason="").order_by("table_id", "position"):
        columns[row.table_id].append(row)
    tables = {row.pk: _table(row, columns[row.pk]) for row in TableRow.objects.all()}
    return Catalogue(
        tables={table.slug: table for table in tables.values()},
        links=_links(tables),
        filters=_shared_filters(),
        audiences={audience.slug: audience for audience in _audiences()},
    )


def _shared_filters() -> dict[str, SavedFilter]:
    """Those that everybody may use; what is wrong in one is told where it is used."""
    found = PredefinedFilter.objects.filter(shared=True)
    return {row.slug: saved_filter(row) for row in found}


def saved_filter(row: PredefinedFilter) -> SavedFilter:
    return SavedFilter.model_validate(
        {"label": row.label, "table": row.table, "rule": row.rule, "parameters": row.parameters}
    )


def _links(tables: Mapping[int, Table]) -> dict[tuple[str, str], Link]:
    """Joins first; then those that are paths of joins, whose target and cardinality follow from the path."""
    rows = list(LinkRow.objects.all())
    joins, paths = [row for row in rows if not row.path], [row for row in rows if row.path]
    found = (_link(row, tables) for row in joins)
    links = {(link.source, link.slug): link for link in found if link}
    named = (_path(row, tables, links) for row in paths)
    return links | {(link.source, link.slug): link for link in named if link}


def _audiences() -> Iterable[Audience]:
    related = ("dimension__table", "dimension__key_field")
    return map(_audience, AudienceRow.objects.select_related(*related).order_by("slug"))


def _audience(row: AudienceRow) -> Audience:
    return Audience(
        slug=row.slug,
        label=row.label,
        dimension=row.dimension.slug,
        table=row.dimension.table.slug,
        key=row.dimension.key_field.slug,
        relation=(AUDIENCE_SCHEMA, row.table_name),
        columns=columns_from_data(row.columns),
        rule=row.rule,
        origin=row.origin,
        campaign=row.campaign,
        missing=row.missing,
        archived=row.archived_at is not None,
    )


def _table(row: TableRow, fields: Iterable[FieldRow]) -> Table:
    fields = list(fields)
    key = sorted((f for f in fields if f.key_position is not None), key=lambda f: f.key_position or 0)
    return Table(
        slug=row.slug,
        schema=row.schema_name,
        name=row.table_name,
        label=row.label,
        columns={f.slug: _column(f) for f in fields},
        primary_key=tuple(f.slug for f in key),
    )


def _column(row: FieldRow) -> Column:
    return Column(
        slug=row.slug,
        name=row.column_name,
        type=FieldType(row.type),
        label=row.label,
        nullable=row.nullable,
        stored_zone=row.stored_zone,
        enumeration=row.enumeration,
        deterministic=row.deterministic,
        binary=row.type != FieldType.JSON or row.database_type in ("jsonb", ""),
    )


def _link(row: LinkRow, tables: Mapping[int, Table]) -> Link | None:
    """None for a link that a change of a table has broken: a rule that names it is told it is unknown."""
    source, target = tables.get(row.source_id), tables.get(row.target_id)
    if not source or not target or not _is_whole(row, source, target):
        return None
    return Link(
        slug=row.slug,
        label=row.label,
        source=source.slug,
        target=target.slug,
        on=tuple((left, right) for left, right in row.on),
        cardinality=Cardinality(row.cardinality),
    )


def _path(row: LinkRow, tables: Mapping[int, Table], joins: Mapping[tuple[str, str], Link]) -> Link | None:
    """None where a step is missing or is no join, or the last one leads elsewhere than it did."""
    source, target = tables[row.source_id].slug, tables[row.target_id].slug
    steps: list[Link] = []
    for slug in row.path:
        link = joins.get((steps[-1].target if steps else source, slug))
        if link is None:
            return None
        steps.append(link)
    if steps[-1].target != target:
        return None
    return Link(
        slug=row.slug,
        label=row.label,
        source=source,
        target=target,
        on=(),
        cardinality=cardinality_of(steps),
        path=tuple(steps),
    )


def cardinality_of(steps: Iterable[Link]) -> Cardinality:
    """A path leads to one row only if every link on it does."""
    alone = all(link.cardinality is Cardinality.ONE for link in steps)
    return Cardinality.ONE if alone else Cardinality.MANY


def _is_whole(row: LinkRow, source: Table, target: Table) -> bool:
    return all(left in source.columns and right in target.columns for left, right in row.on)


def _dimension(row: TargetingDimension, slugs: Mapping[int, str]) -> activity_types.Dimension:
    named = {role: slugs[pk] for role, pk in _field_ids(row).items()}
    return activity_types.Dimension(slug=row.slug, label=row.label, table=row.table.slug, **named)


def _field_ids(row: TargetingDimension) -> dict[str, int]:
    """Which field plays each role that activities know of."""
    ids = {
        role: getattr(row, f"{role}_field_id") for role in ("key", "email", "phone", "language", "time_zone")
    }
    return {role: pk for role, pk in ids.items() if pk is not None}
