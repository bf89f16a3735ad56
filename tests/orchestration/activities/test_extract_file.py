from __future__ import annotations

import csv
import gzip
import io
import random
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from django.conf import settings
from django.db import transaction

from campaigns.file_lines import FILE
from campaigns.files.store import path_of
from campaigns.formula_guard import guard
from campaigns.models import StoredFile
from orchestration.exceptions import ActivityFailed
from orchestration.models import RunLogEntry
from tests.oracle_activities.extract_file import cell, lines
from tests.orchestration.activities.samples import draw_people
from tests.orchestration.playground import Came, Played, Rows, T, came, codes, play, signal

COLUMNS = [{"attribute": "person_id"}, {"attribute": "name", "header": "Called"}]


def extract(inbound: Came, columns: list[dict[str, Any]] | None = None, **config: Any) -> Played:
    options = {key: config.pop(key) for key in ("zone", "is_test", "now") if key in config}
    return play("extract_file", {"columns": columns or COLUMNS, **config}, inbound, **options)


def written() -> bytes:
    return path_of(StoredFile.objects.get(origin="extracted")).read_bytes()


def texts(*values: str) -> Came:
    return Came("a", {number: {"x": value} for number, value in enumerate(values, 1)}, {"x": T.TEXT}, FILE)


X = [{"attribute": "@x"}]


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"columns": [{"attribute": "nam"}]}, ("rule.unknown_attribute", "/columns/0/attribute")),
        ({"columns": [{"attribute": "purchases.amount"}]}, ("rule.collection", "/columns/0/attribute")),
        (
            {"columns": [{"attribute": "name"}, {"attribute": "name"}]},
            ("extract_file.repeated_header", "/columns/1/header"),
        ),
        (
            {"columns": COLUMNS, "sort": [{"attribute": "extra"}]},
            ("attribute.wrong_type", "/sort/0/attribute"),
        ),
        (
            {"columns": COLUMNS, "output": {"kind": "csv", "numbers": {"decimal": ","}}},
            ("extract_file.separator_in_numbers", "/output/delimiter"),
        ),
    ],
)
def test_lint_names_what_is_wrong_and_where(config: dict[str, Any], found: tuple[str, str]) -> None:
    assert codes("extract_file", config, came("a", [1])) == {found}


def test_without_people_there_is_nothing_to_write() -> None:
    assert codes("extract_file", {"columns": COLUMNS}, signal("a")) == {("arrow.nobody", "")}


@pytest.mark.parametrize("name", ["../x", "a/b", "{nobody}", "a{", "", "\x00", 'a"b', "a:b"])
def test_a_file_name_holds_no_path_and_no_unknown_placeholder(name: str) -> None:
    with pytest.raises(ValueError, match="file_name"):
        codes("extract_file", {"columns": COLUMNS, "file_name": name}, came("a", [1]))


def test_a_letter_the_encoding_lacks_fails_and_leaves_no_file(small_shop: Rows) -> None:
    before = set(settings.FILES_FOLDER.iterdir())
    with pytest.raises(ActivityFailed, match="no letter “김”"), transaction.atomic():
        extract(texts("김"), X, output={"kind": "csv", "encoding": "cp1252"})
    assert set(settings.FILES_FOLDER.iterdir()) == before
    extract(texts("김"), X, output={"kind": "csv", "encoding": "cp1252", "unknown_letters": "replace"})
    assert written() == b"x\n?\n"


def test_numbers_that_parquet_cannot_hold_fail_by_name(small_shop: Rows) -> None:
    people = Came("a", {1: {"x": Decimal("1e30")}, 2: {"x": Decimal("1e-20")}}, {"x": T.DECIMAL}, FILE)
    with pytest.raises(ActivityFailed, match="“@x” has numbers of more than 38 digits"), transaction.atomic():
        extract(people, X, output={"kind": "parquet"})


def test_a_test_run_tries_a_few_lines_and_writes_nothing(small_shop: Rows) -> None:
    before = set(settings.FILES_FOLDER.iterdir())
    for output in ({"kind": "csv"}, {"kind": "parquet"}):
        extract(came("a", range(1, 500)), is_test=True, output=output)
    assert not StoredFile.objects.exists()
    assert set(settings.FILES_FOLDER.iterdir()) == before
    assert {entry.detail["rows"] for entry in RunLogEntry.objects.filter(event="file_tried")} == {100}


def test_a_transaction_that_ends_badly_leaves_no_row_and_a_second_try_one_file(small_shop: Rows) -> None:
    with transaction.atomic():
        extract(came("a", [1, 2]))
        transaction.set_rollback(True)
    assert not StoredFile.objects.exists()
    extract(came("a", [1, 2]))
    assert StoredFile.objects.count() == 1


def test_the_population_goes_on_and_the_file_is_named_and_kept(small_shop: Rows) -> None:
    played = extract(
        came("a", [1, 2, 3]),
        file_name="{campaign} {activity} {date} {time} {run}",
        keep_days=7,
        zone=ZoneInfo("Asia/Seoul"),
        now=datetime(2018, 1, 31, 23, 5, 6, tzinfo=UTC),
    )
    file = StoredFile.objects.get()
    assert played.keys() == {1, 2, 3}
    assert file.name == f"play here 2018-02-01 080506 {played.activity_run.run_id}.csv"
    assert (file.rows, file.expires_at) == (3, datetime(2018, 2, 7, 23, 5, 6, tzinfo=UTC))
    assert (file.size, len(file.checksum)) == (len(written()), 64)


