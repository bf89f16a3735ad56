import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.spoiled_csv import HEADER, SPOILERS
from campaigns.imports.cells import form_of
from campaigns.imports.checking import Checker
from campaigns.imports.fit_runs import FitRuns
from campaigns.imports.plans import Plan, PlanColumn
from campaigns.imports.records import LONGEST_CELL, Dialect, Position, RecordParser
from campaigns.targeting.schema import FieldType
from tests.campaigns.imports.test_cells import FIT, UNFIT, cases
from tests.rounds import rounds

T = FieldType
TYPES = (T.INTEGER, T.DECIMAL, T.FLOAT, T.BOOLEAN, T.DATE, T.DATETIME, T.UUID, T.TEXT)
SPOILED = (T.INTEGER, T.TEXT, T.TEXT, T.DECIMAL, T.FLOAT, T.DATE, T.DATETIME, T.BOOLEAN, T.UUID, T.TEXT)
SOUND = ["7", "a@example.com", "Name 7", "12.50", "0.5", "1990-01-31", "2017-01-01T10:00:00Z", "true",
         "00000000-0000-4000-8000-000000000001", "plain"]  # fmt: skip
WRITTEN_SELDOM = ["0.0e-999", "1e308", "-1.7976931348623157e308", "2.2250738585072014e-308", "5e-324"]
START = Position(0, 0)


def plan_of(*types: FieldType, key: bool = False, delimiter: str = ",", digits: bool = False) -> Plan:
    columns = tuple(
        PlanColumn(
            place=place,
            header=f"c{place}",
            name=f"c{place}",
            type=type_,
            key=key and place == 0,
            digits=(6, 2) if digits else None,
        )
        for place, type_ in enumerate(types)
    )
    return Plan(delimiter=delimiter, width=len(types), offset=0, line=0, columns=columns)


def rows_of(text: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode(), newline=""), delimiter=delimiter))


def rows_in(plan: Plan, data: bytes) -> int:
    return FitRuns(plan).at(data, 0, 1).rows


def prove_same(plan: Plan, data: bytes) -> int:
    """What a run takes, judging takes too, as the same rows on the same lines; the number of them."""
    run = FitRuns(plan).at(data, 0, 1)
    batch = RecordParser(Dialect(plan.delimiter), plan.width).parse(data[: run.size], START, True)
    judged = Checker(plan).check(batch)
    assert judged.faults == []
    assert (run.rows, Position(run.size, run.lines)) == (judged.rows, judged.end)
    assert rows_of(run.text, plan.delimiter) == rows_of(judged.text, plan.delimiter)
    return run.rows


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@pytest.mark.parametrize("kind", [kind for kind in SPOILERS if kind != "repeated key"])
def test_no_spoiled_line_is_taken(kind: str) -> None:
    """But for repeated keys, which only the database sees."""
    assert HEADER.count(b",") + 1 == len(SPOILED)
    plan = plan_of(*SPOILED, key=True)
    line = SPOILERS[kind](list(SOUND))
    sound = ",".join(SOUND).encode() + b"\n"
    assert rows_in(plan, line + sound * 5) == 0
    assert rows_in(plan, sound * 5 + line + sound) == 5


@pytest.mark.parametrize(("type_", "cell"), cases(UNFIT))
def test_what_is_unfit_is_not_taken_quoted_or_not(type_: FieldType, cell: str) -> None:
    plan = plan_of(type_, T.TEXT)
    assert rows_in(plan, f"{cell},x\n".encode()) == 0
    assert rows_in(plan, f"{quoted(cell)},x\n".encode()) == 0


@pytest.mark.parametrize(
    "cell",
    [b"a\0b", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe4", b"\xe0\x80\x80", b"a\rb", b'a"b',
     b'"a', b'"a"b', b'"a\0"', b'"\xff"'],
)  # fmt: skip
def test_text_that_cannot_be_stored_or_is_malformed_is_not_taken(cell: bytes) -> None:
    assert rows_in(plan_of(T.TEXT, T.TEXT), cell + b",x\n") == 0
    assert rows_in(plan_of(T.TEXT, T.TEXT, key=True), cell + b",x\n") == 0


@pytest.mark.parametrize("cell", [b"", b'""', b"k" * 201, b'"' + "한".encode() * 201 + b'"'])
def test_an_empty_or_long_key_is_not_taken(cell: bytes) -> None:
    assert rows_in(plan_of(T.TEXT, T.TEXT, key=True), cell + b",x\n") == 0


@pytest.mark.parametrize("type_", TYPES)
def test_an_empty_key_of_any_type_is_not_taken(type_: FieldType) -> None:
    assert rows_in(plan_of(type_, T.TEXT, key=True), b",x\n") == 0
    assert rows_in(plan_of(type_, T.TEXT, key=True), b'"",x\n') == 0
    assert rows_in(plan_of(type_, T.TEXT), b',x\n"",y\n') == 2


