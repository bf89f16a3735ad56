"""Import a CSV file of a million rows, a thousand of them bad: is each named, how fast, in how much memory?

Run it inside the environment of a running installation: `python -m bench.import_csv [rows]`.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import django

from bench.spoiled_csv import Truth, write_spoiled_csv

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - Django has to be set up first

from campaigns.imports.jobs import apply_import, check_import, create_import  # noqa: E402
from campaigns.imports.plans import ImportOptions  # noqa: E402
from campaigns.models import Table  # noqa: E402

TARGET = "bench_people"
RAW = """
    CREATE TABLE bench_raw (
        id bigint, email text, name text, amount numeric, score float8, born date, seen timestamptz,
        active boolean, token uuid, note text)
"""


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clean, spoiled = Path(folder) / "clean.csv", Path(folder) / "spoiled.csv"
        write_spoiled_csv(clean, rows, spoil=False)
        raw = raw_copy_seconds(clean)
        print(f"raw COPY of the clean file and its primary key: {raw:.1f} s ({rows / raw:,.0f} rows/s)")
        truth = write_spoiled_csv(spoiled, rows)
        size = spoiled.stat().st_size / 1e6
        print(f"{rows:,} rows on {truth.lines:,} lines, {size:.0f} MB, {len(truth.bad):,} of them bad")
        import_file(spoiled, truth, raw)


def import_file(path: Path, truth: Truth, raw: float) -> None:
    before = peak_megabytes()
    started, working = time.monotonic(), time.process_time()
    job = create_import(path, TARGET, options=ImportOptions(key=["id"]))
    check_import(job)
    checked = time.monotonic() - started
    apply_import(job)
    whole = time.monotonic() - started
    worked = time.process_time() - working
    named = set(job.rejects.values_list("line_number", flat=True))
    right, wrong = len(named & truth.bad.keys()), len(named - truth.bad.keys())
    print(f"bad lines named: {right:,} of {len(truth.bad):,}; good lines named: {wrong}")
    print(f"rows inserted: {job.rows_inserted:,} of {truth.fit:,}")
    print(f"check {checked:.1f} s, apply {whole - checked:.1f} s: {job.rows_read / whole:,.0f} rows/s")
    print(f"{raw / whole:.2f} of the raw COPY's rate; {worked:.1f} s of this process's CPU")
    print(f"peak memory {peak_megabytes():.0f} MB, of which {before:.0f} MB before the import began")
    remove(job.table)


def raw_copy_seconds(path: Path) -> float:
    started = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RAW)
        with path.open("rb") as stream, cursor.copy("COPY bench_raw FROM STDIN (FORMAT csv, HEADER)") as copy:
            while block := stream.read(1 << 20):
                copy.write(block)
        cursor.execute("ALTER TABLE bench_raw ADD PRIMARY KEY (id)")
    seconds = time.monotonic() - started
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_raw")
    return seconds


def remove(table: Table | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE data.bench_people")
    if table:
        table.delete()


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
