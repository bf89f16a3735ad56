"""Union, intersection and exclusion of sets of people; sets come with the primary one first."""

from __future__ import annotations

from typing import Any

from tests.oracle_activities.chance import by_chance
from tests.oracle_activities.lookup import Rows, linked, of_person, row_of

Set = tuple[str, dict[Any, dict[str, Any]]]
"""The table a set is of, and its people with the columns they carry."""


def combined(rows: Rows, sets: list[Set], config: dict[str, Any]) -> dict[str, dict[Any, dict[str, Any]]]:
    """The people of each port."""
    operation = config["operation"]
    if operation == "union":
        found = _union(rows, sets, config)
        first = _first(found, sets, config.get("limit"))
        rest = {key: row for key, row in _union(rows, sets, {}).items() if key not in first}
        main = {key: found[key] for key in first}
        return {"main": _columns(main, sets, config), "complement": _columns(rest, sets, config)}
    (table, primary), others = sets[0], sets[1:]
    hits = {
        key: [
            _is_in(rows, (table, key, primary[key]), other, config, index)
            for index, other in enumerate(others)
        ]
        for key in primary
    }
    if operation == "exclusion":
        main = {key: primary[key] for key in primary if not any(hits[key])}
        return {"main": main, "complement": {key: primary[key] for key in primary.keys() - main.keys()}}
    main = {key: primary[key] for key in primary if all(hits[key])}
    rest = {key: row for key, row in _union(rows, sets, {}).items() if key not in main}
    return {"main": _columns(main, sets, config), "complement": _columns(rest, sets, config)}


def _union(rows: Rows, sets: list[Set], config: dict[str, Any]) -> dict[Any, dict[str, Any]]:
    found: dict[Any, dict[str, Any]] = {}
    seen: list[Any] = []
    names = config.get("columns", []) if config.get("reconcile") == "columns" else []
    for table, people in sets:
        before = {key for key, _values in seen}
        earlier = [values for _key, values in seen]
        for key, row in people.items():
            values = [of_person(rows, table, key, row, name) for name in names]
            same = names and None not in values and values in earlier
            if key not in before and not same:
                found[key] = row
        seen += [
            (key, [of_person(rows, table, key, row, name) for name in names]) for key, row in people.items()
        ]
    return found


def _first(found: dict[Any, Any], sets: list[Set], limit: int | None) -> list[Any]:
    """Set by set, by chance within each."""
    turns = {key: next(turn for turn, (_table, people) in enumerate(sets) if key in people) for key in found}
    return sorted(by_chance("here", found), key=lambda key: turns[key])[:limit]


def _columns(people: dict[Any, Any], sets: list[Set], config: dict[str, Any]) -> dict[Any, Any]:
    """The columns of the primary set, or those common to all; None where a set has no such column."""
    columns = config["_columns"]
    kept = (
        columns[0] if config.get("keep", "primary") == "primary" else columns[0] & set.intersection(*columns)
    )
    return {key: {name: row.get(name) for name in kept} for key, row in people.items()}


def _is_in(rows: Rows, person: Any, other: Set, config: dict[str, Any], index: int) -> bool:
    table, key, carried = person
    other_table, people = other
    rule = config.get("_rules", {}).get(index)
    if rule and "link" in rule:
        ends = [
            end
            for each in people
            for end in linked(rows, other_table, row_of(rows, other_table, each), rule["link"])
        ]
        return any(end["person_id"] == key for end in ends)
    if rule:
        pairs = [(pair["primary"], pair["other"]) for pair in rule["attributes"]]
    elif config.get("reconcile") == "columns":
        pairs = [(name, name) for name in config["columns"]]
    else:
        return key in people
    mine = [of_person(rows, table, key, carried, name) for name, _theirs in pairs]
    return None not in mine and any(
        [of_person(rows, other_table, each, row, name) for _mine, name in pairs] == mine
        for each, row in people.items()
    )
