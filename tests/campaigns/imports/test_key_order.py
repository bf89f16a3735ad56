import io
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.imports import key_order, portions, records
from campaigns.imports.checking import Checked, Checker
from campaigns.imports.jobs import apply_import, check_import, create_import
from campaigns.imports.key_order import Behind, KeyOrder
from campaigns.imports.plans import ImportOptions, Plan
from campaigns.imports.records import Dialect, Position, RecordParser
from campaigns.imports.sifting import sifted
from campaigns.targeting.schema import FieldType
from tests.campaigns.imports.test_fit_runs import plan_of
from tests.campaigns.imports.test_jobs import Write, interrupted, load, rejects_of, write
from tests.rounds import rounds

__all__ = ["write"]

T = FieldType
PLAN = plan_of(T.INTEGER, T.TEXT, key=True)


def ended(*records: bytes) -> bytes:
    return b"".join(record + b"\n" for record in records)


def behind(*records: bytes, plan: Plan = PLAN) -> list[int] | None:
    found = KeyOrder(plan).behind(ended(*records))
    return None if found is None else list(found)


def test_what_repeats_a_key_in_another_form_falls_behind() -> None:
    assert behind(b"7,a", b"07,b", b" +7 ,c", b"8,d", b"-7,e", b"9,f") == [7, 7, -7]


def test_rising_keys_fall_nowhere_behind_not_even_below_zero() -> None:
    assert behind(b"-9223372036854775808,a", b"-1,b", b"0,c", b"9223372036854775807,d") == []


def test_a_key_is_compared_with_the_largest_before_not_with_the_last() -> None:
    assert behind(b"1,a", b"9,b", b"2,c", b"5,d", b"9,e") == [2, 5, 9]


def test_the_largest_is_remembered_from_one_run_to_the_next() -> None:
    order = KeyOrder(PLAN)
    assert order.behind(ended(b"5,a")) == ()
    assert order.behind(ended()) == ()
    assert order.behind(ended(b"5,a", b"6,a")) == [5]
    assert order.behind(ended(b"6,a")) == [6]


def test_after_a_number_in_quotes_any_row_may_repeat_a_key() -> None:
    order = KeyOrder(PLAN)
    assert order.behind(ended(b"1,a", b'"2",b')) is None
    assert order.behind(ended(b"3,a")) is None


def test_after_more_zeros_than_can_be_read_any_row_may_repeat_a_key() -> None:
    zeros = b"0" * 5000
    assert behind(b"1,a", zeros + b"2,b") is None
    judged = Checker(PLAN).check(RecordParser(Dialect(","), 2).parse(zeros + b"2,b\n", Position(0, 0), True))
    assert (judged.rows, judged.behind) == (1, None)


@pytest.mark.parametrize(
    "plan",
    [
        plan_of(T.TEXT, T.TEXT, key=True),
        plan_of(T.INTEGER, T.TEXT),
        PLAN.model_copy(update={"columns": tuple(c.model_copy(update={"key": True}) for c in PLAN.columns)}),
        PLAN.model_copy(update={"columns": PLAN.columns[::-1][:1]}),
        PLAN.model_copy(
            update={
                "columns": tuple(
                    c.model_copy(update={"key": not c.key, "type": T.INTEGER}) for c in PLAN.columns
                )
            }
        ),
    ],
    ids=["text", "no key", "two columns", "left out", "not the first"],
)
def test_other_keys_are_not_followed(plan: Plan) -> None:
    assert behind(b"1,2", b"2,3", plan=plan) is None


# --- over the whole of a file ---

CELLS = st.integers(0, 30).flatmap(lambda n: st.sampled_from([f"{n}", f"0{n}", f" {n} ", f"+{n}"]))
ROWS = st.lists(st.tuples(CELLS, st.sampled_from(["a", '"b\nc"', "x" * 90])), min_size=1, max_size=60)


@given(ROWS, st.booleans(), st.integers(200, 1000))
@settings(max_examples=rounds(200, 2000), deadline=None)
def test_every_repeated_key_is_among_those_behind(
    rows: list[tuple[str, str]], is_sorted: bool, block: int
) -> None:
    rows = sorted(rows, key=lambda row: int(row[0])) if is_sorted else rows
    data = "".join(f"{key},{text}\n" for key, text in rows).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "BLOCK", block)
        batches = list(sifted(io.BytesIO(data), PLAN, Position(0, 0)))
    gathered = Behind(from_start=True)
    assert list(gathered.noted(batches)) == batches
    times = Counter(int(key) for key, _text in rows)
    assert gathered.keys is not None
    assert {key for key, count in times.items() if count > 1} <= set(gathered.keys)


def test_the_keys_of_rows_that_are_judged_one_by_one_are_always_looked_for() -> None:
    data = b"1,a\n2,a\rb\n" + b'"3",b\n4,"c\xff"\n5,d\n'
    (judged,) = [Checker(PLAN).check(RecordParser(Dialect(","), 2).parse(data, Position(0, 0), True))]
    assert judged.behind == [1, 3, 5]
    composite = plan_of(T.TEXT, T.TEXT, key=True)
    assert (
        Checker(composite).check(RecordParser(Dialect(","), 2).parse(data, Position(0, 0), True)).behind
        is None
    )


def noted(*behind: list[int] | None, from_start: bool = True) -> list[int] | None:
    gathered = Behind(from_start=from_start)
    list(gathered.noted(Checked(0, b"", [], Position(0, 0), each) for each in behind))
    return gathered.keys


def test_keys_are_gathered_unless_any_row_may_repeat_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert noted([1], [], [5, 6]) == [1, 5, 6]
    assert noted([1], None, [5]) is None
    assert noted([], from_start=False) is None
    monkeypatch.setattr(key_order, "MOST_BEHIND", 3)
    assert noted([1, 2], [3]) == [1, 2, 3]
    assert noted([1, 2], [3, 4], []) is None


# --- in an import ---

CONTENT = "id,name\n1,a\n2,b\n3,c\n2,d\n4,e\n 4 ,f\n2,g\n5,h\n"
REPEATED = [
    (5, "id", "The key was on an earlier line: 3"),
    (7, "id", "The key was on an earlier line: 6"),
    (8, "id", "The key was on an earlier line: 3"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("most", [0, 2, 3, 100])
def test_repeated_keys_are_named_however_many_rows_may_be_behind(
    write: Write, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(key_order, "MOST_BEHIND", most)
    job = load(write(CONTENT))
    assert rejects_of(job) == REPEATED
    assert (job.rows_inserted, job.rows_rejected) == (5, 3)
    again = load(write(CONTENT))
    assert (rejects_of(again), again.rows_updated) == (REPEATED, 0)


@pytest.mark.django_db
def test_where_no_row_falls_behind_the_key_is_built_at_once(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaigns.imports.merging._reject_repeated", lambda *_given: pytest.fail("searched"))
    job = load(write("id,name\n1,a\n2,b\n3,c\n"))
    assert (job.rows_inserted, job.rows_rejected) == (3, 0)


@pytest.mark.django_db
def test_a_key_that_was_read_before_an_interruption_is_found(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "BLOCKS", 1)
    monkeypatch.setattr(records, "BLOCK", 16)
    job = create_import(write(CONTENT), "people", options=ImportOptions(key=["id"]))
    interrupted(job, after=3)
    assert 0 < job.rows_accepted < 5
    apply_import(check_import(job))
    assert (rejects_of(job), job.rows_inserted) == (REPEATED, 5)
