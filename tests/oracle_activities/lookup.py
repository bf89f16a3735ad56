"""Values of people: attributes of their row, of rows that to-one links lead to, and columns they carry."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
Rows = dict[str, list[Row]]

KEYS = {
    "person": "person_id",
    "contract": "contract_no",
    "purchase": "purchase_id",
    "product": "product_id",
    "profile": "profile_id",
}
LINKS = {
    ("person", "contracts"): ("contract", "person_id", "person_id"),
    ("contract", "person"): ("person", "person_id", "person_id"),
    ("person", "purchases"): ("purchase", "person_id", "person_id"),
    ("purchase", "person"): ("person", "person_id", "person_id"),
    ("purchase", "product"): ("product", "product_id", "product_id"),
    ("person", "visits"): ("visit", "person_id", "person_id"),
    ("person", "profile"): ("profile", "person_id", "person_id"),
}


def row_of(rows: Rows, table: str, key: Any) -> Row | None:
    return next((row for row in rows[table] if row[KEYS[table]] == key), None)


def follow(rows: Rows, table: str, row: Row | None, link: str) -> list[Row]:
    """The rows a link leads to, in the order of their keys where they have one."""
    target, here, there = LINKS[table, link]
    if row is None or row[here] is None:
        return []
    found = [other for other in rows[target] if other[there] == row[here]]
    return sorted(found, key=lambda other: other[KEYS[target]]) if target in KEYS else found


def linked(rows: Rows, table: str, row: Row | None, path: str) -> list[Row]:
    """All rows at the end of a path of links, one for each way that leads there."""
    here = [] if row is None else [row]
    for link in path.split("."):
        here = [found for each in here for found in follow(rows, table, each, link)]
        table = LINKS[table, link][0]
    return here


def stored(rows: Rows, table: str, row: Row | None, name: str) -> Any:
    """An attribute through to-one links, as it stands in the table; None where there is no row."""
    *links, field = name.split(".")
    for link in links:
        row = next(iter(follow(rows, table, row, link)), None)
        table = LINKS[table, link][0]
    return None if row is None else row[field]


def value(rows: Rows, table: str, row: Row | None, name: str) -> Any:
    """The same, with an empty text as None like every other empty."""
    found = stored(rows, table, row, name)
    return None if found == "" else found


def of_person(rows: Rows, table: str, key: Any, carried: Row, name: str) -> Any:
    """The same for somebody of a population, where @name is a column that they carry."""
    if name.startswith("@"):
        found = carried[name[1:]]
        return None if found == "" else found
    return value(rows, table, row_of(rows, table, key), name)
