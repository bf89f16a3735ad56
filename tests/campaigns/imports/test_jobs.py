from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from bench.spoiled_csv import write_spoiled_csv
from campaigns.imports import jobs, portions, records
from campaigns.imports.jobs import apply_import, cancel_import, check_import, create_import
from campaigns.imports.plans import ImportOptions
from campaigns.imports.refusals import ImportRefused
from campaigns.introspection import columns_of, read_relation
from campaigns.models import ImportJob, Table
from campaigns.registration import register_table
from campaigns.states import StateConflict
from campaigns.targeting.schema import FieldType
from tests.campaigns.shop import open_shop

pytestmark = pytest.mark.django_db

PEOPLE = 'id,name,spent,born\n1,Ada,12.50,1990-01-31\n2,김하늘,,\n3,"O\'Neil, Jr",0.10,2000-02-29\n'
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(content: str | bytes, name: str = "people.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


def load(path: Path, target: str = "people", **options: Any) -> ImportJob:
    job = create_import(path, target, options=ImportOptions(**{"key": ["id"]} | options))
    return apply_import(check_import(job))


def answer(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def server() -> dict[str, Any]:
    """Where another connection to the same database goes."""
    known = connection.get_connection_params()
    return {name: known[name] for name in ("dbname", "host", "user", "port") if name in known}


def rejects_of(job: ImportJob) -> list[tuple[int, str, str]]:
    return list(job.rejects.order_by("line_number").values_list("line_number", "column", "reason"))


# --- what is refused before anything is read ---


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (PEOPLE, {"key": []}, "would be created without a key"),
        (PEOPLE, {"key": ["nummer"]}, "no column “nummer”. Did you mean"),
        (PEOPLE, {"types": {"born": "money"}}, "“money” cannot be the type of “born”"),
        (PEOPLE, {"types": {"bron": "date"}}, "no column “bron”. Did you mean: born"),
        (PEOPLE, {"delimiter": "x"}, "“x” cannot be the delimiter"),
        (PEOPLE, {"zone": "Mars/Olympus"}, "“Mars/Olympus” is not a time zone"),
        (PEOPLE, {"mode": "delete"}, "no table “people” to delete rows from"),
        ("id,ID\n1,2\n", {}, "names “ID” twice"),
        (b"PK\x03\x04", {}, "The file is not CSV"),
    ],
)
def test_an_unfit_file_or_option_is_refused_and_leaves_nothing(
    write: Write, content: str | bytes, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ImportRefused, match=message):
        load(write(content), **options)
    assert not ImportJob.objects.exists()


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="There is no file"):
        create_import(tmp_path / "nothing.csv", "people")


@pytest.mark.parametrize("target", ["People", "people; DROP TABLE x", ""])
def test_a_slug_that_is_no_name_is_refused(write: Write, target: str) -> None:
    with pytest.raises(ImportRefused, match="cannot be the slug"):
        create_import(write(PEOPLE), target, options=ImportOptions(key=["id"]))


def test_an_external_table_is_never_written_to(write: Write) -> None:
    open_shop()
    register_table("shop", "person")
    with pytest.raises(ImportRefused, match="is not a managed table"):
        create_import(write("person_id\n1\n"), "person")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,nam\n1,Ada\n", "no column “nam”. Did you mean: name"),
        ("name\nAda\n", "lacks the key of the table: id"),
    ],
)
def test_a_later_file_must_fit_the_table(write: Write, content: str, message: str) -> None:
    load(write(PEOPLE))
    with pytest.raises(ImportRefused, match=message):
        create_import(write(content, "later.csv"), "people")


# --- a new table ---


