from __future__ import annotations

import csv
import io
import os
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from campaigns.files.store import path_of
from campaigns.models import StoredFile
from orchestration.exceptions import ActivityFailed
from tests.oracle_activities.load_file import loaded
from tests.orchestration.playground import WORLD, Played, codes, play, problems

pytestmark = pytest.mark.django_db
TEXT = {"kind": "text", "header": "name", "name": "name"}
NUMBER = {"kind": "integer", "header": "n", "name": "n"}
COLUMNS = [NUMBER, TEXT]
FIXED = {
    "kind": "fixed_width",
    "columns": [{"header": "N", "start": 1, "length": 3}, {"header": "name", "start": 4, "length": 5}],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


@pytest.fixture
def inbox(settings: Settings, tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    settings.FILE_INBOX = folder
    return folder


def load(
    path: Path, columns: Sequence[dict[str, Any]] = COLUMNS, *, is_test: bool = False, **config: Any
) -> Played:
    settings = {"source": {"kind": "stored", "file": "f"}, "columns": list(columns), **config}
    return play("load_file", settings, world=replace(WORLD, files={"f": path}), is_test=is_test)


def load_inbox(pattern: str, *, is_test: bool = False, **config: Any) -> Played:
    source = {"kind": "inbox", "pattern": pattern, **config.pop("source", {})}
    return play("load_file", {"source": source, "columns": COLUMNS, **config}, is_test=is_test)


def failure(path: Path, columns: Sequence[dict[str, Any]] = COLUMNS, **config: Any) -> str:
    with pytest.raises(ActivityFailed) as caught, transaction.atomic():
        load(path, columns, **config)
    return str(caught.value)


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "has no rows"),
        (b"n,other\n1,a\n", "no column"),
        (b"n,name,more\n1,a,b\n", "more"),
        (b"n,n\n1,2\n", "twice"),
        (b"n,\n1,2\n", "has no name"),
        (b"PK\x03\x04 zipped", "ZIP"),
        (b"\x1f\x8b\x08 packed", "gzip"),
        (b"PAR1 but no more", "Parquet"),
        ("n,name\n1,a\n".encode("utf-16"), "UTF-8"),
        (b"n,na\xffme\n1,a\n", "UTF-8"),
        (b'n,"name\n1,a\n', "header cannot be read"),
        (b"n,name\n" + b"1" * 3_000_000, "does not end within"),
        (b"n,name\r1,a\r2,b\r", "carriage return"),
        (b"n,name\n1,a\n\x002,b\n", "NUL"),
        (b"n,name\n1,\xe9\n", "not UTF-8 text"),
        (b'n,name\n1,"a\n2,b\n', "never closed"),
        (b'n,name\n1,"a"b\n', "closing quote"),
        (b"n,name\n1\n", "1 cells where the header has 2"),
        (b"n,name\n1,a,b\n", "3 cells where the header has 2"),
        (b"n,name\nx,a\n", "not a whole number"),
        (b"n,name\n99999999999999999999,a\n", "not a whole number"),
        (b"n,name\n,a\n", "The value is empty"),
    ],
)
def test_a_broken_file_fails_the_activity_with_the_place(file: Path, content: bytes, words: str) -> None:
    file.write_bytes(content)
    message = failure(file)
    assert words in message
    assert not StoredFile.objects.exists()


def test_a_hundred_megabytes_without_a_line_end_are_not_read_whole(file: Path) -> None:
    with file.open("wb") as stream:
        stream.write(b"n,name\n1,")
        for _block in range(100):
            stream.write(b"x" * (1 << 20))
    assert "does not end within" in failure(file)


def test_a_file_larger_than_the_limit_is_refused(file: Path, settings: Settings) -> None:
    file.write_bytes(b"n,name\n" + b"1,a\n" * 1000)
    settings.FILE_LIMIT = 1000
    assert "larger than" in failure(file)


def test_a_wrong_encoding_is_told_by_line(file: Path) -> None:
    file.write_bytes("n,name\n1,plain\n2,Café\n".encode("cp1252"))
    assert "line 3" in failure(file)
    assert "CP949" in failure(file, format={"kind": "delimited", "encoding": "cp949"})


