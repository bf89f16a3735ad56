from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pytest
from sqlglot import exp

from campaigns.targeting.bound import bound
from campaigns.targeting.hashing import canonical_key, key_hash, key_hash_sql
from campaigns.targeting.render import render
from tests.campaigns.targeting.conftest import Company

VECTORS = json.loads((Path(__file__).parent / "data" / "hash_vectors.json").read_text("utf-8"))
DUCKDB = """
    SELECT ('0x' || substr(md5(? || chr(31) || ?), 1, 16))::UBIGINT::HUGEINT AS unsigned
"""


def key_of(vector: dict[str, Any]) -> int | UUID | str:
    read = {"integer": int, "uuid": UUID, "text": str}[vector["type"]]
    return read(vector["key"])  # type: ignore[no-any-return]


def test_the_vectors_hold_in_python() -> None:
    assert [key_hash(each["seed"], key_of(each)) for each in VECTORS] == [each["hash"] for each in VECTORS]


@pytest.mark.django_db
def test_the_vectors_hold_in_postgresql(company: Company) -> None:
    for vector in VECTORS:
        statement = render(exp.Select(expressions=[key_hash_sql(vector["seed"], bound(key_of(vector)))]))
        assert company.run(statement) == {(vector["hash"],)}, vector


def test_the_vectors_hold_in_duckdb() -> None:
    with duckdb.connect() as database:
        for vector in VECTORS:
            keys = [vector["seed"], canonical_key(key_of(vector))]
            (unsigned,) = database.execute(DUCKDB, keys).fetchone() or (None,)
            assert unsigned == vector["hash"] % 2**64, vector


def test_the_seed_and_the_key_do_not_run_into_each_other() -> None:
    assert key_hash("a", "bc") != key_hash("ab", "c")


def test_another_seed_gives_another_order() -> None:
    keys = range(1_000)
    assert sorted(keys, key=lambda key: key_hash("one", key)) != sorted(
        keys, key=lambda key: key_hash("two", key)
    )


def test_a_tenth_of_the_keys_is_a_tenth() -> None:
    low = sum(key_hash("pets-2018", key) < -(2**63) + 2**64 // 10 for key in range(100_000))
    assert low == pytest.approx(10_000, rel=0.03)
