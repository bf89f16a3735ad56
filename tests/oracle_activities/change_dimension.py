"""Where links lead: the new keys, each with the columns of the first who leads there, and who leads nowhere."""

from __future__ import annotations

from typing import Any

from tests.oracle_activities.lookup import KEYS, LINKS, Rows, linked, row_of


def changed(
    rows: Rows, table: str, people: dict[Any, dict[str, Any]], link: str
) -> tuple[dict[Any, dict[str, Any]], dict[Any, dict[str, Any]]]:
    """The people of `main` and of `unmatched`."""
    end = table
    for step in link.split("."):
        end = LINKS[end, step][0]
    reached: dict[Any, dict[str, Any]] = {}
    unmatched: dict[Any, dict[str, Any]] = {}
    for key in sorted(people):
        ends = linked(rows, table, row_of(rows, table, key), link)
        for row in ends:
            reached.setdefault(row[KEYS[end]], people[key])
        if not ends:
            unmatched[key] = people[key]
    return reached, unmatched
