from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from pydantic import TypeAdapter

from campaigns.files.columns import FileColumn
from campaigns.files.formats import FileFormat, FixedWidth
from campaigns.files.suggestions import Suggestion, fixed_width_of, suggest
from campaigns.problems import ProblemsError

VALID = (TypeAdapter(FileFormat), TypeAdapter(tuple[FileColumn, ...]))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


def suggested(file: Path, content: bytes) -> Suggestion:
    file.write_bytes(content)
    found = suggest(file)
    VALID[0].validate_python(found.format)
    VALID[1].validate_python(found.columns)
    return found


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 5000, b"a,a\n1,2\n", b"PK\x03\x04", b"PAR1xxxxPAR1", b"x" * 3_000_000]
)
def test_what_is_no_table_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(ProblemsError):
        suggest(file)


@pytest.mark.parametrize("columns", [None, [], [{"header": "n", "start": 0, "length": 1}], [{"header": "n"}]])
def test_places_that_are_not_whole_are_asked_for(columns: object) -> None:
    with pytest.raises(ProblemsError, match="cannot be guessed"):
        fixed_width_of({"kind": "fixed_width", "columns": columns})


@pytest.mark.parametrize("settings", [None, "fixed_width", [], {}, {"kind": ["x"]}, {"kind": "delimited"}])
def test_every_other_format_is_guessed_anew(settings: object) -> None:
    assert fixed_width_of(settings) is None


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp949", "|"), ("utf-16-le", ",")],
)
def test_encoding_and_separator_are_found(file: Path, encoding: str, delimiter: str) -> None:
    text = f"이름{delimiter}n\n김하늘{delimiter}1\n"
    found = suggested(file, text.encode(encoding))
    assert found.format["delimiter"].replace("tab", "\t") == delimiter
    assert found.format["encoding"] in (encoding, "utf-8")
    assert found.rows == [["김하늘", "1"]]
    assert [column["header"] for column in found.columns] == ["이름", "n"]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "2"], {"kind": "integer"}),
        (["1.5", "2"], {"kind": "decimal"}),
        (["1,234.50", "7"], {"kind": "decimal", "format": {"thousands": ",", "decimal": "."}}),
        (["1 234,50", "7,1"], {"kind": "decimal", "format": {"thousands": "space", "decimal": ","}}),
        (["2018-01-31"], {"kind": "date"}),
        (["31/01/2018", "1/2/2018"], {"kind": "date", "format": {"order": "dmy", "separator": "/"}}),
        (["12/31/2018"], {"kind": "date", "format": {"order": "mdy", "separator": "/"}}),
        (["31.01.2018 09:30"], {"kind": "datetime", "format": {"order": "dmy", "separator": "."}}),
        (["true", "false"], {"kind": "boolean"}),
        (["007", "012"], {"kind": "text"}),
        (["+8210", "+4720"], {"kind": "text"}),
        (["a", "1"], {"kind": "text"}),
        (["1", ""], {"kind": "integer", "empties": "allowed"}),
    ],
)
def test_types_and_notations_are_guessed(file: Path, values: list[str], kind: dict[str, object]) -> None:
    found = suggested(file, ("x;y\n" + "".join(f"{value};a\n" for value in values)).encode())
    assert {
        name: part for name, part in found.columns[0].items() if name not in ("header", "name", "label")
    } == kind


def test_names_are_free_and_short(file: Path) -> None:
    headers = ["Key", "line", "E-Mail", "e mail", "X" * 100, "X" * 99, "1st", "한글"]
    found = suggested(file, (",".join(headers) + "\n" + ",".join("a" * 8) + "\n").encode())
    names = [column["name"] for column in found.columns]
    assert names[:4] == ["key_2", "line_2", "e_mail", "e_mail_2"]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 40


def test_parquet_says_itself(file: Path) -> None:
    duckdb.sql("SELECT 1 AS n, DATE '2018-01-31' AS day, 'x' AS name").write_parquet(str(file))
    found = suggest(file)
    assert found.format == {"kind": "parquet"}
    assert [(column["header"], column["kind"]) for column in found.columns] == [
        ("n", "integer"),
        ("day", "date"),
        ("name", "text"),
    ]
    assert found.rows == [["1", "2018-01-31", "x"]]


def test_columns_of_fixed_width_are_typed_from_their_places(file: Path) -> None:
    places = [{"header": "N", "start": 1, "length": 3}, {"header": "Day", "start": 4, "length": 10}]
    format_ = FixedWidth.model_validate({"kind": "fixed_width", "columns": places})
    file.write_text("  131/01/2018\n too short\n   1/2/2018  \n")
    found = suggest(file, format_)
    assert found.format == format_.model_dump(mode="json")
    assert [(column["header"], column["kind"]) for column in found.columns] == [
        ("N", "integer"),
        ("Day", "date"),
    ]
    assert found.columns[0]["empties"] == "allowed"
    assert found.rows == [["1", "31/01/2018"], ["", "1/2/2018"]]
