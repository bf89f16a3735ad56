"""Import a 1,000,000-row CSV file with a thousand bad lines: is every one named, how fast, and in how much memory?

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


def main(rows: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        truth = write_spoiled_csv(path, rows)
        print(
            f"{rows:,} rows, {truth.lines:,} lines, {path.stat().st_size / 1e6:.0f} MB, {len(truth.bad):,} bad"
        )
        import_file(path, truth)


def import_file(path: Path, truth: Truth) -> None:
    from django.db import connection  # noqa: PLC0415 - Django has to be set up first

    from campaigns.imports.jobs import apply_import, check_import, create_import  # noqa: PLC0415
    from campaigns.imports.plans import ImportOptions  # noqa: PLC0415

    raw = raw_copy_seconds(path)
    before = peak_megabytes()
    started = time.monotonic()
    job = create_import(path, "bench_people", options=ImportOptions(key=["id"]))
    check_import(job)
    checked = time.monotonic() - started
    apply_import(job)
    applied = time.monotonic() - started - checked
    named = set(job.rejects.values_list("line_number", flat=True))
    total = job.rows_read
    print(
        f"named {len(named & set(truth.bad)):,} of {len(truth.bad):,} bad lines, {len(named - set(truth.bad))} others"
    )
    print(f"inserted {job.rows_inserted:,} of {truth.fit:,} fit rows")
    print(f"check {checked:.1f} s ({total / checked:,.0f} rows/s), apply {applied:.1f} s")
    print(
        f"together {total / (checked + applied):,.0f} rows/s, {raw / (checked + applied):.2f} of the raw COPY's rate"
    )
    print(f"peak memory {peak_megabytes():.0f} MB, {before:.0f} MB before the import")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE data.bench_people")
    if job.table:
        job.table.delete()


def raw_copy_seconds(path: Path) -> float:
    """The fit lines, already known to be fit, straight into typed columns with a primary key."""
    from django.db import connection, transaction  # noqa: PLC0415

    started = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE raw (id text, email text, name text, amount text, score text, born text,"
            " seen text, active text, token text, note text) ON COMMIT DROP"
        )
        with path.open("rb") as stream, cursor.copy("COPY raw FROM STDIN (FORMAT csv)") as copy:
            while block := stream.read(1 << 20):
                copy.write(block)
    return time.monotonic() - started


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
