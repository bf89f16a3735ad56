"""Writing a population to a file of the store: PostgreSQL writes the text, which streams through; memory stays flat.

The file is whole before its row is written, and the row comes with the activity's transaction. In a test run the first
rows go the same way, to nowhere.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql
from sqlglot import exp

from campaigns.files.encodings import WIDE
from campaigns.files.formats import mark
from campaigns.files.outputs import CsvOutput, file_name
from campaigns.files.parquet import packed
from campaigns.files.store import Keeping, Kept, register_file
from campaigns.formula_guard import guard
from campaigns.models import Campaign, StoredFile
from campaigns.problems import ProblemsError
from campaigns.targeting import trees
from campaigns.targeting.attributes import Subject
from campaigns.targeting.render import render
from campaigns.targeting.schema import FieldType
from orchestration.compilation import Arrival, CompileContext, key_of
from orchestration.exceptions import ActivityFailed
from orchestration.log import log_run
from orchestration.models import ActivityRun
from orchestration.scratch_tables import SET_ZONE
from orchestration.selection.joins import ascending, descending, sortable
from orchestration.selection.profiles import Profiles
from orchestration.selection.texts import as_text, plain

TEST_ROWS = 100
BLOCK = 1 << 20
MOST_DIGITS = 38
QUICK_DIGITS = 18
"""As many as DuckDB keeps in one word: eight times as fast as more."""
DUCKDB_TYPES: Mapping[FieldType, str] = {
    FieldType.TEXT: "VARCHAR",
    FieldType.INTEGER: "BIGINT",
    FieldType.FLOAT: "DOUBLE",
    FieldType.BOOLEAN: "BOOLEAN",
    FieldType.DATE: "DATE",
    FieldType.DATETIME: "TIMESTAMPTZ",
    FieldType.UUID: "UUID",
    FieldType.JSON: "VARCHAR",
}

Write = Callable[[bytes], object]


class Extraction:
    """Writes the population that came in to one file, by the settings of its activity."""

    def __init__(self, context: CompileContext, came: Arrival) -> None:
        self.context = context
        self.config = context.config
        self.came = came

    def write(self) -> None:
        """Raises ActivityFailed where a value cannot be written."""
        try:
            if self.context.is_test:
                rows = self._into(lambda data: None)
                self._log("file_tried", rows=rows)
            else:
                self._keep()
        except ProblemsError as error:
            raise ActivityFailed(" ".join(f"{p.message} {p.remedy}" for p in error.problems)) from error
        except UnicodeEncodeError as error:
            raise ActivityFailed(
                _("The encoding has no letter “%(letter)s”. Choose UTF-8, or have such letters replaced.")
                % {"letter": error.object[error.start : error.start + 1]}
            ) from error

    def _keep(self) -> None:
        keeping = Keeping()
        with keeping.writing() as stream:
            rows = self._into(stream.write)
        self._register(keeping.whole, rows)

    def _register(self, kept: Kept, rows: int) -> None:
        name = file_name(self.config.file_name, self._placeholders(), self.config.output)
        file = register_file(
            kept,
            name,
            origin=StoredFile.Origin.EXTRACTED,
            rows=rows,
            campaign_id=self.context.campaign_id,
            activity_id=self.context.activity_id,
            run=self._run,
            activity_run=self.context.activity_run_id,
            expires_at=self.context.now + timedelta(days=self.config.keep_days),
        )
        self._log("file_written", file=file.name, rows=rows)

    def _into(self, write: Write) -> int:
        """Write everything; the number of rows."""
        if isinstance(self.config.output, CsvOutput):
            return self._csv(write, self.config.output)
        return self._parquet(write)

    def _csv(self, write: Write, output: CsvOutput) -> int:
        if not output.gzip:
            return self._text(write, output)
        with gzip.GzipFile(fileobj=_Sink(write), mode="wb", compresslevel=6, mtime=0, filename="") as packer:
            return self._text(packer.write, output)

    def _text(self, write: Write, output: CsvOutput) -> int:
        recoded = _recoded(write, output)
        if output.header:
            recoded(_header_line(self._headers(), output))
        return self._copy(self._select(lambda subject: as_text(subject, output)), recoded, output)

    def _parquet(self, write: Write) -> int:
        plain_text = CsvOutput(quote_all=True)
        with _scratch() as folder:
            rows = folder / "rows.csv"
            with rows.open("wb") as stream:
                count = self._copy(self._select(plain), stream.write, plain_text)
            packed(rows, folder / "rows.parquet", self._duckdb_columns())
            with (folder / "rows.parquet").open("rb") as made:
                while block := made.read(BLOCK):
                    write(block)
        return count

    def _copy(self, select: exp.Select, write: Write, output: CsvOutput) -> int:
        statement = render(select)
        force = sql.SQL(", FORCE_QUOTE *") if output.quote_all else sql.SQL("")
        copy = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, DELIMITER {}, QUOTE {}, ESCAPE {}{})").format(
            sql.SQL(statement.sql),
            *map(sql.Literal, (mark(output.delimiter), output.quote, output.quote)),
            force,
        )
        with connection.cursor() as cursor:
            cursor.execute(SET_ZONE, [str(self.context.zone)])
            with cursor.copy(copy, statement.parameters) as rows:
                count = _stream(rows, write, line_end=b"\r\n" if output.line_end == "crlf" else b"\n")
            cursor.execute(SET_ZONE, [connection.timezone_name])
        return count

    def _select(self, cell: Callable[[Subject], exp.Expr]) -> exp.Select:
        """One text a column, in the order asked for; equals in the order of their keys."""
        profiles = Profiles(self.context, self.came)
        cells: list[exp.Expr] = [
            trees.named(cell(profiles.value(column.attribute)), f"c{number}")
            for number, column in enumerate(self.config.columns)
        ]
        order = [
            (ascending if each.order == "ascending" else descending)(sortable(profiles.value(each.attribute)))
            for each in self.config.sort
        ]
        query = profiles.query(cells).order_by(*order, ascending(key_of()), copy=False)
        most = self._most_rows()
        return query if most is None else query.limit(most, copy=False)

    def _most_rows(self) -> int | None:
        asked: int | None = self.config.max_rows
        if not self.context.is_test:
            return asked
        return TEST_ROWS if asked is None else min(asked, TEST_ROWS)

    def _headers(self) -> list[str]:
        profiles = Profiles(self.context, self.came)
        return [column.header or profiles.label(column.attribute) for column in self.config.columns]

    def _duckdb_columns(self) -> list[tuple[str, str]]:
        profiles = Profiles(self.context, self.came)
        values = [profiles.value(column.attribute) for column in self.config.columns]
        kinds = [
            self._decimal_type(number) if value.type is FieldType.DECIMAL else DUCKDB_TYPES[value.type]
            for number, value in enumerate(values)
        ]
        return list(zip(self._headers(), kinds, strict=True))

    def _decimal_type(self, number: int) -> str:
        """Wide enough for every value of the column: none is rounded."""
        profiles = Profiles(self.context, self.came)
        value = profiles.value(self.config.columns[number].attribute)
        scale = exp.Max(this=trees.call("SCALE", value.value()))
        whole = trees.call("TRUNC", trees.call("ABS", value.value()))
        digits = exp.Max(this=trees.call("LENGTH", trees.cast(whole, "text")))
        statement = render(profiles.query([scale, digits]))
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.parameters)
            after, before = (int(each or 0) for each in cursor.fetchone())
        if after + before > MOST_DIGITS:
            raise ActivityFailed(
                _(
                    "“%(column)s” has numbers of more than %(most)d digits, which Parquet cannot hold. Write a CSV file."
                )
                % {"column": self.config.columns[number].attribute, "most": MOST_DIGITS}
            )
        return f"DECIMAL({QUICK_DIGITS if after + before <= QUICK_DIGITS else MOST_DIGITS},{after})"

    def _placeholders(self) -> dict[str, str]:
        local = self.context.now.astimezone(self.context.zone)
        return {
            "campaign": Campaign.objects.values_list("slug", flat=True).get(pk=self.context.campaign_id),
            "activity": self.context.activity_id,
            "date": f"{local:%Y-%m-%d}",
            "time": f"{local:%H%M%S}",
            "run": str(self._run),
        }

    @property
    def _run(self) -> int:
        return int(ActivityRun.objects.values_list("run_id", flat=True).get(pk=self.context.activity_run_id))

    def _log(self, event: str, **detail: Any) -> None:
        log_run(self._run, event, activity_id=self.context.activity_id, **detail)


class _Sink(io.RawIOBase):
    """What gzip writes to."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._write(bytes(data))
        return len(data)