@pytest.mark.parametrize("long", [b"x" * (LONGEST_CELL + 1), b'"' + b"x\n" * LONGEST_CELL + b'"'])
def test_a_run_ends_before_a_cell_that_is_too_long(long: bytes) -> None:
    data = b'1,"a\nb"\n2,c\n'
    run = FitRuns(plan_of(T.INTEGER, T.TEXT)).at(data + b"3," + long + b"\n4,d\n", 0, 1)
    assert (run.rows, run.size, run.lines) == (2, len(data), 3)


def test_a_line_that_is_not_ended_or_blank_ends_a_run() -> None:
    plan = plan_of(T.INTEGER, T.TEXT)
    assert rows_in(plan, b"1,a\n2,b") == 1
    assert rows_in(plan, b"1,a\n\n2,b\n") == 1
    assert rows_in(plan, b'1,a\n2,"open\n') == 1


def test_where_cells_are_left_out_moved_or_of_no_regular_type_nothing_is_taken() -> None:
    plan = plan_of(T.INTEGER, T.TEXT)
    left_out = plan.model_copy(update={"width": 3})
    moved = plan.model_copy(update={"columns": plan.columns[::-1]})
    for other in (left_out, moved, plan_of(T.INTEGER, T.JSON)):
        assert not FitRuns(other).possible
        assert rows_in(other, b"1,2,3\n1,2\n") == 0
    assert FitRuns(plan).possible


@pytest.mark.parametrize(("type_", "cell"), [case for case in cases(FIT) if case[1] not in WRITTEN_SELDOM])
def test_what_is_fit_is_taken_as_it_is_judged(type_: FieldType, cell: str) -> None:
    assert prove_same(plan_of(type_, T.TEXT), f"{cell},x\n{quoted(cell)},\n,\n".encode()) == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_numbered_as_an_editor_does(delimiter: str, end: str) -> None:
    rows = ["1|a", '2|"b\nc"', '3|"d\r\n""e"""', "4|", '5|""', '6|"\r"']
    data = "".join(row.replace("|", delimiter) + end for row in rows).encode()
    run = FitRuns(plan_of(T.INTEGER, T.TEXT, delimiter=delimiter)).at(b"x" + data, 1, 10)
    assert rows_of(run.text, delimiter) == [
        ["10", "1", "a"], ["11", "2", "b\nc"], ["13", "3", 'd\r\n"e"'], ["15", "4", ""], ["16", "5", ""], ["17", "6", "\r"],
    ]  # fmt: skip
    assert (run.rows, run.size, run.lines) == (6, len(data), 8)


def test_a_run_goes_on_through_a_thousand_columns() -> None:
    plan = plan_of(*[TYPES[place % len(TYPES)] for place in range(1000)])
    assert prove_same(plan, b",".join([b""] * 1000) + b"\n") == FitRuns(plan).possible


class Drawn:
    """Cells that are nearly fit, so that both sides of every border are met."""

    ODD = (
        "",
        " ",
        '"',
        "\r",
        "\n",
        "\r\n",
        "\0",
        "\ufeff",
        "٣",
        "ſ",
        "e",
        ".",
        "-",
        "9" * 19,
        "T",
        "김",
        "\x1f",
        "'",
    )

    @classmethod
    def cell(cls, type_: FieldType, *, key: bool, digits: bool) -> st.SearchStrategy[str]:
        form = form_of(type_, digits=(6, 2) if digits else None, key=key)
        fit = st.from_regex(form.pattern, fullmatch=True) if form else st.text(max_size=6)
        spoiled = st.tuples(fit, st.sampled_from(cls.ODD), st.integers(0, 40)).map(
            lambda parts: parts[0][: parts[2]] + parts[1] + parts[0][parts[2] + len(parts[1]) :]
        )
        return st.one_of(fit, st.just(""), spoiled)

    @classmethod
    def written(cls, cell: str) -> st.SearchStrategy[bytes]:
        plain, framed = cell.encode("utf-8", "replace"), quoted(cell).encode("utf-8", "replace")
        return st.sampled_from([plain, framed, framed, plain + b"\xff", framed[:-1], framed + b"x"])


@given(st.sampled_from(TYPES), st.booleans(), st.booleans(), st.data())
@settings(max_examples=rounds(400, 1000), deadline=None)
def test_a_run_takes_nothing_that_judging_does_not_take_as_the_same(
    type_: FieldType, key: bool, digits: bool, data: st.DataObject
) -> None:
    plan = plan_of(type_, T.TEXT, key=key, digits=digits)
    cells = st.lists(Drawn.cell(type_, key=key, digits=digits).flatmap(Drawn.written), min_size=1, max_size=4)
    lines = [
        cell + data.draw(st.sampled_from([b",x\n", b",\r\n", b',"y\nz"\n'])) for cell in data.draw(cells)
    ]
    prove_same(plan, b"".join(lines))
    for line in lines:
        prove_same(plan, line)


@given(st.binary(max_size=6), st.booleans())
@settings(max_examples=rounds(400, 800), deadline=None)
def test_of_any_bytes_a_run_takes_only_what_judging_does(cell: bytes, framed: bool) -> None:
    inner = b'"' + cell + b'"' if framed else cell
    prove_same(plan_of(T.TEXT, T.TEXT), inner + b",x\n")
