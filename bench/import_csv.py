# ruff: noqa: E402 - Django is set up before what needs its settings is imported
"""A CSV file of a million rows, a thousand of them bad, beside COPY of sound rows: `python -m bench.import_csv`.

Says each round's seconds, then prints one line of JSON. Refuses to print figures where a bad line is not named, a good
one is, or a row that was imported differs from the row in the file.
"""

from __future__ import annotations

import gc
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import django

django.setup()

from bench.memory import peak_megabytes
from bench.raw_imports import (
    Row,
    binary_copy,
    differing_rows,
    drop,
    forget_rows,
    keep_rows,
    put_half_into,
    raw_copy,
    typed_rows,
    upsert_by_hand,
)
from bench.spoiled_csv import Truth, write_spoiled_csv
from bench.turns import ROUNDS, say, settle
from campaigns.imports.jobs import apply_import, check_import, create_import
from campaigns.imports.plans import ImportOptions
from campaigns.models import ImportJob

ROWS = max(10_000, round(1_000_000 * float(os.environ.get("TUTTI_BENCH_SCALE", "1"))))
TARGET = "bench_people"
OPTIONS = ImportOptions(key=["id"], types={"score": "float"})


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clean, spoiled = Path(folder) / "clean.csv", Path(folder) / "spoiled.csv"
        write_spoiled_csv(clean, ROWS, spoil=False)
        truth = write_spoiled_csv(spoiled, ROWS)
        before = peak_megabytes()
        warm_up(clean, spoiled, truth)
        memory = {"before": before, "peak": peak_megabytes()}
        seconds = in_turns(sides(clean, spoiled, truth, typed_rows(clean)))
        forget_rows()
    print(json.dumps({"rows": ROWS, "bad": len(truth.bad), "seconds": seconds, "megabytes": memory}))


def warm_up(clean: Path, spoiled: Path, truth: Truth) -> None:
    """Both imports once, not counted: caches are warm, rows are compared, and the peak of memory is theirs alone."""
    keep_rows(clean)
    new_table(spoiled, truth, compare=True)
    half_there(spoiled, truth, compare=True)


def sides(clean: Path, spoiled: Path, truth: Truth, rows: Sequence[Row]) -> dict[str, Callable[[], float]]:
    gc.freeze()  # millions of values that wait for their turn are not the importer's garbage
    return {
        "binary_copy": lambda: binary_copy(rows),
        "raw_copy": lambda: raw_copy(clean),
        "new_table": lambda: new_table(spoiled, truth),
        "half_by_hand": lambda: upsert_by_hand(clean),
        "half_there": lambda: half_there(spoiled, truth),
    }


def in_turns(sides: dict[str, Callable[[], float]]) -> dict[str, float]:
    """Median seconds of each; who goes first changes with the round."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(1, ROUNDS + 1):
        for name in sides if number % 2 else reversed(sides):
            settle()
            taken[name].append(sides[name]())
        told = ", ".join(f"{name} {seconds[-1]:.2f} s" for name, seconds in taken.items())
        say(f"round {number}: {told}")
    return {name: median(seconds) for name, seconds in taken.items()}


def new_table(path: Path, truth: Truth, *, compare: bool = False) -> float:
    job, seconds = timed_import(path)
    prove(job, truth, there=0, compare=compare)
    drop(TARGET)
    return seconds


def half_there(path: Path, truth: Truth, *, compare: bool = False) -> float:
    """Every second key is in the table, with another amount than in the file."""
    there = put_half_into(TARGET, path)
    settle()
    job, seconds = timed_import(path)
    prove(job, truth, there=there, compare=compare)
    drop(TARGET)
    return seconds


def timed_import(path: Path) -> tuple[ImportJob, float]:
    started = time.perf_counter()
    job = apply_import(check_import(create_import(path, TARGET, options=OPTIONS)))
    return job, time.perf_counter() - started


def prove(job: ImportJob, truth: Truth, *, there: int, compare: bool) -> None:
    """Every bad line is named and no other, every fit row is in, and what differs from the file was there before."""
    named = set(job.rejects.values_list("line_number", flat=True))
    if named != truth.bad.keys():
        raise SystemExit(f"Named wrongly or not at all: lines {sorted(named ^ truth.bad.keys())[:20]}")
    updated = job.rows_updated or 0
    if (job.rows_inserted or 0) + updated != truth.fit:
        raise SystemExit(f"{job.rows_inserted} inserted and {updated} updated of {truth.fit}")
    if compare and (found := differing_rows(TARGET)) != there - updated:
        raise SystemExit(f"{found} rows differ from the file; {there - updated} should.")


if __name__ == "__main__":
    main()
