from __future__ import annotations

import io
import random

import pytest
from pydantic import ValidationError

from campaigns.files.fixed_width import FixedWidthParser
from campaigns.files.formats import FixedWidth
from campaigns.files.opening import as_text, beginning_of
from campaigns.files.reading import batches_of
from campaigns.imports.records import LONGEST_LINE, Batch, Position

AT = Position(0, 0)


def places(*columns: tuple[str, int, int], encoding: str = "utf-8") -> FixedWidth:
    named = [{"header": header, "start": start, "length": length} for header, start, length in columns]
    return FixedWidth.model_validate({"kind": "fixed_width", "columns": named, "encoding": encoding})


TWO = places(("n", 1, 3), ("name", 4, 5))


def parsed(content: bytes, format_: FixedWidth = TWO) -> Batch:
    return FixedWidthParser(format_).parse(content, AT, True)


def faults(content: bytes, format_: FixedWidth = TWO) -> list[tuple[int, str]]:
    return [(fault.line, fault.reason) for fault in parsed(content, format_).faults]


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ({"header": "n", "start": 0, "length": 1}, "start"),
        ({"header": "n", "start": -1, "length": 1}, "start"),
        ({"header": "n", "start": 100_001, "length": 1}, "start"),
        ({"header": "n", "start": 1, "length": 0}, "length"),
        ({"header": "n", "start": 1, "length": 100_001}, "length"),
        ({"header": "n", "start": 1.5, "length": 1}, "start"),
        ({"header": " ", "start": 1, "length": 1}, "header"),
        ({"header": "a\nb", "start": 1, "length": 1}, "header"),
        ({"header": "n", "start": 1}, "length"),
    ],
)
def test_places_beyond_the_limits_are_refused_where_they_stand(column: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        FixedWidth.model_validate({"kind": "fixed_width", "columns": [column]})
    assert caught.value.errors()[0]["loc"] == ("columns", 0, field)


@pytest.mark.parametrize("count", [0, 401])
def test_there_is_a_column_and_not_more_than_a_file_may_have(count: int) -> None:
    with pytest.raises(ValidationError, match="columns"):
        places(*[(f"c{number}", number + 1, 1) for number in range(count)])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"  7Anna", "7 characters where the columns need 8."),
        (b"  7Anna  ", "9 characters where the columns need 8."),
        (b" ", "1 characters where the columns need 8."),
        (b"  7An\x00a ", "Character 6 is a NUL byte."),
        (b"  7An\xffa ", "Character 6 is not UTF-8 text."),
        (b"  7An\xe9a  ", "Character 6 is not UTF-8 text."),
        (b"  7An\ra ", "There is a carriage return in the middle of the line."),
        (b"  7Anna \x0c", "9 characters where the columns need 8."),
    ],
)
def test_a_line_that_does_not_fit_costs_itself_alone(content: bytes, reason: str) -> None:
    batch = parsed(b"  1Ada  \n" + content + b"\n  2Bo   \n")
    assert [(fault.line, fault.reason) for fault in batch.faults] == [(2, reason)]
    assert (list(batch.lines), batch.rows) == ([1, 3], [["1", "Ada"], ["2", "Bo"]])


def test_a_refused_line_is_shown_as_it_was_written() -> None:
    assert parsed(b" 7 An\x00\xff\r\n").faults[0].content == " 7 An\\x00\\xff"


def test_a_line_that_never_ends_is_not_read_whole() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def seek(self, offset: int, whence: int = 0) -> int:
            return offset

        def read(self, size: int = -1) -> bytes:
            assert size > 0
            self.given += size
            return b"x" * size

    stream = Endless()
    beginning = beginning_of(io.BytesIO(b"x"), TWO)
    with pytest.raises(ValueError, match="does not end within 2 MB"):
        list(batches_of(stream, TWO, beginning))  # type: ignore[arg-type]  # reads and seeks
    assert stream.given <= 2 * LONGEST_LINE


def test_blanks_around_a_value_are_dropped_and_others_kept() -> None:
    batch = parsed("007 a b \n  -\tx\t  \n 1 \u3000y\u3000  \n".encode())
    assert batch.rows == [["007", "a b"], ["-", "\tx\t"], ["1", "\u3000y\u3000"]]


def test_an_empty_line_is_no_row_and_a_blank_one_has_empty_values() -> None:
    batch = parsed(b"\n" + b" " * 8 + b"\r\n\r\n\n")
    assert (list(batch.lines), batch.rows, batch.faults) == ([2], [["", ""]], [])
    assert batch.end == Position(14, 4)


def test_places_count_characters_whatever_the_encoding() -> None:
    lines = "김하늘  7\n💥é   42\n"
    for encoding in ("utf-8", "utf-16", "gb18030"):
        format_ = places(("name", 1, 4), ("n", 5, 2), encoding=encoding)
        text = as_text(io.BytesIO(lines.replace("   42", "  42").encode(encoding)), format_)
        [first, *_rest] = batches_of(text, format_, beginning_of(text, format_))
        assert first.rows == [["김하늘", "7"], ["💥é", "42"]], encoding


def test_columns_may_leave_gaps_and_stand_in_any_order() -> None:
    format_ = places(("last", 7, 2), ("first", 2, 2))
    assert parsed(b"xAAxxxBB\n", format_).rows == [["BB", "AA"]]


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_written_at_its_places_is_read_across_blocks(seed: int) -> None:
    chance = random.Random(seed)
    widths = [chance.randrange(1, 40) for _column in range(chance.randrange(1, 6))]
    starts = [1 + sum(widths[:number]) for number in range(len(widths))]
    format_ = places(
        *[(f"c{at}", start, width) for at, (start, width) in enumerate(zip(starts, widths, strict=True))]
    )
    rows = [
        ["".join(chance.choices('aé김💥",;', k=chance.randrange(width + 1))) for width in widths]
        for _row in range(20_000)
    ]
    lines = ["".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    text = io.BytesIO("\r\n".join(lines).encode())
    batches = list(batches_of(text, format_, beginning_of(text, format_)))
    assert [row for batch in batches for row in batch.rows] == rows
    assert [line for batch in batches for line in batch.lines] == list(range(1, len(rows) + 1))
    assert not any(batch.faults for batch in batches)
