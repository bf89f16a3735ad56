"""Rows by program: what is refused, what is left out, and what changes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from campaigns.ddl.creation import create_tables
from campaigns.ddl.planning import plan_tables
from campaigns.imports.feed_rows import read_lines
from campaigns.imports.feeds import MOST_ROWS, feed_rows
from campaigns.models import AuditEntry, ConsentRecord, ImportJob, Table
from campaigns.problems import ProblemsError
from campaigns.registration import register_table
from tests.campaigns.shop import open_shop

pytestmark = pytest.mark.django_db
UPSERT, INSERT, DELETE = ImportJob.Mode.UPSERT, ImportJob.Mode.INSERT, ImportJob.Mode.DELETE
PERSON = """CREATE TABLE person (id bigint PRIMARY KEY, name text, balance numeric(8, 2), score float, born date,
    seen timestamptz, active boolean, token uuid, extra jsonb)"""
SEAT = "CREATE TABLE seat (hall text, number int, taken boolean, PRIMARY KEY (hall, number))"


@pytest.fixture
def person(db: None) -> Table:
    (table,) = create_tables(plan_tables(PERSON))
    return table


def rows(table: str = "person", columns: str = "id, name") -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM data.{table} ORDER BY 1, 2")
        return cursor.fetchall()


def refused(table: Table, sent: list[Any], mode: ImportJob.Mode = UPSERT) -> list[tuple[str, str]]:
    with pytest.raises(ProblemsError) as refusal:
        feed_rows(table, sent, mode=mode)
    assert all(problem.message and problem.remedy for problem in refusal.value.problems)
    return [(problem.path, problem.code) for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({}, "id"),
        ({"id": None}, "id"),
        ({"id": ""}, "id"),
        ({"id": True}, "id"),
        ({"id": 1.5}, "id"),
        ({"id": 2**63}, "id"),
        ({"id": "one"}, "id"),
        ({"id": [1]}, "id"),
        ({"id": 1, "name": 7}, "name"),
        ({"id": 1, "name": "a\0b"}, "name"),
        ({"id": 1, "name": "\ud800"}, "name"),
        ({"id": 1, "name": "x" * 200_000}, "name"),
        ({"id": 1, "balance": "1.234"}, "balance"),
        ({"id": 1, "balance": 10**9}, "balance"),
        ({"id": 1, "score": "NaN"}, "score"),
        ({"id": 1, "born": "2018-02-30"}, "born"),
        ({"id": 1, "born": "tomorrow"}, "born"),
        ({"id": 1, "seen": 1_500_000_000}, "seen"),
        ({"id": 1, "active": 1}, "active"),
        ({"id": 1, "token": "1234"}, "token"),
        ({"id": 1, "extra": {"a": "\0"}}, "extra"),
        ({"id": 1, "extra": {"a": [float("inf")]}}, "extra"),
        ({"id": 1, "extra": {"a": Decimal("1e131072")}}, "extra"),
        ({"id": 1, "extra": [Decimal("-1e-16384")]}, "extra"),
        ({"id": 1, "extra": Decimal("1e999999999999")}, "extra"),
        ({"id": 1, "nmae": "x"}, "nmae"),
        ({"id": 1, 'x"; DROP TABLE data.person; --': 1}, 'x"; DROP TABLE data.person; --'),
    ],
)
def test_an_unfit_row_is_named_and_refuses_them_all(person: Table, row: dict[str, Any], field: str) -> None:
    assert refused(person, [{"id": 5, "name": "fine"}, row]) == [(f"/rows/1/{field}", "feed.unfit_row")]
    assert rows() == []
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize("row", [None, 1, "x", [1], [{"id": 1}]])
def test_what_is_no_object_is_no_row(person: Table, row: Any) -> None:
    assert refused(person, [row]) == [("/rows/0", "feed.unfit_row")]


def test_no_rows_and_too_many_rows_are_refused(person: Table) -> None:
    assert refused(person, []) == [("", "feed.bad_number_of_rows")]
    assert refused(person, [{"id": 1}] * (MOST_ROWS + 1)) == [("", "feed.bad_number_of_rows")]


def test_only_managed_tables_are_written_to_so_that_no_feed_raises_a_consent() -> None:
    open_shop()
    external = register_table("shop", "person").table
    consents = register_table("public", "campaigns_consent", origin=Table.Origin.SYSTEM).table
    for table in (external, consents):
        assert refused(table, [{"person_id": 1}]) == [("", "feed.not_managed")]
    assert not ConsentRecord.objects.exists()


def test_a_table_without_a_key_takes_no_rows() -> None:
    (table,) = create_tables(plan_tables("CREATE TABLE t (a int)"))
    assert refused(table, [{"a": 1}]) == [("", "feed.no_key")]


def test_rows_are_inserted_and_only_fields_sent_are_updated(person: Table) -> None:
    first = {
        "id": 1,
        "name": "Ada",
        "balance": "12.5",
        "born": "1815-12-10",
        "active": True,
        "extra": {"a": [1]},
    }
    made = feed_rows(person, [first, {"id": "2", "name": "김"}], mode=UPSERT)
    assert (made.outcome.inserted, made.refused) == (2, 0)
    changed = feed_rows(person, [{"id": 1, "name": "Ada L."}, {"id": 2, "balance": None}], mode=UPSERT)
    assert (changed.outcome.inserted, changed.outcome.updated) == (0, 1)
    assert rows(columns="id, name, balance::text, active, extra::text") == [
        (1, "Ada L.", "12.50", True, '{"a": [1]}'),
        (2, "김", None, None, None),
    ]


def test_partial_feeds_leave_unfit_rows_out_and_name_them(person: Table) -> None:
    sent = [{"id": 1, "name": "a"}, {"id": "x"}, 7, {"id": "01", "name": "again"}, {"id": 2}]
    fed = feed_rows(person, sent, mode=UPSERT, partial=True)
    assert [(fault.row, fault.field) for fault in fed.faults] == [(2, "id"), (3, ""), (4, "id")]
    assert (fed.outcome.inserted, fed.refused, fed.job.state) == (2, 3, "succeeded")
    assert (fed.job.rows_read, fed.job.rows_accepted, fed.job.rows_rejected) == (5, 2, 3)
    assert list(fed.job.rejects.values_list("line_number", flat=True)) == [2, 3, 4]
    assert rows() == [(1, "a"), (2, None)]


def test_a_number_no_database_holds_costs_its_own_row_only(person: Table) -> None:
    lines = [
        '{"id": 1, "extra": {"a": 1e400000}}',
        '{"id": 2, "extra": {"a": 1e400}}',
        '{"id": 3, "score": 1e400}',
    ]
    fed = feed_rows(person, list(read_lines("\n".join(lines))), mode=UPSERT, partial=True)
    assert [(fault.row, fault.field) for fault in fed.faults] == [(1, "extra"), (3, "score")]
    assert rows(columns="id, (extra->'a')::numeric = 1e400") == [(2, True)]


@pytest.mark.parametrize(
    "number",
    [
        "12345678901234567.89",
        "0.1",
        "-0.10",
        "1e-16383",
        "1E+131071",
        "123456789012345678901234567890",
        "1e3",
        "7",
    ],
)
def test_numbers_inside_json_keep_every_digit(person: Table, number: str) -> None:
    feed_rows(
        person, list(read_lines(f'{{"id": 1, "extra": {{"a": [{number}, "x", null, true]}}}}')), mode=UPSERT
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT (extra->'a'->0)::numeric = %s::numeric, extra->'a' FROM data.person", [number])
        same, kept = cursor.fetchone()
    assert same
    assert '"x", null, true]' in kept


def test_insert_refuses_keys_that_are_there(person: Table) -> None:
    feed_rows(person, [{"id": 1, "name": "a"}], mode=UPSERT)
    assert refused(person, [{"id": 2}, {"id": 1}], mode=INSERT) == [("/rows/1/id", "feed.unfit_row")]
    fed = feed_rows(person, [{"id": 2}, {"id": 1, "name": "b"}], mode=INSERT, partial=True)
    assert ([fault.row for fault in fed.faults], fed.outcome.inserted) == ([2], 1)
    assert rows() == [(1, "a"), (2, None)]


def test_rows_are_deleted_by_a_composite_key() -> None:
    (seat,) = create_tables(plan_tables(SEAT))
    feed_rows(seat, [{"hall": "A", "number": n} for n in range(3)], mode=UPSERT)
    assert refused(seat, [{"hall": "A", "number": 9}], mode=DELETE) == [
        ("/rows/0/hall, number", "feed.unfit_row")
    ]
    fed = feed_rows(seat, [{"hall": "A", "number": 1, "taken": True}], mode=DELETE)
    assert fed.outcome.deleted == 1
    assert rows("seat", "number, hall") == [(0, "A"), (2, "A")]


def test_a_feed_is_audited_and_leaves_no_staging(person: Table) -> None:
    fed = feed_rows(person, [{"id": 1}], mode=UPSERT)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object, entry.detail) == (
        "feed.upsert",
        "table person",
        {"number": fed.job.pk, "rows": 1},
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('staging')")
        assert cursor.fetchone() == (0,)


def test_statistics_follow_a_big_feed_and_are_reckoned_after_a_small_one(person: Table) -> None:
    feed_rows(person, [{"id": n} for n in range(1_000)], mode=UPSERT)
    person.refresh_from_db()
    assert person.row_estimate == 1_000
    feed_rows(person, [{"id": n} for n in range(10)], mode=DELETE)
    person.refresh_from_db()
    assert person.row_estimate == 990


def test_lines_that_are_no_json_are_no_rows() -> None:
    deep = "[" * 100_000
    found = list(read_lines('{"id": 1}\n\nnot json\n{"id": NaN}\n{"a": 1, "a": 2}\n' + deep))
    assert found == [{"id": 1}, "not json", '{"id": NaN}', '{"a": 1, "a": 2}', deep]