def test_a_dry_run_creates_nothing_and_foretells_what_applying_does(write: Write) -> None:
    job = check_import(create_import(write(PEOPLE), "people", options=ImportOptions(key=["id"])))
    assert (job.state, job.rows_read, job.rows_inserted, job.rows_rejected) == ("checked", 3, 3, 0)
    assert not Table.objects.exists()
    assert answer("SELECT to_regclass('data.people')") == [(None,)]
    apply_import(job)
    assert (job.state, job.rows_inserted) == ("succeeded", 3)
    assert answer("SELECT to_regclass('staging.import_' || (SELECT max(id) FROM campaigns_importjob))") == [
        (None,)
    ]


def test_a_new_table_has_the_types_of_its_cells_and_its_key(write: Write) -> None:
    table = load(write(PEOPLE)).table
    assert table is not None
    fields = {field.slug: field for field in table.fields.all()}
    assert {slug: field.type for slug, field in fields.items()} == {
        "id": FieldType.INTEGER, "name": FieldType.TEXT, "spent": FieldType.DECIMAL, "born": FieldType.DATE,
    }  # fmt: skip
    assert (fields["id"].key_position, fields["spent"].database_type) == (1, "numeric")
    rows = answer("SELECT id, name, spent::text, born::text FROM data.people ORDER BY id")
    assert rows[1:] == [(2, "김하늘", None, None), (3, "O'Neil, Jr", "0.10", "2000-02-29")]


def test_a_composite_key_and_odd_headers_are_kept(write: Write) -> None:
    content = "Order No.;Line;이름;2nd\n7;1;가;x\n7;2;나;y\n"
    table = load(write(content), "lines", key=["Order No.", "Line"]).table
    assert table is not None
    assert dict(table.fields.values_list("slug", "label")) == {
        "order_no": "Order No.", "line": "Line", "field": "이름", "field_2nd": "2nd",
    }  # fmt: skip
    assert list(table.fields.filter(key_position__gt=0).values_list("slug", flat=True)) == [
        "order_no",
        "line",
    ]


def test_times_without_zone_are_meant_in_the_zone_given(write: Write) -> None:
    load(write("id,at\n1,2018-07-01T09:00\n2,2018-07-01T09:00Z\n"), zone="Asia/Seoul")
    rows = answer("SELECT (at AT TIME ZONE 'UTC')::text FROM data.people ORDER BY id")
    assert rows == [("2018-07-01 00:00:00",), ("2018-07-01 09:00:00",)]


def test_bad_lines_are_named_and_the_rest_is_imported(write: Write) -> None:
    job = load(
        write(PEOPLE + "x,Bob,1,\n4,Eve\n\n5,Kim,much,\n,Lee,1,\n1,Ada again,1,\n"),
        types={"id": "integer", "spent": "decimal"},
    )
    assert rejects_of(job) == [
        (5, "id", "“x” is not a whole number."),
        (6, "", "2 cells where the header has 4."),
        (8, "spent", "“much” is not a number such as 12.50."),
        (9, "id", "The key is empty."),
        (10, "id", "The key was on an earlier line: 2"),
    ]
    assert (job.rows_read, job.rows_accepted, job.rows_rejected, job.rows_inserted) == (8, 3, 5, 3)


@pytest.mark.parametrize("cell", ["falſe", "yeſ", "K"])
def test_letters_that_only_look_like_a_truth_value_are_named(write: Write, cell: str) -> None:
    job = load(write(f"id,on\n1,yes\n2,{cell}\n3,no\n"), types={"on": "boolean"})
    assert [line for line, _column, _reason in rejects_of(job)] == [3]


