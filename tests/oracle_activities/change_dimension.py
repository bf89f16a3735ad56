"""Where links lead: the new keys, each with the columns of the first who leads there, and who leads nowhere."""

from __future__ import annotations

from typing import Any

from tests.oracle_activities.lookup import KEYS, LINKS, Row, Rows, linked, row_of, stored, value
from tests.oracle_activities.order import sorted_by


def changed(
    rows: Rows, table: str, people: dict[Any, dict[str, Any]], link: str, config: dict[str, Any] | None = None
) -> tuple[dict[Any, dict[str, Any]], dict[Any, dict[str, Any]]]:
    """The people of `main` and of `unmatched`."""
    end = table
    for step in link.split("."):
        end = LINKS[end, step][0]
    reached: dict[Any, dict[str, Any]] = {}
    unmatched: dict[Any, dict[str, Any]] = {}
    for key in sorted(people):
        ends = linked(rows, table, row_of(rows, table, key), link)
        for row in _first(rows, end, ends, config or {}):
            added = {
                each["name"]: stored(rows, end, row, each["attribute"])
                for each in (config or {}).get("add", [])
            }
            reached.setdefault(row[KEYS[end]], {**people[key], **added})
        if not ends:
            unmatched[key] = people[key]
    return reached, unmatched


def _first(rows: Rows, table: str, ends: list[Row], config: dict[str, Any]) -> list[Row]:
    """Each row once however many ways lead to it, and as many of them as are wanted."""
    once = {row[KEYS[table]]: row for row in ends}
    ordered = [once[key] for key in sorted(once)]
    for sort in reversed(config.get("sort", [])):
        descending = sort.get("order", "descending") == "descending"
        ordered = sorted_by(
            ordered, lambda row, name=sort["attribute"]: value(rows, table, row, name), descending=descending
        )
    return ordered[: config.get("most")]
