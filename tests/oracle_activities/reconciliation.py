"""Which rows the rows of a population stand for: every pair looked at, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.oracle_activities.lookup import KEYS, Row, Rows, of_person, row_of, value

Holds = Callable[[Row, Row], bool]
"""A rule over a row of the table and the columns carried."""


def reconciled(
    rows: Rows,
    source: str,
    people: dict[Any, Row],
    config: dict[str, Any],
    *,
    table: str,
    rule: Holds,
    asked: Holds,
) -> tuple[dict[str, dict[Any, Row]], dict[str, int]]:
    """The people of *main* and *unmatched*, and the counts."""
    found = {
        key: _found(rows, source, key, people[key], config, table=table, rule=rule)
        if asked(row_of(rows, source, key) or {}, people[key])
        else []
        for key in sorted(people)
    }
    chosen = {key: _chosen(keys, config.get("several", "first")) for key, keys in found.items()}
    main: dict[Any, Row] = {}
    for key, keys in chosen.items():
        for each in keys:
            main.setdefault(each, people[key])
    unmatched = {key: people[key] for key, keys in chosen.items() if not keys}
    return {"main": main, "unmatched": unmatched}, {
        "matched": len(people) - len(unmatched),
        "unmatched": len(unmatched),
        "ambiguous": sum(len(keys) > 1 for keys in found.values()),
        "doubled": sum(map(len, chosen.values())) - len(main),
    }


def _chosen(keys: list[Any], several: str) -> list[Any]:
    if several == "none" and len(keys) > 1:
        return []
    return keys[:1] if several == "first" else keys


def _found(
    rows: Rows, source: str, key: Any, carried: Row, config: dict[str, Any], *, table: str, rule: Holds
) -> list[Any]:
    fold = config.get("ignore_case", False)
    pairs = [
        (_folded(of_person(rows, source, key, carried, pair["source"]), fold=fold), pair["destination"])
        for pair in config.get("attributes", [])
    ]
    return sorted(
        row[KEYS[table]]
        for row in rows[table]
        if rule(row, carried)
        and all(
            ours is not None and ours == _folded(value(rows, table, row, name), fold=fold)
            for ours, name in pairs
        )
    )


def _folded(found: Any, *, fold: bool) -> Any:
    return found.lower() if fold and isinstance(found, str) else found
