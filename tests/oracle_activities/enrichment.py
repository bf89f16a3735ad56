"""What an enrichment adds to a person. Filters are given as predicates of a linked row."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.oracle_activities.lookup import KEYS, LINKS, Row, Rows, linked, of_person, row_of, stored, value
from tests.oracle_activities.order import sorted_by

Predicate = Callable[[Row], bool]


def added(rows: Rows, key: Any, carried: Row, addition: dict[str, Any], where: Predicate) -> Row:
    """The columns that one addition gives one person."""
    if addition["kind"] == "attribute":
        name = addition["attribute"]
        person = row_of(rows, "person", key)
        return {
            addition["name"]: carried[name[1:]] if name[0] == "@" else stored(rows, "person", person, name)
        }
    found = [
        row for row in linked(rows, "person", row_of(rows, "person", key), addition["link"]) if where(row)
    ]
    end = _end(addition["link"])
    if addition["kind"] == "aggregate":
        return {addition["name"]: figure(rows, end, found, addition)}
    return _lines(rows, end, found, addition)


def joined(
    rows: Rows,
    key: Any,
    carried: Row,
    addition: dict[str, Any],
    others: list[tuple[Any, Row]],
    where: Predicate,
) -> Row:
    """The same for rows whose attributes equal those of the person; `others` are (key, columns) of a set of people."""
    ours = [of_person(rows, "person", key, carried, pair["source"]) for pair in addition["attributes"]]
    found = [
        (other, row)
        for other, row in others
        if None not in ours
        and where({**(row_of(rows, "person", other) or {}), **row})
        and ours
        == [of_person(rows, "person", other, row, pair["destination"]) for pair in addition["attributes"]]
    ]
    found = sorted(found, key=lambda each: each[0])
    for sort in reversed(addition.get("sort", [])):
        found = sorted_by(
            found,
            lambda each, name=sort["attribute"]: of_person(rows, "person", each[0], each[1], name),
            descending=sort.get("order", "descending") == "descending",
        )
    listed = [
        {field["name"]: _stored_of(rows, other, row, field["attribute"]) for field in addition["fields"]}
        for other, row in found[: addition.get("number", 1)]
    ]
    return _columns_of(addition, listed)


def _stored_of(rows: Rows, key: Any, carried: Row, name: str) -> Any:
    return carried[name[1:]] if name[0] == "@" else stored(rows, "person", row_of(rows, "person", key), name)


def _end(link: str) -> str:
    table = "person"
    for step in link.split("."):
        table = LINKS[table, step][0]
    return table


def figure(rows: Rows, table: str, found: list[Row], addition: dict[str, Any]) -> Any:
    if "attribute" not in addition:
        return len(found)
    values = [value(rows, table, row, addition["attribute"]) for row in found]
    values = [each for each in values if each is not None]
    return FIGURES[addition["function"]](values)


FIGURES: dict[str, Callable[[list[Any]], Any]] = {
    "count": len,
    "count_distinct": lambda values: len(set(values)),
    "sum": lambda values: sum(values, Decimal(0)),
    "avg": lambda values: sum(values, Decimal(0)) / len(values) if values else None,
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
}


def _lines(rows: Rows, table: str, found: list[Row], addition: dict[str, Any]) -> Row:
    ordered = sorted(found, key=lambda row: row[KEYS[table]]) if table in KEYS else found
    for sort in reversed(addition.get("sort", [])):
        descending = sort.get("order", "descending") == "descending"
        ordered = sorted_by(
            ordered, lambda row, name=sort["attribute"]: value(rows, table, row, name), descending=descending
        )
    first = ordered[: addition["number"]]
    listed = [
        {field["name"]: stored(rows, table, row, field["attribute"]) for field in addition["fields"]}
        for row in first
    ]
    return _columns_of(addition, listed)


def _columns_of(addition: dict[str, Any], listed: list[Row]) -> Row:
    columns: Row = {addition["name"]: listed}
    for line in range(1, addition.get("number", 1) + 1):
        for field in addition["fields"]:
            there = listed[line - 1][field["name"]] if line <= len(listed) else None
            columns[f"{addition['name']}_{line}_{field['name']}"] = there
    return columns
