"""Who is in an audience after a population was saved into it, with what is kept of each."""

from __future__ import annotations

from typing import Any

from tests.oracle_activities.lookup import KEYS, Rows, row_of, stored

People = dict[Any, dict[str, Any]]


def saved(
    rows: Rows, table: str, people: People, columns: list[dict[str, str]], before: People | None
) -> People:
    """`before` are those in it already, where they stay: they keep their values. Columns are pairs of attribute, name."""
    assert table in KEYS
    new = {key: {each["name"]: _value(rows, table, key, carried, each["attribute"]) for each in columns}
           for key, carried in people.items()}  # fmt: skip
    names = {name for values in (before or {}).values() for name in values}
    gaps = dict.fromkeys(names)
    return {**{key: {**gaps, **values} for key, values in new.items()}, **(before or {})}


def _value(rows: Rows, table: str, key: Any, carried: dict[str, Any], attribute: str) -> Any:
    if attribute.startswith("@"):
        return carried[attribute[1:]]
    return stored(rows, table, row_of(rows, table, key), attribute)