@pytest.mark.parametrize("beside", ["", "x,y\n"], ids=["in a run", "judged"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_carriage_returns_in_quoted_cells_are_kept(write: Write, beside: str, ends: str) -> None:
    rows = f'1,"a\rb"\n{beside}2,"c\r\nd"\n3,"e\nf"\n4,"\r"\n'
    load(write(f"id,note{ends}{rows}"), types={"id": "integer"})
    found = answer("SELECT note FROM data.people ORDER BY id")
    assert found == [("a\rb",), ("c\r\nd",), ("e\nf",), ("\r",)]


def test_a_quoted_empty_cell_is_null_as_an_unquoted_one_is(write: Write) -> None:
    load(write('id,name,spent\n1,"",""\n2,,\n'), types={"spent": "decimal"})
    assert answer("SELECT name, spent FROM data.people") == [(None, None), (None, None)]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_copied_as_they_stand(write: Write, delimiter: str) -> None:
    rows = ["id|name|spent", '1|"a|b,c;d\te"|1.5', "2|x,y|", "bad|z|1", '3|"q"|2']
    job = load(write("\n".join(row.replace("|", delimiter) for row in rows) + "\n"), types={"id": "integer"})
    assert [line for line, _column, _reason in rejects_of(job)] == [4]
    found = [name for (name,) in answer("SELECT name FROM data.people ORDER BY id")]
    assert found == ["a|b,c;d\te".replace("|", delimiter), "x,y", "q"]


def test_rows_that_lie_in_the_order_of_their_key_are_written_once(write: Write) -> None:
    """The table is the staged one; nothing of its staging is left in it."""
    job = check_import(create_import(write(PEOPLE), "people", options=ImportOptions(key=["id"])))
    staged = answer(f"SELECT oid, relfilenode FROM pg_class WHERE oid = 'staging.import_{job.pk}'::regclass")
    table = apply_import(job).table
    assert table is not None
    kept = "SELECT oid, relfilenode, relpersistence::text, reloptions FROM pg_class WHERE oid = 'data.people'::regclass"
    ((oid, node, persistence, options),) = answer(kept)
    assert ([(oid, node)], persistence) == (staged, "p")
    assert not [option for option in options if "enabled" in option]
    assert "autovacuum_vacuum_scale_factor=0.05" in options
    assert table.row_estimate == 3
    assert [column.name for column in columns_of(read_relation("data", "people"))] == [
        "id",
        "name",
        "spent",
        "born",
    ]


@pytest.mark.parametrize("order", [range(500, 0, -1), sorted(range(1, 501), key=lambda n: n * 7 % 501)])
def test_rows_in_another_order_are_put_in_the_order_of_their_key(write: Write, order: Sequence[int]) -> None:
    job = load(write("id,name\n" + "".join(f"{number},n{number}\n" for number in [*order, 250])))
    assert (job.rows_inserted, job.rows_rejected) == (500, 1)
    assert [number for (number,) in answer("SELECT id FROM data.people ORDER BY ctid")] == [*range(1, 501)]
    query = "SELECT indisprimary, indisclustered FROM pg_index WHERE indrelid = 'data.people'::regclass"
    assert answer(query) == [(True, False)]


def test_a_table_may_be_called_like_a_staged_one(write: Write) -> None:
    """On its way a staged table passes by none of these names."""
    first = check_import(create_import(write(PEOPLE), "import_1", options=ImportOptions(key=["id"])))
    names = [f"import_{first.pk}", f"import_{first.pk + 1}", f"import_{first.pk + 2}"]
    for name in names[:2]:
        load(write(PEOPLE), name)
    assert apply_import(first).rows_inserted == 3
    assert set(Table.objects.values_list("slug", flat=True)) == {"import_1", *names[:2]}


def test_a_new_table_that_cannot_be_taken_over_stays_staged(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = check_import(create_import(write(PEOPLE), "people", options=ImportOptions(key=["id"])))
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "drop_staging", lambda job: answer("SELECT 1 / 0"))
        with pytest.raises(Exception, match="division by zero"):
            apply_import(job)
    job.refresh_from_db()
    assert (job.state, Table.objects.count()) == ("failed", 0)
    assert answer("SELECT to_regclass('data.people')") == [(None,)]
    assert apply_import(check_import(job)).rows_inserted == 3
    assert answer("SELECT count(*) FROM data.people") == [(3,)]


def test_repeated_composite_keys_are_named_with_their_first_line(write: Write) -> None:
    content = "a,b,c\n1,x,1\n1,y,2\n1,x,3\n2,x,4\n1,x,5\n1,y,6\n"
    job = load(write(content), key=["a", "b"])
    assert rejects_of(job) == [
        (4, "a, b", "The key was on an earlier line: 2"),
        (6, "a, b", "The key was on an earlier line: 2"),
        (7, "a, b", "The key was on an earlier line: 3"),
    ]
    assert answer("SELECT c FROM data.people ORDER BY c") == [(1,), (2,), (4,)]


def test_repeated_keys_are_told_apart_whatever_their_column_is_called(write: Write) -> None:
    job = load(write("first,line\n7,1\n8,2\n7,3\n"), key=["first"])
    assert rejects_of(job) == [(4, "first", "The key was on an earlier line: 2")]
    assert answer("SELECT first, line FROM data.people ORDER BY first") == [(7, 1), (8, 2)]


def test_every_bad_line_of_a_large_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "BLOCK", 256 << 10)
    truth = write_spoiled_csv(tmp_path / "large.csv", 30_000)
    job = load(tmp_path / "large.csv", "large")
    assert set(job.rejects.values_list("line_number", flat=True)) == set(truth.bad)
    assert (job.rows_inserted, job.lines_done) == (truth.fit, truth.lines)


# --- a table that is there ---


def test_upsert_updates_what_differs_and_inserts_what_is_new(write: Write) -> None:
    load(write(PEOPLE))
    job = load(write("ID,Spent\n1,99\n3,0.10\n4,5\n", "later.csv"))
    assert (job.rows_inserted, job.rows_updated) == (1, 1)
    rows = answer("SELECT id, name, spent::text FROM data.people ORDER BY id")
    assert rows == [(1, "Ada", "99"), (2, "김하늘", None), (3, "O'Neil, Jr", "0.10"), (4, None, "5")]


def test_the_same_file_again_changes_nothing(write: Write) -> None:
    load(write(PEOPLE))
    versions = answer("SELECT id, xmin::text, ctid::text FROM data.people ORDER BY id")
    job = load(write(PEOPLE))
    assert (job.rows_inserted, job.rows_updated, job.rows_rejected) == (0, 0, 0)
    assert answer("SELECT id, xmin::text, ctid::text FROM data.people ORDER BY id") == versions


def test_an_empty_cell_empties_the_field(write: Write) -> None:
    load(write(PEOPLE))
    assert load(write("id,name\n1,\n", "later.csv")).rows_updated == 1
    assert answer("SELECT name FROM data.people WHERE id = 1") == [(None,)]


def test_insert_refuses_keys_that_are_there(write: Write) -> None:
    load(write(PEOPLE))
    job = load(write("id,name\n1,Changed\n9,New\n", "later.csv"), mode="insert")
    assert rejects_of(job) == [(2, "id", "A row with this key is in the table already.")]
    assert (job.rows_inserted, job.rows_updated) == (1, 0)
    assert answer("SELECT name FROM data.people WHERE id = 1") == [("Ada",)]


def test_delete_removes_the_keys_listed_and_names_those_unknown(write: Write) -> None:
    load(write(PEOPLE))
    job = load(write("name,id\nwhatever,1\n,77\n", "gone.csv"), mode="delete")
    assert (job.rows_deleted, job.rows_inserted) == (1, 0)
    assert rejects_of(job) == [(3, "id", "No row of the table has this key.")]
    assert answer("SELECT id FROM data.people ORDER BY id") == [(2,), (3,)]


def test_a_decimal_of_fixed_digits_is_not_rounded(write: Write) -> None:
    load(write(PEOPLE))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE data.people ALTER COLUMN spent TYPE numeric(6, 2)")
    Table.objects.get(slug="people").fields.filter(slug="spent").update(database_type="numeric(6,2)")
    job = load(write("id,spent\n1,1.005\n2,12345\n3,1.500\n", "later.csv"))
    assert [line for line, _column, _reason in rejects_of(job)] == [2, 3]


@pytest.mark.parametrize("mode", ["upsert", "insert", "delete"])
def test_the_dry_run_says_what_the_real_run_does(write: Write, mode: str) -> None:
    load(write(PEOPLE))
    content = "id,name\n1,Ada\n2,Changed\n8,New\n8,Again\nx,Bad\n"
    job = create_import(
        write(content, "later.csv"), "people", options=ImportOptions(mode=ImportJob.Mode(mode))
    )
    check_import(job)
    foretold = [job.rows_inserted, job.rows_updated, job.rows_deleted, job.rows_rejected, rejects_of(job)]
    apply_import(job)
    assert foretold == [
        job.rows_inserted,
        job.rows_updated,
        job.rows_deleted,
        job.rows_rejected,
        rejects_of(job),
    ]
    assert job.rows_read == 5


# --- interruptions ---


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


def interrupted(job: ImportJob, *, after: int) -> None:
    def stop(job: ImportJob) -> None:
        if job.rows_read >= after:
            raise Killed

    with pytest.raises(Killed):
        check_import(job, progress=stop)
    job.refresh_from_db()


def test_an_interrupted_import_goes_on_where_it_was_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "BLOCK", 100 << 10)
    monkeypatch.setattr(portions, "BLOCKS", 1)
    truth = write_spoiled_csv(tmp_path / "large.csv", 5_000)
    job = create_import(tmp_path / "large.csv", "large", options=ImportOptions(key=["id"]))
    interrupted(job, after=2000)
    assert (job.state, 2000 <= job.rows_read < 4000) == ("reading", True)
    again: list[int] = []
    check_import(ImportJob.objects.get(pk=job.pk), progress=lambda job: again.append(job.rows_read))
    assert again[0] > 2000
    job.refresh_from_db()
    assert apply_import(job).rows_inserted == truth.fit
    assert set(job.rejects.values_list("line_number", flat=True)) == set(truth.bad)


