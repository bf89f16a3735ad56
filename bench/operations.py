# ruff: noqa: E402 - Django is set up before what needs its settings is imported
"""Nine operations on populations: by the engine, by hand in PostgreSQL, and in DuckDB: `python -m bench.operations`.

Says each round's seconds, then prints one line of JSON with medians by operation.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import geometric_mean

import django

django.setup()

from bench.columnar import open_columnar, timed_columnar
from bench.hand_written import HandWritten, steps_in
from bench.operations_campaign import MEASURED, operations_document
from bench.shop import make_shop
from bench.turns import ROUNDS, Seconds, Turns, by_activity, say
from campaigns.drafts import save_draft

HERE = Path(__file__)
COLUMNAR = {"duckdb": False, "duckdb_keyed": True}
"""The sides in DuckDB, and whether their tables have keys: populations of the engine have them, and are on disk."""


def main() -> None:
    people = make_shop()
    turns = Turns(
        save_draft(None, operations_document()), HandWritten(HERE.with_name("operations_baseline.sql"))
    )
    turns.take(ROUNDS)
    sides = {
        "engine": by_activity(turns.engine),
        "baseline": by_activity(turns.baseline),
        **in_duckdb(),
    }
    measured = {side: {name: figures[name] for name in MEASURED} for side, figures in sides.items()}
    shares = {side: share_of(measured, side) for side in COLUMNAR}
    print(json.dumps({"people": people, "operations": measured, "shares": shares}))


def in_duckdb() -> dict[str, Seconds]:
    """Medians by side; the copy of the tables is not counted."""
    opened = open_columnar()
    steps = steps_in(HERE.with_name("operations_duckdb.sql"))
    found = {}
    for side, keyed in COLUMNAR.items():
        rounds = [timed_columnar(opened, steps, keyed=keyed) for _round in range(ROUNDS + 1)][1:]
        for number, figures in enumerate(rounds, 1):
            say(f"round {number}: {side} {sum(figures.values()):.2f} s")
        found[side] = by_activity(rounds)
    return found


def share_of(measured: dict[str, Seconds], side: str) -> float:
    """The geometric mean of the engine's speed as a share of another's."""
    return geometric_mean(measured[side][name] / measured["engine"][name] for name in MEASURED)


if __name__ == "__main__":
    main()
