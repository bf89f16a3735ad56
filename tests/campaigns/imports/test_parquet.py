"""Parquet files in, by the same door as CSV: types, rejects by row, and files that are not what they say."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import connection

from campaigns.ddl.creation import create_tables
from campaigns.ddl.planning import plan_tables
from campaigns.imports import parquet
from campaigns.imports.jobs import apply_import, check_import, create_import
from campaigns.imports.plans import ImportOptions, Plan
from campaigns.imports.refusals import ImportRefused
from campaigns.models import ImportJob

pytestmark = pytest.mark.django_db(transaction=True)
EVERY_TYPE = """
    SELECT * FROM (VALUES
      (1::BIGINT, 'Ada, "the"\nfirst', 12.50::DECIMAL(8,2), 0.25::DOUBLE, true, DATE '1815-12-10',
       TIMESTAMP '2018-01-31 09:00:00', TIMESTAMPTZ '2018-01-31 09:00:00+02',
       '00000000-0000-4000-8000-000000000001'::UUID, {'a': [1, 2]}, [1, NULL], '\\x00'::BLOB, TIME '10:00:00'),
      (2, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL))
    t(id, name, amount, score, active, born, seen, seen_at, token, extra, tags, picture, hour)
"""


@pytest.fixture(autouse=True)
def _nothing_left() -> Any:
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS data CASCADE; DROP SCHEMA IF EXISTS staging CASCADE")


def written(folder: Path, query: str, name: str = "people.parquet") -> Path:
    path = folder / name
    duckdb.sql(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def imported(path: Path, target: str = "people", **options: Any) -> ImportJob:
    options.setdefault("key", ["id"])
    job = create_import(path, target, options=ImportOptions(**options))
    check_import(job)
    apply_import(job)
    return job


def rows(columns: str, table: str = "people") -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM data.{table} ORDER BY 1")
        return cursor.fetchall()


def code_of(path: Path, target: str = "people", **options: Any) -> str:
    with pytest.raises(ImportRefused) as refusal:
        imported(path, target, **options)
    (problem,) = refusal.value.problems
    assert problem.remedy
    return problem.code


@pytest.mark.parametrize("cut", [4, 100, -1, -9])
def test_a_file_that_was_cut_is_refused(tmp_path: Path, cut: int) -> None:
    path = written(tmp_path, "SELECT range AS id, 'x' || range AS name FROM range(10_000)")
    path.write_bytes(path.read_bytes()[:cut])
    assert code_of(path) == "import.bad_parquet"


def test_a_file_broken_in_the_middle_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "SELECT range AS id, md5(range::text) AS name FROM range(300_000)")
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 2_000] = b"\xff" * 2_000
    path.write_bytes(data)
    assert code_of(path) == "import.bad_parquet"
    assert ImportJob.objects.get().state == "refused"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('staging')")
        assert cursor.fetchone() == (0,)


def test_a_file_that_unpacks_to_much_more_is_read_or_refused_in_little_memory(tmp_path: Path) -> None:
    """2 GB of text in a file of some kilobytes."""
    path = written(tmp_path, "SELECT range AS id, repeat('x', 100_000) AS name FROM range(20_000)")
    assert path.stat().st_size < 3_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reader = parquet.ParquetReader(
        path, parquet.read_parquet_header(path).columns, start=parquet.Position(0, 0)
    )
    batches = iter(reader)
    assert sum(len(next(batches).rows) for _ in range(5)) > 0
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 700


def test_a_wildcard_reads_no_other_files(tmp_path: Path) -> None:
    written(tmp_path, "SELECT 1 AS id", "a1.parquet")
    assert code_of(written(tmp_path, "SELECT 1 AS id", "a*.parquet")) == "import.bad_path"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT 1 AS id, 2 AS Missing", "import.unknown_column"),
        ("SELECT 'x' AS name", "import.key_missing"),
        ("SELECT 1 AS id, true AS born", "import.unfit_type"),
        ("SELECT 1 AS id, [1] AS amount", "import.unfit_type"),
    ],
)
def test_a_file_that_does_not_fit_its_table_is_refused(tmp_path: Path, query: str, code: str) -> None:
    create_tables(
        plan_tables("CREATE TABLE people (id int PRIMARY KEY, name text, born date, amount numeric)")
    )
    assert code_of(written(tmp_path, query), key=()) == code


def test_lists_cannot_be_a_key(tmp_path: Path) -> None:
    assert code_of(written(tmp_path, "SELECT [1] AS id")) == "import.unfit_type"


def test_every_type_arrives_and_what_rules_cannot_use_is_left_out(tmp_path: Path) -> None:
    job = imported(written(tmp_path, EVERY_TYPE))
    plan = Plan.model_validate(job.plan)
    assert [column.type.value for column in plan.columns] == [
        "integer", "text", "decimal", "float", "boolean", "date", "datetime", "datetime", "uuid", "json", "json",
    ]  # fmt: skip
    assert len(plan.notices) == 2
    first, second = rows("id, name, amount::text, score, active, born::text, extra::text, tags::text")
    assert first == (1, 'Ada, "the"\nfirst', "12.50", 0.25, True, "1815-12-10", '{"a": [1, 2]}', "[1, null]")
    assert second == (2, None, None, None, None, None, None, None)
    (moments,) = {row for row in rows("seen = '2018-01-31 09:00Z', seen_at = '2018-01-31 07:00Z'") if row[0]}
    assert moments == (True, True)


def test_rows_that_do_not_fit_are_named_by_their_number(tmp_path: Path) -> None:
    create_tables(plan_tables("CREATE TABLE people (id int PRIMARY KEY, name text, born date)"))
    query = """SELECT * FROM (VALUES (1, 'a', '2018-01-31'), (2, 'b', 'tomorrow'), (NULL, 'c', NULL), (1, 'd', NULL),
        (5, chr(0), NULL), (6, repeat('x', 140000), NULL), (7, E'two\\nlines', '')) t(id, name, born)"""
    job = imported(written(tmp_path, query), key=())
    assert list(job.rejects.values_list("line_number", flat=True)) == [2, 3, 4, 5, 6]
    assert rows("id, name") == [(1, "a"), (7, "two\nlines")]


def test_later_files_update_insert_and_delete(tmp_path: Path) -> None:
    imported(written(tmp_path, "SELECT range AS id, 'x' AS name, range * 2 AS n FROM range(1000)"))
    path = written(tmp_path, "SELECT range + 990 AS id, 'y' AS name FROM range(20)", "b.parquet")
    job = imported(path, key=())
    assert (job.rows_inserted, job.rows_updated) == (10, 10)
    gone = imported(path, key=(), mode=ImportJob.Mode.DELETE)
    assert (gone.rows_deleted, len(rows("id"))) == (20, 990)


def test_an_interrupted_import_goes_on_at_its_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MOST_ROWS", 1_000)
    path = written(tmp_path, "SELECT range AS id, 'x' || range AS name FROM range(20_000)")
    job = create_import(path, "people", options=ImportOptions(key=["id"]))

    def interrupt(job: ImportJob) -> None:
        if job.rows_read > 5_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_import(job, progress=interrupt)
    job.refresh_from_db()
    assert 5_000 < job.bytes_done < job.bytes_total == 20_000
    check_import(job)
    apply_import(job)
    assert rows("count(*) AS id, sum(id), count(DISTINCT name)") == [(20_000, sum(range(20_000)), 20_000)]