def test_staged_rows_lost_with_the_server_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "BLOCK", 100 << 10)
    monkeypatch.setattr(portions, "BLOCKS", 1)
    truth = write_spoiled_csv(tmp_path / "large.csv", 3_000)
    job = create_import(tmp_path / "large.csv", "large", options=ImportOptions(key=["id"]))
    interrupted(job, after=1000)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE staging.import_{job.pk}")
    check_import(job)
    assert (job.rows_inserted, job.rows_rejected) == (truth.fit, len(truth.bad))
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE staging.import_{job.pk}")
    with pytest.raises(ImportRefused, match="Check the import again"):
        apply_import(job)
    assert apply_import(check_import(job)).rows_inserted == truth.fit


def test_rows_that_a_crash_would_take_never_become_a_table(write: Write) -> None:
    """As an earlier release staged them: read again, they are staged in the table to be."""
    job = check_import(create_import(write(PEOPLE), "people", options=ImportOptions(key=["id"])))
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE staging.import_{job.pk} SET UNLOGGED")
    with pytest.raises(ImportRefused, match="Check the import again"):
        apply_import(job)
    apply_import(check_import(job))
    assert answer("SELECT relpersistence FROM pg_class WHERE oid = 'data.people'::regclass") == [("p",)]


def test_a_file_that_changed_meanwhile_is_refused(write: Write) -> None:
    job = create_import(write(PEOPLE), "people", options=ImportOptions(key=["id"]))
    write(PEOPLE + "9,Eve,,\n")
    with pytest.raises(ImportRefused, match="not the one this import began with"):
        check_import(job)


