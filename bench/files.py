"""`python -m bench.files`: a file loaded and written by activities, beside PostgreSQL's own COPY of the same rows.

TUTTI_BENCH_SCALE (default 1: a million rows) scales them. The last line is one JSON object.
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from bench.services import lasting_services

ROWS = int(1_000_000 * float(os.environ.get("TUTTI_BENCH_SCALE", "1")))
HEADER = ["number", "email", "name", "spend", "joined", "seen", "active"]
KINDS = ["integer", "text", "text", "decimal", "date", "datetime", "boolean"]
COLUMNS = [{"kind": kind, "header": name, "name": name} for kind, name in zip(KINDS, HEADER, strict=True)]


def main() -> int:
    with lasting_services() as environment, tempfile.TemporaryDirectory() as folder:
        os.environ.update(environment, DJANGO_SETTINGS_MODULE="config.settings")
        django.setup()
        settings.FILES_FOLDER = Path(folder) / "files"
        path = Path(folder) / "rows.csv"
        write_rows(path)
        figures = measured(path)
    print(json.dumps(figures))
    return 0


def write_rows(path: Path) -> None:
    """Rows of every type, a tenth of them quoted."""
    chance = random.Random(7)  # noqa: S311 - rows, not secrets
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for number in range(ROWS):
            name = "Ada, Bo" if number % 10 == 0 else "김하늘"
            spend = f"{chance.randrange(10**6) / 100:.2f}"
            day = f"20{chance.randrange(10, 20)}-0{chance.randrange(1, 10)}-1{chance.randrange(10)}"
            writer.writerow([number, f"p{number}@example.com", name, spend, day, f"{day}T09:30:00Z", "true"])


def measured(path: Path) -> dict[str, Any]:
    from bench.files_flow import copy_in, copy_out, extract, load  # noqa: PLC0415 - Django is set up by now

    figures: dict[str, Any] = {"rows": ROWS, "bytes": path.stat().st_size}
    steps: dict[str, Callable[[], object]] = {
        "copy_in": lambda: copy_in(path, HEADER, KINDS),
        "load_csv": lambda: load(path, COLUMNS, {"kind": "delimited"}),
        "copy_out": copy_out,
        "extract_csv": lambda: extract(HEADER, {"kind": "csv"}),
        "extract_gzip": lambda: extract(HEADER, {"kind": "csv", "gzip": True}),
        "extract_parquet": lambda: extract(HEADER, {"kind": "parquet"}),
    }
    for name, step in steps.items():
        figures[f"{name}_seconds"] = seconds(step)
        figures[f"{name}_peak_mb"] = peak_mb()
    parquet = extract(HEADER, {"kind": "parquet"})
    figures["load_parquet_seconds"] = seconds(lambda: load(parquet, COLUMNS, {"kind": "parquet"}))
    figures["load_parquet_peak_mb"] = peak_mb()
    return figures


def seconds(step: Callable[[], object]) -> float:
    begun = time.perf_counter()
    step()
    return round(time.perf_counter() - begun, 2)


def peak_mb() -> int:
    """The most memory this process has had so far, and the most of any process it started."""
    own, others = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return max(own, others) // 1024


if __name__ == "__main__":
    sys.exit(main())
