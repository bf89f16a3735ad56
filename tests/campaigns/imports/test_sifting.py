import io
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.imports import records, sifting
from campaigns.imports.checking import Checked, Checker
from campaigns.imports.plans import Plan
from campaigns.imports.records import Dialect, Fault, Position, RecordParser, RecordReader
from campaigns.imports.sifting import Sieve, sifted
from campaigns.targeting.schema import FieldType
from tests.campaigns.imports.test_fit_runs import plan_of, rows_of
from tests.rounds import rounds

T = FieldType
BEGINNING = Position(0, 0)
PLAN = plan_of(T.INTEGER, T.TEXT, T.DATE, key=True)
PIECES = (
    b"1,a,2017-01-01\n", b"2,,\n", b'3,"b\nc",\r\n', b'4,"""",2016-02-29\n', b"\n", b"\r\n", b"x,a,\n", b",a,\n",
    b"5,a,2017-02-29\n", b"6,a\n", b"7,a,,\n", b'8,"a,\n', b'9,a",\n', b'"10","","2017-01-01"\n', b"11,a\rb,\n",
    b"12,\xe4,\n", b"13,a\0b,\n", b'14,"\r",\n', b'15,"\xff",\n', '16,"김\r\n하늘",\n'.encode(), b'"\n', b'17,"x"y,\n',
    b" 18 ,a,\n", b"1e3,a,\n", b'19,"' + b"long" * 30 + b'",\n', b"9223372036854775808,,\n",
)  # fmt: skip


def judged(data: bytes, plan: Plan = PLAN) -> tuple[list[list[str]], list[Fault], Position]:
    """Without runs: all of it record by record."""
    reader = RecordReader(io.BytesIO(data), delimiter=plan.delimiter, width=plan.width, start=BEGINNING)
    return gathered([Checker(plan).check(batch) for batch in reader])


def gathered(batches: list[Checked]) -> tuple[list[list[str]], list[Fault], Position]:
    rows = [row for batch in batches for row in rows_of(batch.text)]
    assert len(rows) == sum(batch.rows for batch in batches)
    return rows, [fault for batch in batches for fault in batch.faults], batches[-1].end


def in_batches(data: bytes, start: Position = BEGINNING) -> list[Checked]:
    return list(sifted(io.BytesIO(data), PLAN, start))


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=40), st.integers(200, 2000), st.booleans())
@settings(max_examples=rounds(300, 600), deadline=None)
def test_sifting_finds_what_judging_everything_finds_whatever_the_blocks(
    pieces: list[bytes], block: int, ended: bool
) -> None:
    data = b"".join(pieces)[: None if ended else -1] or b"\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "BLOCK", block)
        assert gathered(in_batches(data)) == judged(data)


def test_reading_on_from_any_batch_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "BLOCK", 300)
    data = b"".join(PIECES) * 10
    batches = in_batches(data)
    assert len(batches) > 10
    for done, batch in enumerate(batches[:-1], 1):
        again = in_batches(data, batch.end)
        assert gathered(batches[:done] + again) == gathered(batches)


def test_faults_and_rows_come_in_the_order_of_the_file() -> None:
    (checked,) = [batch for batch in in_batches(b"".join(PIECES) * 3) if batch.rows]
    lines = [int(row[0]) for row in rows_of(checked.text)]
    assert all(before < after for before, after in pairwise(lines))
    assert all(before.line < after.line for before, after in pairwise(checked.faults))


class Watched(RecordParser):
    """Keeps how much it was given to judge."""

    def __init__(self) -> None:
        super().__init__(Dialect(","), 3)
        self.given: list[int] = []

    def parse(self, data: bytes, at: Position, final: bool) -> records.Batch:
        self.given += [len(data)] if data else []
        return super().parse(data, at, final)


def given_to_judge(data: bytes) -> list[int]:
    sieve, parser = Sieve(PLAN), Watched()
    sieve._parser = parser
    assert sieve.sift(data, BEGINNING, True).end.offset == len(data)
    return parser.given


def test_only_the_lines_that_need_it_are_judged() -> None:
    assert given_to_judge(b"1,a,\n" * 5000 + b"x,a,\n" + b"1,a,\n" * 5000 + b"y,a,\n") == [5, 5]
    assert given_to_judge(b"1,a,\n" * 5000) == []


@pytest.mark.parametrize("line", [b"x,a,\n", b"x,a,\n1,a,\n", b"\n", b'"\n', b'1,"a,\n1,a,\n'])
def test_where_runs_are_short_ever_more_is_judged_at_once(line: bytes) -> None:
    given = given_to_judge(line * 50_000)
    assert len(given) < 40
    assert sum(given) < 4 * len(line) * 50_000


def test_a_stray_quote_costs_its_line_and_not_the_block() -> None:
    data = b'1,"open,\n' + b"2,b,\n" * 400_000
    checked = Sieve(PLAN).sift(data, BEGINNING, False)
    assert ([fault.line for fault in checked.faults], checked.rows) == ([1], 400_000)
    assert sum(given_to_judge(data)) < 2 * sifting.MOST_AT_ONCE