def test_one_error_more_than_allowed_fails_and_names_the_first(file: Path) -> None:
    file.write_text("n,name\n1,a\nx,b\n3,c\ny,d\n")
    assert load(file, errors_allowed=2).keys() == {2, 4}
    message = failure(file, errors_allowed=1)
    assert "line 3 (n): “x” is not a whole number." in message
    assert "line 5" in message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "has no rows"),
        (b"PK\x03\x04 zipped", "ZIP"),
        (b"PAR1 but no more", "Parquet"),
        ("  1Ada  \n".encode("utf-16"), "UTF-8"),
        (b"x" * 3_000_000, "does not end within"),
        (b"  1Ada\n", "6 characters where the columns need 8"),
        (b"  1Ada   \n", "9 characters where the columns need 8"),
        (b"  1Ada\x00 \n", "NUL"),
        (b"  1Ad\xe9  \n", "not UTF-8 text"),
        (b"  xAda  \n", "not a whole number"),
        (b"   Ada  \n", "The value is empty"),
    ],
)
def test_a_broken_file_of_fixed_width_fails_the_activity(file: Path, content: bytes, words: str) -> None:
    file.write_bytes(content)
    assert words in failure(file, format=FIXED)


def test_rejects_of_fixed_width_are_kept_as_they_were_written(file: Path) -> None:
    file.write_bytes("  1Ada  \n 2 Bo\n x =1+1 \n  3하늘   \n".encode())
    assert "line 2: 5 characters" in failure(file, format=FIXED, errors_allowed=1)
    played = load(file, format=FIXED, errors_allowed=2, keep_rejects=True)
    kept = StoredFile.objects.get(origin="rejects")
    rows = list(csv.reader(io.StringIO(path_of(kept).read_text("utf-8-sig"))))
    assert rows[1:] == [
        ["f", "2", "", "5 characters where the columns need 8.", " 2 Bo"],
        ["f", "3", "n", "“x” is not a whole number.", " x =1+1 "],
    ]
    assert played.ports["main"] == {1: {"n": 1, "name": "Ada"}, 4: {"n": 3, "name": "하늘"}}
    assert played.reported == {"rejected": 2, "dropped": 0}


def test_a_file_of_fixed_width_without_a_line_end_is_not_read_whole(file: Path) -> None:
    with file.open("wb") as stream:
        for _block in range(100):
            stream.write(b"x" * (1 << 20))
    assert "does not end within" in failure(file, format=FIXED)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + bytes(range(256)) + b"PAR1", b"n,name\n1,a\n"])
def test_what_is_no_parquet_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert "Parquet" in failure(file, format={"kind": "parquet"})


def test_a_parquet_that_unpacks_to_too_much_is_refused(file: Path, settings: Settings) -> None:
    duckdb.sql("SELECT 1 AS n, repeat('a', 1000) AS name FROM range(100000)").write_parquet(str(file))
    assert file.stat().st_size < 200_000
    settings.FILE_LIMIT = 1_000_000
    assert "unpacks to more" in failure(file, format={"kind": "parquet"})


def test_nested_parquet_columns_come_as_text_and_no_other_file_is_reached(file: Path) -> None:
    duckdb.sql("SELECT 1 AS n, {'a': [1, 2], 'b': {'c': 'x'}} AS name").write_parquet(str(file))
    assert load(file, format={"kind": "parquet"}).ports["main"] == {
        1: {"n": 1, "name": "{'a': [1, 2], 'b': {'c': x}}"}
    }


# --- what is loaded -----------------------------------------------------------------------------------------------


def test_rows_are_known_by_the_line_they_begin_on(file: Path) -> None:
    file.write_bytes(b'n,name\r\n1,a\r\n\r\n2,"b\r\nc"\r\n3,""\n')
    assert load(file).ports["main"] == {
        2: {"n": 1, "name": "a"},
        4: {"n": 2, "name": "b\r\nc"},
        6: {"n": 3, "name": None},
    }


def test_lines_to_ignore_and_no_header(file: Path) -> None:
    file.write_text("made by\nsomebody\n7,x\n8,y\n")
    played = load(file, format={"kind": "delimited", "header": False, "skip_lines": 2})
    assert played.ports["main"] == {3: {"n": 7, "name": "x"}, 4: {"n": 8, "name": "y"}}


def test_without_records_over_lines_a_quote_costs_its_line_alone(file: Path) -> None:
    file.write_text('n,name\n1,"a\n2,b\n3,"c"\n')
    played = load(file, format={"kind": "delimited", "multiline": False}, errors_allowed=1)
    assert played.keys() == {3, 4}