def _stream(rows: Any, write: Write, *, line_end: bytes) -> int:
    """Hand on what COPY yields, one row at a time, in blocks; the number of rows."""
    count = 0
    block = bytearray()
    for row in rows:
        count += 1
        block += row
        if line_end != b"\n":
            block[-1:] = line_end
        if len(block) >= BLOCK:
            write(bytes(block))
            block.clear()
    write(bytes(block))
    return count


def _recoded(write: Write, output: CsvOutput) -> Write:
    """A writer of UTF-8 that hands on the output's encoding. Blocks end where rows do, so that no letter is cut."""
    if output.encoding == "utf-8":
        return write
    encoding = "utf-16-le" if output.encoding == "utf-16" else output.encoding
    errors = "replace" if output.unknown_letters == "replace" else "strict"
    encoder = codecs.getincrementalencoder(encoding)(errors)
    if output.encoding in WIDE:
        write(codecs.BOM_UTF16_BE if encoding == "utf-16-be" else codecs.BOM_UTF16_LE)
    return lambda data: write(encoder.encode(data.decode()))


def _header_line(headers: Sequence[str], output: CsvOutput) -> bytes:
    stream = io.StringIO()
    quoting: Any = csv.QUOTE_ALL if output.quote_all else csv.QUOTE_MINIMAL
    end = "\r\n" if output.line_end == "crlf" else "\n"
    csv.writer(
        stream, delimiter=mark(output.delimiter), quotechar=output.quote, quoting=quoting, lineterminator=end
    ).writerow([guard(header) for header in headers] if output.guard_formulas else headers)
    return stream.getvalue().encode()


@contextmanager
def _scratch() -> Iterator[Path]:
    settings.FILES_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="packing-", dir=settings.FILES_FOLDER) as folder:
        yield Path(folder)
