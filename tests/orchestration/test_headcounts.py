"""Counting in two halves gives the number that counting in one does, whatever the keys are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from hypothesis import given
from hypothesis import strategies as st

from orchestration import headcounts
from orchestration.headcounts import people_besides
from orchestration.working_tables import SCHEMA

pytestmark = pytest.mark.django_db

KEYS: dict[str, Sequence[str]] = {
    "bigint": [str(number) for number in range(-30, 30)],
    "text": ["", " ", "'", "%s", "a", "B", "ß", "é", "한", "\\", *(f"k{number}" for number in range(30))],
    "uuid": [f"00000000-0000-0000-0000-0000000000{number:02x}" for number in range(40)],
    "numeric": ["-1.5", "0", "1e300", "NaN", *(f"{number}.25" for number in range(30))],
    "date": ["-infinity", "infinity", "0044-03-15 BC", *(f"2026-01-{day:02}" for day in range(1, 29))],
}


def make(name: str, kind: str, keys: Sequence[str]) -> dict[str, int]:
    """A working table as the engine makes one: in the order of the key."""
    table = f"{SCHEMA}.{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(
            f"CREATE TABLE {table} AS SELECT DISTINCT k::{kind} AS key FROM unnest(%s::text[]) AS k ORDER BY 1",
            [list(keys)],
        )
        cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (key)")
        cursor.execute(f"ANALYZE {table}")
    return {name: len(keys)}


@pytest.fixture(params=["one", "halves"])
def parts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Both ways of counting."""
    with monkeypatch.context() as patch:
        patch.setattr(headcounts, "LARGE", 1 if request.param == "halves" else 10**9)
        yield request.param


def test_a_table_that_is_not_there_is_an_error(parts: str) -> None:
    with pytest.raises(ProgrammingError, match="no_such_table"):
        people_besides({"no_such_table": 5}, [])


@pytest.mark.parametrize("kind", KEYS)
def test_who_is_nowhere_else_is_counted(parts: str, kind: str) -> None:
    keys = KEYS[kind]
    ours = make("ours", kind, keys)
    make("odd", kind, keys[1::2])
    make("third", kind, keys[::3])
    assert people_besides(ours, []) == len(keys)
    assert people_besides(ours, ["ours"]) == 0
    assert people_besides(ours, ["odd"]) == len(keys[::2])
    assert people_besides(ours, ["odd", "third"]) == len(set(keys) - set(keys[1::2]) - set(keys[::3]))
    assert people_besides({"odd": 1, "third": 1}, []) == len({*keys[1::2], *keys[::3]})


def test_nobody_is_lost_where_the_middle_row_is_gone(parts: str) -> None:
    ours = make("ours", "bigint", KEYS["bigint"])
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {SCHEMA}.ours WHERE ctid = '(0,1)'")
    assert people_besides(ours, []) == len(KEYS["bigint"]) - 1


def test_an_empty_table_has_nobody(parts: str) -> None:
    assert people_besides(make("ours", "uuid", []), []) == 0


numbers = st.sets(st.integers(0, 40))


@given(ours=numbers, more=numbers, others=st.lists(numbers, max_size=3))
def test_it_is_the_difference_of_sets(ours: set[int], more: set[int], others: list[set[int]]) -> None:
    tables: dict[str, Any] = make("ours", "bigint", [*map(str, ours)]) | make(
        "more", "bigint", [*map(str, more)]
    )
    for number, keys in enumerate(others):
        make(f"other_{number}", "bigint", [*map(str, keys)])
    names = [f"other_{number}" for number in range(len(others))]
    with pytest.MonkeyPatch.context() as patch:
        for large in (1, 10**9):
            patch.setattr(headcounts, "LARGE", large)
            assert people_besides(tables, names) == len((ours | more).difference(*others))