def test_without_a_string_delimiter_quotes_are_letters(file: Path) -> None:
    file.write_text('n,name\n1,"a\n')
    assert load(file, format={"kind": "delimited", "quote": "none"}).ports["main"] == {
        2: {"n": 1, "name": '"a'}
    }


def test_columns_of_fixed_width_are_taken_from_their_places(file: Path) -> None:
    file.write_text("NO NAME      SINCE     \n007Ada Love  2018-01-31\r\n\n 42          2018-02-01")
    places = [("since", 14, 10), ("n", 1, 3), ("name", 4, 8)]
    format_ = {
        "kind": "fixed_width",
        "columns": [{"header": header, "start": at, "length": length} for header, at, length in places],
        "skip_lines": 1,
    }
    played = load(file, [*COLUMNS, {"kind": "date", "header": "since", "name": "since"}], format=format_)
    assert played.ports["main"] == {
        2: {"n": 7, "name": "Ada Love", "since": date(2018, 1, 31)},
        4: {"n": 42, "name": None, "since": date(2018, 2, 1)},
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp949", "shift_jis"])
def test_places_of_fixed_width_count_characters_in_every_encoding(file: Path, encoding: str) -> None:
    file.write_bytes("  1日本   \n  2-----\n".encode(encoding))
    played = load(file, format={**FIXED, "encoding": encoding})
    assert played.ports["main"] == {1: {"n": 1, "name": "日本"}, 2: {"n": 2, "name": "-----"}}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp949", "euc-kr", "gb18030"]
)
def test_every_encoding_is_read(file: Path, encoding: str) -> None:
    file.write_bytes("n,name\n1,김하늘\n2,'\n".encode(encoding))
    played = load(file, format={"kind": "delimited", "encoding": encoding})
    assert played.ports["main"] == {2: {"n": 1, "name": "김하늘"}, 3: {"n": 2, "name": "'"}}


def test_a_time_without_a_zone_is_meant_in_the_one_given(file: Path) -> None:
    file.write_text("at\n2018-01-01T09:00\n2018-01-01T09:00Z\n")
    column = {"kind": "datetime", "header": "at", "name": "at"}
    in_seoul = load(file, [column], time_zone="Asia/Seoul").ports["main"]
    assert in_seoul == {
        2: {"at": datetime(2018, 1, 1, 0, 0, tzinfo=UTC)},
        3: {"at": datetime(2018, 1, 1, 9, 0, tzinfo=UTC)},
    }


def test_parquet_types_arrive_as_they_are(file: Path) -> None:
    duckdb.sql(
        "SELECT 5 AS n, 'x,\"y\n' AS name, 1.50::DECIMAL(9,2) AS d, DATE '2018-01-31' AS day, true AS b,"
        " TIMESTAMP '2018-01-31 09:30' AS at UNION ALL SELECT 6, '', NULL, NULL, NULL, NULL"
    ).write_parquet(str(file))
    more = [
        {"kind": "decimal", "header": "d", "name": "d", "empties": "allowed"},
        {"kind": "date", "header": "DAY", "name": "day"},
        {"kind": "boolean", "header": "b", "name": "b"},
        {"kind": "datetime", "header": "at", "name": "at"},
    ]
    played = load(file, [*COLUMNS, *more], format={"kind": "parquet"})
    filled = {
        "d": Decimal("1.50"),
        "day": date(2018, 1, 31),
        "b": True,
        "at": datetime(2018, 1, 31, 9, 30, tzinfo=UTC),
    }
    assert played.ports["main"] == {
        1: {"n": 5, "name": 'x,"y\n', **filled},
        2: {"n": 6, "name": None, **dict.fromkeys(filled)},
    }


def test_the_line_and_the_file_can_be_columns(inbox: Path) -> None:
    (inbox / "a.csv").write_text("n,name\n1,a\n2,b\n")
    (inbox / "b.csv").write_text("n,name\n3,c\n")
    os.utime(inbox / "a.csv", (1, 1))
    played = load_inbox("*.csv", source={"which": "all"}, line_column="line_no", file_column="file")
    assert played.ports["main"] == {
        2: {"n": 1, "name": "a", "line_no": 2, "file": "a.csv"},
        3: {"n": 2, "name": "b", "line_no": 3, "file": "a.csv"},
        5: {"n": 3, "name": "c", "line_no": 2, "file": "b.csv"},
    }
    assert played.columns["main"]["key"] == "bigint"


