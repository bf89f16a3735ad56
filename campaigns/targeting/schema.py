"""The catalogue as targeting sees it: plain frozen values, no database.

`campaigns.catalogue` builds one from the registered tables; tests build one by hand. A rule names tables,
columns and links by slug only; the physical names stay in here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from campaigns.targeting.saved_filters import SavedFilter


class FieldType(StrEnum):
    """The types rules know. `docs/rules.md` says which operators each of them has."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    UUID = "uuid"
    JSON = "json"


class Cardinality(StrEnum):
    """What stands at the far end of a link, seen from its source."""

    ONE = "one"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `stored_zone` is set where a date and time is stored without a zone.

    `deterministic` says whether the collation of a text takes none but the same texts for equal. `binary` says
    whether JSON is stored as jsonb: the type json keeps any text that looks like JSON.
    """

    slug: str
    name: str
    type: FieldType
    label: str
    nullable: bool = True
    stored_zone: str = ""
    enumeration: Mapping[str, str] = field(default_factory=dict)
    deterministic: bool = True
    binary: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A registered table; `primary_key` holds column slugs in key order."""

    slug: str
    schema: str
    name: str
    label: str
    columns: Mapping[str, Column]
    primary_key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A join from `source` to `target`; every (source column, target column) pair of `on` must be equal.

    A link with a `path` stands for those links, one after the other, none of which has a path itself.
    """

    slug: str
    label: str
    source: str
    target: str
    on: tuple[tuple[str, str], ...]
    cardinality: Cardinality
    path: tuple[Link, ...] = ()

    @property
    def steps(self) -> tuple[Link, ...]:
        """The joins to be made, in order."""
        return self.path or (self,)


@dataclass(frozen=True, slots=True)
class Audience:
    """A named set of rows of `table`: the keys of a table of members, or what a `rule` finds at the moment.

    `key` is the slug of the column that members are known by. `relation` is the schema and name of the table of
    members, and `columns` are those it carries beside the key. `missing` says why nobody can be read: “empty” as
    long as nothing was written, “expired” once the members were due to go. `campaign` is the slug of the one
    that saves it.
    """

    slug: str
    label: str
    dimension: str
    table: str
    key: str
    relation: tuple[str, str] = ("", "")
    columns: Mapping[str, Column] = field(default_factory=dict)
    rule: Any = None
    origin: str = "saved"
    campaign: str = ""
    missing: str = ""
    archived: bool = False

    @property
    def is_composed(self) -> bool:
        return self.origin == "composed"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Tables, shared filters and audiences by slug, and the links that leave each table by (table slug, link slug)."""

    tables: Mapping[str, Table]
    links: Mapping[tuple[str, str], Link]
    filters: Mapping[str, SavedFilter] = field(default_factory=dict)
    audiences: Mapping[str, Audience] = field(default_factory=dict)

    def links_of(self, table: str) -> tuple[Link, ...]:
        return tuple(link for (source, _), link in self.links.items() if source == table)