def test_a_line_without_end_refuses_the_import_with_its_number(write: Write) -> None:
    job = create_import(write(PEOPLE + "x" * (5 << 20)), "people", options=ImportOptions(key=["id"]))
    with pytest.raises(ImportRefused, match="Line 5 does not end"):
        check_import(job)
    job.refresh_from_db()
    assert (job.state, "Line 5" in job.error) == ("refused", True)
    with pytest.raises(StateConflict):
        check_import(job)


def test_a_merge_that_fails_changes_nothing_and_may_be_tried_again(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(write(PEOPLE))
    job = check_import(create_import(write("id,name\n1,X\n9,New\n", "later.csv"), "people"))
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "analyze", lambda table: answer("SELECT 1 / 0"))
        with pytest.raises(Exception, match="division by zero"):
            apply_import(job)
    job.refresh_from_db()
    assert (job.state, "division by zero" in job.error) == ("failed", True)
    assert answer("SELECT name FROM data.people ORDER BY id")[0] == ("Ada",)
    assert apply_import(check_import(job)).rows_inserted == 1


def test_a_failure_that_quotes_a_row_is_kept_without_it(write: Write) -> None:
    load(write(PEOPLE))
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX ON data.people (name)")
    job = check_import(create_import(write("id,name\n9,Ada\n", "later.csv"), "people"))
    with pytest.raises(IntegrityError, match="Ada"):
        apply_import(job)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "unique constraint" in job.error
    assert "Ada" not in job.error