def test_an_empty_file_stops_the_branch_where_that_is_asked(file: Path) -> None:
    file.write_text("n,name\n")
    assert load(file).ports == {"main": {}}
    assert load(file, when_empty="stop").ports == {"main": None}


def test_rejects_are_kept_in_a_file_that_a_spreadsheet_does_not_run(file: Path) -> None:
    file.write_text("n,name\n=cmd(),=1+1\n2,b\n")
    played = load(file, errors_allowed=None, keep_rejects=True)
    kept = StoredFile.objects.get(origin="rejects")
    rows = list(csv.reader(io.StringIO(path_of(kept).read_text("utf-8-sig"))))
    assert rows[1:] == [["f", "2", "n", "“=cmd()” is not a whole number.", "'=cmd(),=1+1"]]
    assert (kept.rows, kept.run, kept.activity_id) == (1, played.activity_run.run_id, "here")
    assert played.reported == {"rejected": 1, "dropped": 0}


def test_nothing_is_kept_where_nothing_is_rejected(file: Path) -> None:
    file.write_text("n,name\n1,a\n")
    load(file, keep_rejects=True)
    assert not StoredFile.objects.exists()


# --- the inbox ----------------------------------------------------------------------------------------------------


def test_the_newest_file_that_matches_is_loaded_and_deleted_when_all_is_kept(
    inbox: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    for number, name in enumerate(("old.csv", "new.csv", "other.txt", "late.csv.part")):
        (inbox / name).write_text(f"n,name\n{number},a\n")
        os.utime(inbox / name, (number, number))
    with django_capture_on_commit_callbacks(execute=True):
        load_inbox("*.csv", source={"delete": True}, is_test=True)
    assert (inbox / "new.csv").exists()
    with django_capture_on_commit_callbacks() as later:
        played = load_inbox("*.csv", source={"delete": True})
    assert played.ports["main"] == {2: {"n": 1, "name": "a"}}
    assert (inbox / "new.csv").exists()
    for act in later:
        act()
    assert sorted(each.name for each in inbox.iterdir()) == ["late.csv.part", "old.csv", "other.txt"]


def test_a_file_that_took_the_place_of_the_loaded_one_stays(
    inbox: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    (inbox / "a.csv").write_text("n,name\n1,a\n")
    with django_capture_on_commit_callbacks() as later:
        load_inbox("a.csv", source={"delete": True})
    (inbox / "next").write_text("n,name\n2,b\n3,c\n")
    (inbox / "next").rename(inbox / "a.csv")
    for act in later:
        act()
    assert (inbox / "a.csv").read_text() == "n,name\n2,b\n3,c\n"


@pytest.mark.parametrize(
    "pattern", ["../secret.csv", "/etc/passwd", "a/../../secret.csv", "..", "a//b", "a\x00b", "a\\b"]
)
def test_no_pattern_leaves_the_inbox(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        problems("load_file", {"source": {"kind": "inbox", "pattern": pattern}, "columns": COLUMNS})


@pytest.mark.parametrize("pattern", ["link.csv", "*.csv", "folder/*.csv", "f*/secret.csv"])
def test_no_link_leads_out_of_the_inbox(inbox: Path, tmp_path: Path, pattern: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_text("n,name\n1,secret\n")
    (inbox / "link.csv").symlink_to(outside / "secret.csv")
    (inbox / "folder").symlink_to(outside, target_is_directory=True)
    with pytest.raises(ActivityFailed, match="No file of the inbox matches"):
        load_inbox(pattern)


def test_without_an_inbox_that_is_an_error_of_the_settings() -> None:
    config = {"source": {"kind": "inbox", "pattern": "a.csv"}, "columns": COLUMNS}
    assert codes("load_file", config) == {("load_file.no_inbox", "/source")}


# --- lint ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"source": {"kind": "stored", "file": "kustomers"}}, ("load_file.unknown_file", "/source/file")),
        (
            {"columns": [{"kind": "text", "header": "emale", "name": "a"}]},
            ("file.column_missing", "/source/file"),
        ),
        (
            {"columns": [{"kind": "ignored", "header": h} for h in ("number", "email", "spend", "joined")]},
            ("load_file.nothing_loaded", "/columns"),
        ),
        ({"line_column": "email"}, ("column.taken", "/line_column")),
        ({"file_column": "key"}, ("column.taken", "/file_column")),
        ({"time_zone": "Asia/Soul"}, ("schedule.unknown_zone", "/time_zone")),
        ({"format": {"kind": "parquet"}}, ("file.not_parquet", "/source/file")),
    ],
)
def test_lint_names_what_is_wrong_and_where(change: dict[str, Any], found: tuple[str, str]) -> None:
    columns = [
        {"kind": "text", "header": name, "name": name} for name in ("number", "email", "spend", "joined")
    ]
    config = {"source": {"kind": "stored", "file": "customers"}, "columns": columns, **change}
    assert codes("load_file", config) == {found}


@pytest.mark.parametrize(
    ("places", "found"),
    [
        ([("n", 1, 3), ("name", 3, 5)], {("load_file.overlap", "/format/columns/1/start")}),
        ([("name", 3, 5), ("n", 1, 3)], {("load_file.overlap", "/format/columns/0/start")}),
        ([("n", 1, 9), ("name", 3, 2)], {("load_file.overlap", "/format/columns/1/start")}),
        (
            [("n", 1, 9), ("name", 3, 2), ("more", 6, 2)],
            {
                ("load_file.overlap", "/format/columns/1/start"),
                ("load_file.overlap", "/format/columns/2/start"),
                ("load_file.unnamed_column", "/format/columns/2/header"),
            },
        ),
        (
            [("n", 1, 3), (" Name", 4, 5), ("NAME", 9, 1)],
            {("load_file.repeated_header", "/format/columns/2/header")},
        ),
        ([("n", 1, 3)], {("load_file.unknown_column", "/columns/1/header")}),
        ([("n", 1, 3), ("name", 4, 5)], set()),
        ([("name", 4, 5), ("n", 1, 3)], set()),
    ],
)
def test_lint_names_places_that_cannot_be_and_columns_without_one(
    inbox: Path, places: list[tuple[str, int, int]], found: set[tuple[str, str]]
) -> None:
    columns = [{"header": header, "start": at, "length": length} for header, at, length in places]
    config = {
        "source": {"kind": "inbox", "pattern": "a.txt"},
        "format": {"kind": "fixed_width", "columns": columns},
        "columns": COLUMNS,
    }
    assert codes("load_file", config) == found


def test_lint_looks_into_an_uploaded_file_of_fixed_width(file: Path) -> None:
    config = {"source": {"kind": "stored", "file": "f"}, "format": FIXED, "columns": COLUMNS}
    file.write_bytes(b"")
    world = replace(WORLD, files={"f": file})
    assert codes("load_file", config, world=world) == {("file.empty", "/source/file")}
    file.write_bytes(b"  1Ada  \n")
    assert codes("load_file", config, world=world) == set()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"on_error": "default"}, ("load_file.no_default", "/columns/0/default")),
        ({"on_error": "default", "default": "x"}, ("load_file.unfit_value", "/columns/0/default")),
        ({"remap": [{"value": "a", "to": "x"}]}, ("load_file.unfit_value", "/columns/0/remap/0/to")),
        ({"remap": [{"value": "a", "to": "1"}] * 2}, ("load_file.remapped_twice", "/columns/0/remap")),
    ],
)
def test_lint_tries_the_values_that_the_settings_put_in(
    change: dict[str, Any], found: tuple[str, str]
) -> None:
    rest = [{"kind": "ignored", "header": name} for name in ("email", "spend", "joined")]
    config = {
        "source": {"kind": "stored", "file": "customers"},
        "columns": [{"kind": "integer", "header": "number", "name": "n", **change}, *rest],
    }
    assert codes("load_file", config) == {found}


