"""Who goes to which subset. Rules are given as predicates of a person's key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.oracle_activities.chance import by_chance, share
from tests.oracle_activities.lookup import Rows, of_person
from tests.oracle_activities.order import sorted_by

Predicate = Callable[[Any], bool]


def subsets(
    rows: Rows, people: dict[Any, Any], config: dict[str, Any], rules: dict[str, Predicate], activity: str
) -> dict[str, set[Any]]:
    """The keys of each subset, and under "complement" those in none."""
    seed = config.get("seed") or activity
    ports: dict[str, set[Any]] = {}
    for subset in config["subsets"]:
        taken = set() if config.get("overlap") else set().union(*ports.values())
        left = [key for key in people if key not in taken and rules.get(subset["id"], lambda _key: True)(key)]
        ports[subset["id"]] = set(_limited(rows, people, left, subset, f"{seed}/{subset['id']}"))
    return {**ports, "complement": set(people) - set().union(*ports.values())}


GOAL = 10
"""The campaign's variable *goal*."""


def _size(limit: dict[str, Any], whole: int) -> int:
    if "percent" in limit:
        return share(whole, limit["percent"])
    return int(limit.get("number", GOAL))


def _limited(
    rows: Rows, people: dict[Any, Any], left: list[Any], subset: dict[str, Any], seed: str
) -> list[Any]:
    limit = subset.get("limit")
    if limit is None:
        return left
    order = by_chance(seed, left)
    sort = subset.get("sort")
    if sort:
        order = sorted_by(
            order,
            lambda key: of_person(rows, "person", key, people[key], sort["attribute"]),
            descending=sort.get("order") == "descending",
        )
    if "by" in limit:
        groups: dict[Any, list[Any]] = {}
        for key in order:
            groups.setdefault(of_person(rows, "person", key, people[key], limit["by"]), []).append(key)
        return [key for keys in groups.values() for key in keys[: _size(limit, len(keys))]]
    if "number" in limit or "variable" in limit:
        return order[: _size(limit, 0)]
    whole = len(people) if limit.get("of") == "inbound" else len(left)
    return order[: share(whole, limit["percent"])]
