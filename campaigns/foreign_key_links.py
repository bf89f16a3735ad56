"""Links that foreign keys promise, made for many tables at once: a schema may have hundreds of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from campaigns.introspection import (
    ForeignKey,
    Relation,
    foreign_keys_of,
    names_of,
    unique_keys_by_oid,
)
from campaigns.models import Field, Link, Table
from campaigns.naming import label_of, slug_of
from campaigns.targeting.schema import Cardinality


def link_foreign_keys(relations: Iterable[Relation]) -> None:
    """Link the relations, both ways, by each foreign key whose other end is registered; known links stay."""
    keys = foreign_keys_of([relation.oid for relation in relations])
    if not keys:
        return
    known = _Known.of(keys)
    found = (_pair(known, key) for key in keys)
    _save([pair for pair in found if pair])


@dataclass(slots=True)
class _Known:
    """What is registered at the ends of the foreign keys, by oid; and the slugs that are taken there."""

    tables: dict[int, Table]
    slugs: dict[int, dict[str, str]]
    taken: dict[int, set[str]]
    joined: set[str]
    unique: dict[int, list[frozenset[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, keys: Sequence[ForeignKey]) -> _Known:
        ends = {key.source for key in keys} | {key.target for key in keys}
        oids = names_of(ends)
        rows = Table.objects.filter(schema_name__in={schema for schema, _name in oids})
        named = ((oids.get((row.schema_name, row.table_name)), row) for row in rows)
        tables = {oid: row for oid, row in named if oid}
        known = cls(tables, defaultdict(dict), defaultdict(set), set())
        known._read_fields()
        known._read_links()
        known.unique.update({oid: list(found) for oid, found in unique_keys_by_oid(ends).items()})
        return known

    def _read_fields(self) -> None:
        oid_of = {table.pk: oid for oid, table in self.tables.items()}
        fields = Field.objects.filter(table__in=oid_of)
        for table, slug, column, skipped in fields.values_list(
            "table_id", "slug", "column_name", "skipped_reason"
        ):
            self.taken[oid_of[table]].add(slug)
            if not skipped:
                self.slugs[oid_of[table]][column] = slug

    def _read_links(self) -> None:
        oid_of = {table.pk: oid for oid, table in self.tables.items()}
        for link in Link.objects.filter(source__in=oid_of):
            self.taken[oid_of[link.source_id]].add(link.slug)
            self.joined.add(_join_of(link))

    def claim(self, oid: int, wanted: str, instead: str = "") -> str:
        """In a path, a field and a link of one name could not be told apart."""
        taken = self.taken[oid]
        slug = slug_of(instead if instead and wanted in taken else wanted, taken=taken)
        taken.add(slug)
        return slug


def _pair(known: _Known, key: ForeignKey) -> tuple[Link, Link] | None:
    """The link and its inverse; None where an end is not registered, not usable or linked so already."""
    source, target = known.tables.get(key.source), known.tables.get(key.target)
    if not source or not target:
        return None
    left, right = known.slugs[key.source], known.slugs[key.target]
    on = [[left[a], right[b]] for a, b in key.columns if a in left and b in right]
    link = Link(source=source, target=target, on=on, cardinality=Cardinality.ONE)
    if len(on) < len(key.columns) or _join_of(link) in known.joined:
        return None
    known.joined.add(_join_of(link))
    link.slug = _slug_by_column(known, key)
    link.label = label_of(link.slug)
    back = [[b, a] for a, b in on]
    inverse = Link(source=target, target=source, on=back, cardinality=_way_back(known, key))
    inverse.slug = known.claim(key.target, source.slug)
    inverse.label = source.label
    return link, inverse


def _join_of(link: Link) -> str:
    return f"{link.source_id} {link.target_id} {link.on}"


def _way_back(known: _Known, key: ForeignKey) -> Cardinality:
    columns = {a for a, _b in key.columns}
    alone = any(names <= columns for names in known.unique.get(key.source, ()))
    return Cardinality.ONE if alone else Cardinality.MANY


def _slug_by_column(known: _Known, key: ForeignKey) -> str:
    """`buyer` for a column `buyer_id`, `buyer_person` for a column `buyer`, else the target's own slug."""
    target = known.tables[key.target].slug
    if len(key.columns) > 1:
        return known.claim(key.source, target)
    base = slug_of(key.columns[0][0].removesuffix("_id").removesuffix("_key"))
    return known.claim(key.source, base, f"{base}_{target}")


def _save(pairs: Sequence[tuple[Link, Link]]) -> None:
    links = [link for link, _inverse in pairs]
    Link.objects.bulk_create(links)
    for link, inverse in pairs:
        inverse.inverse = link
    Link.objects.bulk_create([inverse for _link, inverse in pairs])
    for link, inverse in pairs:
        link.inverse = inverse
    Link.objects.bulk_update(links, ["inverse"])