# --- the reference ------------------------------------------------------------------------------------------------

KINDS = ("text", "integer", "decimal", "float", "boolean", "date", "datetime", "uuid", "ignored")
FORMATS = {
    "integer": [
        {},
        {"thousands": ","},
        {"thousands": "space", "decimal": ","},
        {"thousands": ".", "decimal": ","},
    ],
    "date": [
        {},
        {"order": "dmy", "separator": "/"},
        {"order": "mdy", "separator": "."},
        {"order": "ymd", "separator": "none"},
    ],
}
FORMATS |= {"decimal": FORMATS["integer"], "float": FORMATS["integer"], "datetime": FORMATS["date"]}
DEFAULTS = {"text": "d", "boolean": "true", "uuid": "00000000-0000-0000-0000-000000000001"}
CELLS = [
    "", " ", "a", "A b  c", " x ", "김하늘", "1", "-7", "1,234", "1 234", "1.234", "1,234.50", "1 234,50",
    "1.234,50", "12,34", ".5", "true", "No", "2018-01-31", "31/01/2018", "1/2/2018", "01.31.2018", "20180131", "2018-02-30",
    "2018-01-31T09:30:00", "31/01/2018 09:30", "00000000-0000-0000-0000-00000000000A", "yes\nno", 'q"q',
    "=1+1", "\u00e9" * 30,
]  # fmt: skip


