"""Who is kept of those who are the same."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tests.oracle_activities.chance import by_chance
from tests.oracle_activities.lookup import Rows, of_person
from tests.oracle_activities.order import sorted_by

BLANKS = " \t\n\r\f\v\u00a0\u3000"


def kept(rows: Rows, people: dict[Any, Any], config: dict[str, Any], activity: str) -> set[Any]:
    number = config.get("keep", 1)
    if number == 0:
        return set(people)
    return {key for keys in groups_of(rows, people, config, activity) for key in keys[:number]}


def filled(rows: Rows, people: dict[Any, Any], config: dict[str, Any], activity: str) -> dict[Any, Any]:
    """Of each group the first, whose empty columns are filled from those behind."""
    found = {}
    for keys in groups_of(rows, people, config, activity):
        row = dict(people[keys[0]])
        for name in config["fill"]:
            row[name] = next((people[key][name] for key in keys if people[key][name] not in (None, "")), None)
        found[keys[0]] = row
    return found


def groups_of(rows: Rows, people: dict[Any, Any], config: dict[str, Any], activity: str) -> list[list[Any]]:
    """Those who are the same, in the order of preference."""
    groups: dict[Any, list[Any]] = defaultdict(list)
    for key, carried in people.items():
        values = [_same(of_person(rows, "person", key, carried, name), config) for name in config["keys"]]
        alone = all(value is None for value in values)
        groups[("alone", key) if alone else ("group", *values)].append(key)
    return [_in_order(rows, people, keys, config, activity) for keys in groups.values()]


def _same(value: Any, config: dict[str, Any]) -> Any:
    if not isinstance(value, str):
        return value
    if config.get("trim", True):
        value = value.strip(BLANKS)
    if config.get("ignore_case", True):
        value = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in value)
    return value or None


def _in_order(
    rows: Rows, people: dict[Any, Any], keys: list[Any], config: dict[str, Any], activity: str
) -> list[Any]:
    method = config.get("method", {"kind": "random"})

    def of(name: str) -> Any:
        return lambda key: of_person(rows, "person", key, people[key], name)

    keys = sorted(keys)
    match method["kind"]:
        case "random":
            return by_chance(method.get("seed") or activity, keys)
        case "value":
            return sorted_by(keys, of(method["attribute"]), descending=method.get("first") == "largest")
        case "non_empty":
            return sorted(keys, key=lambda key: [of(name)(key) is None for name in method["attributes"]])
    values = list(method["values"])
    place = of(method["attribute"])
    return sorted(keys, key=lambda key: values.index(place(key)) if place(key) in values else len(values))
