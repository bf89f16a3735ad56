"""What a rule may ask of the rows of a table: its attributes, those of linked rows, and its collections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.targeting.aggregates import ALLOWED, given
from campaigns.targeting.operators import LABELS, operators_of, shape_of
from campaigns.targeting.schema import Cardinality, Catalogue, Column, FieldType, Link

MOST_HOPS = 3
MOST_LISTED = 2_000
POPULATION_MARK = "@"


@dataclass(frozen=True, slots=True)
class Listed:
    """A table reached from another by to-one links: the path of slugs, and the labels on the way."""

    table: str
    path: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()

    def by(self, link: Link) -> Listed:
        return Listed(
            link.target,
            (*self.path, link.slug),
            (*self.labels, link.label),
            self.seen | {self.table},
        )


def described_table(catalogue: Catalogue, table: str) -> dict[str, Any]:
    """The table as a picker shows it: label, attributes and collections, as plain JSON data."""
    reached = list(_reached(catalogue, table))
    attributes = (entry for place in reached for entry in _attributes(catalogue, place))
    collections = (entry for place in reached for entry in _collections(catalogue, place))
    return {
        "table": table,
        "label": catalogue.tables[table].label,
        "attributes": _first(attributes),
        "collections": _first(collections),
        "audiences": [
            {"name": each.slug, "label": each.label}
            for each in sorted(catalogue.audiences.values(), key=lambda each: each.label)
            if each.table == table and not each.archived
        ],
    }


def attributes_of(catalogue: Catalogue, table: str) -> list[dict[str, Any]]:
    """The table's own attributes and those of the rows it points to."""
    return _first(entry for place in _reached(catalogue, table) for entry in _attributes(catalogue, place))


def described_columns(columns: Mapping[str, Column]) -> list[dict[str, Any]]:
    """The columns that a population carries, named as rules name them."""
    return [_entry(POPULATION_MARK + slug, column, "") for slug, column in columns.items()]


def described_types() -> dict[str, list[dict[str, str]]]:
    """The operators of each type of field, each with its words and the shape of its value."""
    return {
        kind.value: [
            {"name": each.value, "label": str(LABELS[each]), "shape": shape_of(each).value}
            for each in operators_of(kind)
        ]
        for kind in FieldType
    }


def described_functions() -> list[dict[str, Any]]:
    """The functions of aggregates, each with what it gives of the types it may be taken of."""
    return [
        {"name": function, "gives": {kind.value: given(function, kind).value for kind in types}}
        for function, types in ALLOWED.items()
    ]


def _reached(catalogue: Catalogue, table: str) -> Iterator[Listed]:
    """The table itself, then those its to-one links lead to, nearest first, none of them in a circle."""
    waiting = [Listed(table)]
    while waiting:
        place = waiting.pop(0)
        yield place
        if len(place.path) < MOST_HOPS:
            waiting += [
                place.by(link)
                for link in catalogue.links_of(place.table)
                if link.cardinality is Cardinality.ONE and link.target not in place.seen | {place.table}
            ]


def _attributes(catalogue: Catalogue, place: Listed) -> Iterator[dict[str, Any]]:
    group = " → ".join(place.labels)
    for slug, column in catalogue.tables[place.table].columns.items():
        yield _entry(".".join((*place.path, slug)), column, group)


def _entry(name: str, column: Column, group: str) -> dict[str, Any]:
    entry = {"name": name, "label": column.label, "type": column.type.value, "group": group}
    return entry | ({"choices": dict(column.enumeration)} if column.enumeration else {})


def _collections(catalogue: Catalogue, place: Listed) -> Iterator[dict[str, Any]]:
    for link in catalogue.links_of(place.table):
        if link.cardinality is Cardinality.MANY and link.target not in place.seen:
            yield {
                "name": ".".join((*place.path, link.slug)),
                "label": link.label,
                "group": " → ".join(place.labels),
                "table": link.target,
                "many": True,
            }
        elif link.cardinality is Cardinality.ONE and not place.path:
            yield {"name": link.slug, "label": link.label, "group": "", "table": link.target, "many": False}


def _first(entries: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for entry, _number in zip(entries, range(MOST_LISTED), strict=False)]