def draw_column(chance: random.Random, number: int) -> dict[str, Any]:
    kind = chance.choice(KINDS)
    column: dict[str, Any] = {"kind": kind, "header": f"h{number}"}
    if kind == "ignored":
        return column
    column |= {"name": f"c{number}", "empties": chance.choice(["by_type", "allowed", "never"])}
    if kind in FORMATS:
        column["format"] = chance.choice(FORMATS[kind])
    if kind == "text":
        column |= {
            "case": chance.choice(["keep", "upper", "lower", "title"]),
            "blanks": chance.choice(["keep", "trim", "collapse"]),
        }
        column |= {"width": 20} if chance.random() < 0.5 else {}
    default = DEFAULTS.get(kind) or (
        "20180101" if column["format"].get("separator") == "none" else _day(column["format"], kind)
    )
    column["on_error"] = chance.choice(["reject", "empty", "default", "default_unmapped", "reject_unmapped"])
    column["default"] = default
    if chance.random() < 0.5:
        column["remap"] = [
            {"value": value, "to": default} for value in chance.sample(["a", "1", "true", "x"], 2)
        ]
    return column


def _day(format_: dict[str, str], kind: str) -> str:
    if kind not in ("date", "datetime"):
        return "5"
    parts = {"y": "2018", "m": "01", "d": "02"}
    return format_.get("separator", "-").join(parts[part] for part in format_.get("order", "ymd"))


@pytest.mark.parametrize("seed", range(12))
def test_the_reference_reads_the_same(file: Path, seed: int) -> None:
    chance = random.Random(seed)
    encoding = chance.choice(["utf-8", "utf-8-sig", "utf-16", "cp949"])
    delimiter, quote = chance.choice([",", ";", "\t", "|"]), chance.choice(['"', "'"])
    cells = [cell for cell in CELLS if encoding != "cp949" or "\u00e9" not in cell]
    columns = [draw_column(chance, number) for number in range(6)]
    columns[0] = {"kind": "text", "header": "h0", "name": "c0"}
    rows = [[chance.choice(cells) for _column in columns] for _row in range(120)]
    stream = io.StringIO()
    csv.writer(
        stream, delimiter=delimiter, quotechar=quote, lineterminator="\r\n", quoting=csv.QUOTE_ALL
    ).writerows([[column["header"] for column in columns], *rows])
    file.write_bytes(stream.getvalue().encode(encoding))
    lines = _lines(rows)
    played = load(
        file,
        columns,
        format={
            "kind": "delimited",
            "encoding": encoding,
            "delimiter": "tab" if delimiter == "\t" else delimiter,
            "quote": quote,
        },
        errors_allowed=None,
        time_zone="Asia/Seoul",
    )
    people, rejected, dropped = loaded(columns, lines, "Asia/Seoul")
    assert played.ports["main"] == people
    assert played.reported == {"rejected": len(rejected), "dropped": dropped}
    assert len(people) + len(rejected) == len(rows)


def _lines(rows: list[list[str]]) -> dict[int, list[str]]:
    """Each row by the line it begins on, when those before it hold line ends."""
    found, line = {}, 2
    for row in rows:
        found[line] = row
        line += 1 + sum(cell.count("\n") for cell in row)
    return found


def test_zones_are_those_of_the_campaign_unless_said(file: Path) -> None:
    file.write_text("at\n2018-07-01T09:00\n")
    column = {"kind": "datetime", "header": "at", "name": "at"}
    settings = {"source": {"kind": "stored", "file": "f"}, "columns": [column]}
    played = play(
        "load_file", settings, world=replace(WORLD, files={"f": file}), zone=ZoneInfo("America/Chicago")
    )
    assert played.ports["main"] == {2: {"at": datetime(2018, 7, 1, 14, tzinfo=UTC)}}
