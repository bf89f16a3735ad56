import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.imports import records
from campaigns.imports.records import Fault, Position, RecordReader
from campaigns.imports.refusals import ImportRefused

Rows = list[tuple[int, list[str]]]
BEGINNING = Position(0, 0)


def read(content: bytes, *, start: Position = BEGINNING) -> tuple[Rows, list[Fault], Position]:
    rows: Rows = []
    faults: list[Fault] = []
    end = start
    for batch in RecordReader(io.BytesIO(content), delimiter=",", width=3, start=start):
        rows += zip(batch.lines, batch.rows, strict=True)
        faults += batch.faults
        end = batch.end
    return rows, faults, end


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"a,b", "2 cells where the header has 3"),
        (b"a,b,c,d", "4 cells where the header has 3"),
        (b'a,"b"x,c', "text after a closing quote"),
        (b'a,"b,c', "A quote is opened and never closed"),
        (b"a,b\rb,c", "carriage return in the middle"),
        (b"a,b\0b,c", "Cell 2 holds a NUL byte"),
        (b"a,b,\xe4", "Cell 3 is not UTF-8"),
        (b"a," + b"x" * 140_000 + b",c", "longer than 131,072 characters"),
    ],
    ids=["few", "many", "after quote", "unclosed", "lone return", "NUL", "not UTF-8", "huge cell"],
)
def test_a_malformed_line_is_named_and_costs_no_other(line: bytes, reason: str) -> None:
    rows, faults, end = read(b"1,2,3\n" + line + b"\n4,5,6\n")
    assert rows == [(1, ["1", "2", "3"]), (3, ["4", "5", "6"])]
    assert [(fault.line, reason in fault.reason) for fault in faults] == [(2, True)]
    assert end.line == 3


def test_a_stray_quote_does_not_swallow_the_quoted_cells_that_follow() -> None:
    rows, faults, _end = read(b'1,"open,3\n4,5,6\n7,"quoted, cell",9\n')
    assert [line for line, _row in rows] == [2, 3]
    assert [(fault.line, fault.content) for fault in faults] == [(1, '1,"open,3')]


def test_a_stray_quote_far_from_the_next_costs_its_line_only() -> None:
    rows, faults, _end = read(b'0,"open,0\n' + b"1,2,3\n" * 500_000)
    assert (len(rows), [fault.line for fault in faults]) == (500_000, [1])


def test_lines_are_physical_where_cells_hold_line_feeds() -> None:
    rows, faults, end = read(b'1,"a\nb\nc",3\n\n4,5,6\nx\n"7\n",8,9\n')
    assert [line for line, _row in rows] == [1, 5, 7]
    assert [fault.line for fault in faults] == [6]
    assert end == Position(30, 8)


def test_blank_lines_are_no_rows_but_count_as_lines() -> None:
    rows, faults, _end = read(b"\n1,2,3\r\n\r\n\n4,5,6")
    assert ([line for line, _row in rows], faults) == ([2, 5], [])


def test_a_record_of_the_wrong_width_over_two_lines_is_one_fault_with_all_it_holds() -> None:
    _rows, faults, _end = read(b'1,"a\nb"\n4,5,6\n')
    assert [(fault.line, fault.content) for fault in faults] == [(1, '1,"a\nb"')]


def test_odd_bytes_are_shown_as_escapes() -> None:
    _rows, faults, _end = read(b"a,b\0b,\xe4\n")
    assert faults[0].content == "a,b\\x00b,\\xe4"


def test_a_line_without_end_is_refused_by_number() -> None:
    with pytest.raises(ImportRefused, match="Line 2 does not end within 2 MB"):
        read(b"1,2,3\n" + b"x" * (records.LONGEST_LINE + 10))


def test_a_line_of_ten_gigabytes_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "endless.csv"
    with path.open("wb") as stream:
        stream.write(b"1,2,3\nx")
        stream.truncate(10 << 30)
    tracemalloc.start()
    with path.open("rb") as stream, pytest.raises(ImportRefused, match="Line 2"):
        list(RecordReader(stream, delimiter=",", width=3, start=BEGINNING))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20


@pytest.mark.parametrize("line", [b'"\n', b"\n", b'a"\n', b'"a"b\n', b'"",",\n'])
def test_a_file_of_hostile_lines_takes_linear_time(line: bytes) -> None:
    """Going back to the start of the block after each would take minutes."""
    _rows, _faults, end = read(line * 100_000)
    assert end.line == 100_000


@given(
    rows=st.lists(st.lists(st.text(max_size=8), min_size=3, max_size=3), max_size=30),
    ends=st.sampled_from(["\n", "\r\n"]),
    block=st.integers(min_value=300, max_value=400),
)
@settings(max_examples=300, deadline=None)
def test_what_was_written_is_read_at_its_lines_whatever_the_blocks(
    rows: list[list[str]], ends: str, block: int
) -> None:
    sound = [[cell.replace("\0", "") for cell in row] for row in rows]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=ends, quoting=csv.QUOTE_ALL)
    expected, line = [], 1
    for row in sound:
        writer.writerow(row)
        expected.append((line, row))
        line += 1 + sum(cell.count("\n") for cell in row)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "BLOCK", block)
        found, faults, end = read(stream.getvalue().encode())
    assert (found, faults, end.line) == (expected, [], line - 1)


@given(st.binary(max_size=400))
@settings(max_examples=500, deadline=None)
def test_any_bytes_at_all_are_read_to_their_end(content: bytes) -> None:
    _rows, _faults, end = read(content)
    last_line_is_open = content != b"" and not content.endswith(b"\n")
    assert end == Position(len(content), content.count(b"\n") + last_line_is_open)


def test_reading_on_from_any_batch_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b'1,"a\nb",3\n\n4,5,6\nx\n7,"8,9\n"7\n",8,9\n' * 40
    monkeypatch.setattr(records, "BLOCK", 100)
    whole_rows, whole_faults, _end = read(content)
    batches = list(RecordReader(io.BytesIO(content), delimiter=",", width=3, start=BEGINNING))
    assert len(batches) > 5
    for place, batch in enumerate(batches):
        rows, faults, _end = read(content, start=batch.end)
        done = sum(len(before.rows) for before in batches[: place + 1])
        failed = sum(len(before.faults) for before in batches[: place + 1])
        assert (rows, faults) == (whole_rows[done:], whole_faults[failed:])