def test_line_ends_quotes_and_marks_are_those_asked_for(small_shop: Rows) -> None:
    output = {
        "kind": "csv",
        "delimiter": ";",
        "quote": "'",
        "quote_all": True,
        "line_end": "crlf",
        "encoding": "utf-8-sig",
    }
    extract(texts("a", "b\nc", "it's"), X, output=output)
    assert written() == "\ufeff'x'\r\n'a'\r\n'b\nc'\r\n'it''s'\r\n".encode()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "cp949", "euc-kr", "gb18030"])
def test_every_encoding_is_written(small_shop: Rows, encoding: str) -> None:
    extract(texts("김하늘"), X, output={"kind": "csv", "encoding": encoding, "header": False})
    text = written()
    assert text.decode("utf-16" if encoding.startswith("utf-16") else encoding) == "김하늘\n"


def test_gzip_holds_the_same(small_shop: Rows) -> None:
    extract(texts("a"), X, output={"kind": "csv", "gzip": True}, file_name="people")
    assert gzip.decompress(written()) == b"x\na\n"
    assert StoredFile.objects.get().name == "people.csv.gz"


RISKY = [
    "=1+1",
    " =1",
    "'=1",
    "-2",
    "+a",
    "@x",
    "\tx",
    "a\n=b",
    "＝x",
    "\u00a0=x",
    "safe",
    "a=b",
    "''",
    "\r=x",
    "x\r=y",
]


def test_formulas_are_guarded_as_everywhere_and_not_for_machines(small_shop: Rows) -> None:
    extract(texts(*RISKY), X, output={"kind": "csv", "header": False})
    cells = [row[0] for row in csv.reader(io.StringIO(written().decode(), newline=""))]
    assert cells == [guard(text) for text in RISKY]
    StoredFile.objects.all().delete()
    extract(texts(*RISKY), X, output={"kind": "csv", "header": False, "guard_formulas": False})
    cells = [row[0] for row in csv.reader(io.StringIO(written().decode(), newline=""))]
    assert cells == RISKY


def test_a_header_is_no_formula_either(small_shop: Rows) -> None:
    extract(texts("a"), [{"attribute": "@x", "header": "=cmd()"}])
    assert written() == b"'=cmd()\na\n"


def test_a_negative_number_stays_a_number(small_shop: Rows) -> None:
    people = Came("a", {1: {"x": Decimal("-1234567.50")}}, {"x": T.DECIMAL}, FILE)
    output = {"kind": "csv", "delimiter": ";", "numbers": {"thousands": ".", "decimal": ","}}
    extract(people, X, output=output)
    assert written() == b"x\n-1.234.567,50\n"


def test_parquet_keeps_types_empties_and_digits(small_shop: Rows) -> None:
    kinds = {"t": T.TEXT, "n": T.INTEGER, "d": T.DECIMAL, "f": T.FLOAT, "b": T.BOOLEAN, "at": T.DATETIME}
    at = datetime(2018, 3, 25, 1, 30, tzinfo=UTC)
    rows = {
        1: {
            "t": 'a"\n,',
            "n": 5,
            "d": Decimal("12345678901234567890.123456789"),
            "f": 0.1,
            "b": True,
            "at": at,
        },
        2: {"t": "", "n": None, "d": None, "f": None, "b": None, "at": None},
    }
    columns = [{"attribute": f"@{name}"} for name in kinds]
    extract(Came("a", rows, kinds, FILE), columns, output={"kind": "parquet"}, zone=ZoneInfo("Europe/Oslo"))
    found = duckdb.read_parquet(str(path_of(StoredFile.objects.get())))
    assert found.columns == list(kinds)
    assert [str(kind) for kind in found.types] == [
        "VARCHAR", "BIGINT", "DECIMAL(38,9)", "DOUBLE", "BOOLEAN", "TIMESTAMP WITH TIME ZONE",
    ]  # fmt: skip
    assert found.fetchall() == [tuple(row.values()) for row in rows.values()]


FORMATS = [
    {},
    {"numbers": {"thousands": "space", "decimal": ","}, "dates": {"order": "dmy", "separator": "/"}},
    {
        "numbers": {"decimal": ","},
        "delimiter": "tab",
        "dates": {"order": "mdy", "separator": "."},
        "offset": True,
    },
    {"guard_formulas": False, "quote_all": True, "dates": {"separator": "none"}},
]
ATTRIBUTES = [
    "person_id", "name", "email", "age", "spend", "weight", "joined", "seen", "active", "token", "extra",
    "profile.income", "@score", "@mark",
]  # fmt: skip
SORTABLE = [name for name in ATTRIBUTES if name != "extra"]


@pytest.mark.parametrize("seed", range(4))
def test_the_reference_writes_the_same(shop: Rows, seed: int) -> None:
    chance = random.Random(seed)
    for output in FORMATS:
        people = draw_people(chance, shop)
        config: dict[str, Any] = {
            "columns": [{"attribute": name} for name in chance.sample(ATTRIBUTES, 8)],
            "sort": [
                {"attribute": name, "order": chance.choice(["ascending", "descending"])}
                for name in chance.sample(SORTABLE, chance.randrange(3))
            ],
            "output": {"kind": "csv", **output},
            "max_rows": chance.choice([1, 10, 1000]),
        }
        zone = chance.choice(["Asia/Seoul", "America/Chicago", "UTC"])
        StoredFile.objects.all().delete()
        play("extract_file", config, people, zone=ZoneInfo(zone))
        found = list(
            csv.reader(
                io.StringIO(written().decode(), newline=""),
                delimiter=output.get("delimiter", ",").replace("tab", "\t"),
            )
        )
        expected = lines(shop, people.people, config, zone)
        assert found[1:] == [[cell(value, output, zone) for value in row] for row in expected]


def test_the_store_is_private(small_shop: Rows) -> None:
    extract(came("a", [1]))
    path = path_of(StoredFile.objects.get())
    assert (path.stat().st_mode & 0o777, path.parent) == (0o600, Path(settings.FILES_FOLDER))