def test_an_import_is_applied_once(write: Write) -> None:
    job = load(write(PEOPLE))
    with pytest.raises(ImportRefused, match="only a checked import can be applied"):
        apply_import(job)


def test_a_table_created_meanwhile_is_not_overwritten(write: Write) -> None:
    job = check_import(create_import(write(PEOPLE), "people", options=ImportOptions(key=["id"])))
    load(write("id\n5\n", "other.csv"))
    with pytest.raises(ImportRefused, match="created or removed since"):
        apply_import(job)
    assert answer("SELECT id FROM data.people") == [(5,)]


def test_a_cancelled_import_leaves_the_table_and_keeps_the_rejects(write: Write) -> None:
    options = ImportOptions(key=["id"], types={"id": "integer"})
    job = check_import(create_import(write(PEOPLE + "x,,,\n"), "people", options=options))
    cancel_import(job)
    assert (job.state, job.rejects.count(), Table.objects.count()) == ("cancelled", 1, 0)
    assert answer(f"SELECT to_regclass('staging.import_{job.pk}')") == [(None,)]


def test_two_processes_cannot_work_on_one_import(write: Write) -> None:
    job = create_import(write(PEOPLE), "people", options=ImportOptions(key=["id"]))
    with psycopg.connect(**server()) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [jobs.LOCK_CLASS, job.pk])
        with pytest.raises(ImportRefused, match="Another process is working on this import"):
            check_import(job)
        other.execute("SELECT pg_advisory_unlock(%s, %s)", [jobs.LOCK_CLASS, job.pk])
        assert check_import(job).state == "checked"


@pytest.mark.django_db(transaction=True)
def test_progress_is_committed_as_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another connection sees the rows read while the import is still reading."""
    monkeypatch.setattr(records, "BLOCK", 50 << 10)
    monkeypatch.setattr(portions, "BLOCKS", 1)
    write_spoiled_csv(tmp_path / "large.csv", 2_000)
    job = create_import(tmp_path / "large.csv", "large", options=ImportOptions(key=["id"]))
    with psycopg.connect(**server(), autocommit=True) as other:
        seen = []
        query = "SELECT rows_read, bytes_done FROM campaigns_importjob WHERE id = %s"
        check_import(job, progress=lambda job: seen.append(other.execute(query, [job.pk]).fetchone()))
    assert len(seen) > 3
    assert seen == sorted(set(seen))
    assert seen[-1] == (job.rows_read, job.bytes_total)
    cancel_import(job)
    assert not transaction.get_connection().in_atomic_block
