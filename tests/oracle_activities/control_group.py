"""Who is withheld: the first by chance, of each stratum its share by largest remainders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from tests.oracle_activities.chance import by_chance, share
from tests.oracle_activities.lookup import Rows, of_person
from tests.oracle_activities.order import sort_key


def withheld(rows: Rows, people: dict[Any, Any], config: dict[str, Any], activity: str) -> set[Any]:
    size = min(_size(len(people), config), len(people))
    seed = config.get("seed") or activity
    names = config.get("stratify", [])
    strata: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for key in people:
        strata[tuple(of_person(rows, "person", key, people[key], name) for name in names)].append(key)
    places = _places({stratum: len(keys) for stratum, keys in strata.items()}, size)
    return {key for stratum, keys in strata.items() for key in by_chance(seed, keys)[: places[stratum]]}


def _size(people: int, config: dict[str, Any]) -> int:
    return config["number"] if "number" in config else share(people, config["percent"])


def _places(members: dict[tuple[Any, ...], int], size: int) -> dict[tuple[Any, ...], int]:
    everybody = max(sum(members.values()), 1)
    due = {stratum: Fraction(size * count, everybody) for stratum, count in members.items()}
    places = {stratum: int(fraction) for stratum, fraction in due.items()}
    ranked = sorted(due, key=lambda stratum: (-(due[stratum] - places[stratum]), _sortable(stratum)))
    for stratum in ranked[: size - sum(places.values())]:
        places[stratum] += 1
    return places


def _sortable(stratum: Sequence[Any]) -> list[Any]:
    return [sort_key(value) for value in stratum]
