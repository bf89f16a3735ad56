"""What the oracle evaluates over: tables as lists of dicts, with the types and links it needs to know."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass
class OracleTable:
    """`types` maps a field to its type's name, `stored_zones` a date-time without zone to its zone.

    A link that stands in `paths` has no pairs; it is followed link by link.
    `key` holds the fields that identify a row.
    """

    types: dict[str, str]
    rows: list[Row]
    links: dict[str, tuple[str, list[tuple[str, str]]]] = field(default_factory=dict)
    stored_zones: dict[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    paths: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class OracleAudience:
    """Who is in an audience of rows of `table`: those whose `key` is listed, or those for whom `rule` holds."""

    key: str
    keys: frozenset[Any] = frozenset()
    rule: dict[str, Any] | None = None


class World:
    """The tables by name, the rows a link leads to, and audiences by slug."""

    def __init__(
        self, tables: dict[str, OracleTable], audiences: dict[str, OracleAudience] | None = None
    ) -> None:
        self.tables = tables
        self.audiences = audiences or {}
        self._by_columns: dict[Any, dict[Any, list[Row]]] = {}
        self._linked: dict[tuple[int, str], tuple[str, list[Row]]] = {}

    def linked(self, table: str, row: Row, link: str) -> tuple[str, list[Row]]:
        known = self._linked.get((id(row), link))
        if known is None:
            known = self._linked[id(row), link] = self._find(table, row, link)
        return known

    def _find(self, table: str, row: Row, link: str) -> tuple[str, list[Row]]:
        if link in self.tables[table].paths:
            return self._followed(table, row, self.tables[table].paths[link])
        target, pairs = self.tables[table].links[link]
        here = tuple(row[source] for source, _target in pairs)
        if None in here:
            return target, []
        return target, self._index(target, tuple(there for _source, there in pairs)).get(here, [])

    def _followed(self, table: str, row: Row, path: list[str]) -> tuple[str, list[Row]]:
        """A row that is reached in two ways is there twice."""
        rows = [row]
        for link in path:
            found = [self.linked(table, each, link) for each in rows]
            table = self.tables[table].links[link][0]
            rows = [each for _target, linked in found for each in linked]
        return table, rows

    def _index(self, table: str, columns: tuple[str, ...]) -> dict[Any, list[Row]]:
        if (table, columns) not in self._by_columns:
            found = defaultdict(list)
            for row in self.tables[table].rows:
                found[tuple(row[column] for column in columns)].append(row)
            self._by_columns[table, columns] = dict(found)
        return self._by_columns[table, columns]
