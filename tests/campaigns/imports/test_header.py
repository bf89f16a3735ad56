from pathlib import Path

import pytest

from campaigns.imports.header import read_header, read_sample, sniff_delimiter
from campaigns.imports.records import Position
from campaigns.imports.refusals import ImportRefused


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "people.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,Name,name\n", "names “name” twice, in columns 2 and 3"),
        ("id,,name\n", "Column 2 of the header has no name"),
        ("id,name,\n", "Column 3 of the header has no name"),
        ('id,"name\n1,Ada\n', "a quote is not closed"),
        ("id\rname\n", "a carriage return stands alone"),
        (b"id,na\xefve\n", "The header is not UTF-8"),
        (b"id,na\0me\n", "The header is not UTF-8"),
        (",".join(f"c{n}" for n in range(1001)) + "\n", "names 1001 columns"),
    ],
)
def test_an_unfit_header_is_refused_at_line_one(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(ImportRefused, match=message) as refusal:
        read_header(written(tmp_path, content), 0)
    assert refusal.value.problems[0].path == "/line/1"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_whatever_the_cells_hold(delimiter: str) -> None:
    lines = [delimiter.join(cells) + "\n" for cells in (["id", "note"], ["1", '"a,b;c|d"'], ["2", '"x, y"'])]
    assert sniff_delimiter(lines) == delimiter


def test_a_file_of_one_column_is_taken_to_use_commas(tmp_path: Path) -> None:
    assert read_header(written(tmp_path, "email\na@example.com\n"), 0).delimiter == ","


@pytest.mark.parametrize(
    ("content", "position"),
    [
        ("id,name\n1,Ada\n", Position(8, 1)),
        ("id,name\r\n1,Ada\r\n", Position(9, 1)),
        ("\n\nid,name\n1,Ada\n", Position(10, 3)),
        ('id,"first\nname"\n1,Ada\n', Position(16, 2)),
        ("번호,이름\n1,김하늘\n", Position(14, 1)),
        ("id,name", Position(7, 1)),
    ],
)
def test_rows_begin_after_the_header_in_bytes_and_physical_lines(
    tmp_path: Path, content: str, position: Position
) -> None:
    assert read_header(written(tmp_path, content), 0).first_row == position


def test_the_sample_leaves_malformed_rows_out(tmp_path: Path) -> None:
    path = written(tmp_path, "id,name\n1,Ada\n2\n3,Grace\n")
    assert read_sample(path, read_header(path, 0)) == [["1", "Ada"], ["3", "Grace"]]


def test_a_file_of_only_a_header_has_an_empty_sample(tmp_path: Path) -> None:
    path = written(tmp_path, "id,name\n")
    assert read_sample(path, read_header(path, 0)) == []
