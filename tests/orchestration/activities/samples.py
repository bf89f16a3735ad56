"""Populations and settings drawn by chance, for the tests that hold an activity against the reference."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.orchestration.playground import Came, Rows, T

ATTRIBUTES = [
    "name",
    "email",
    "city",
    "age",
    "spend",
    "joined",
    "active",
    "profile.income",
    "@score",
    "@mark",
]
COLUMNS = {"score": T.DECIMAL, "mark": T.TEXT}


def draw_people(chance: random.Random, rows: Rows, *, source: str = "a") -> Came:
    """Some of the people, none of them now and then, and some whose row is gone; with columns, and gaps in them."""
    keys = [row["person_id"] for row in rows["person"]] + [1001, 1002]
    size = chance.choice([0, 1, 5, len(keys) // 2, len(keys)])
    people = {
        key: {
            "score": chance.choice([None, Decimal(1), Decimal("2.5")]),
            "mark": chance.choice([None, "", "x", "X", " x"]),
        }
        for key in chance.sample(keys, size)
    }
    return Came(source, people, COLUMNS)


def some(chance: random.Random, choices: Sequence[Any], most: int = 3) -> list[Any]:
    return chance.sample(list(choices), chance.randrange(1, most + 1))
