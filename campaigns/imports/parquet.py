"""A Parquet file as a stream of batches of cells, each row with its number; memory stays flat.

DuckDB reads it, with little memory, without a folder to spill to and without access to any other file. Every value
becomes the text a CSV file would have had, so that both are checked, staged and merged alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.imports.header import MOST_COLUMNS
from campaigns.imports.records import LONGEST_CELL, Batch, Fault, Position, excerpt
from campaigns.imports.refusals import ImportRefused
from campaigns.targeting.schema import FieldType

SIGNATURE = b"PAR1"
ROW_NUMBER = "file_row_number"
MEMORY = "400MB"
LONGEST_NAME = 200
FIRST_BATCH = 500
MOST_ROWS = 16_000
WANTED_CHARACTERS = 2 << 20

_TYPES: Sequence[tuple[str, FieldType]] = (
    (r"(?:U?TINYINT|U?SMALLINT|U?INTEGER|BIGINT)", FieldType.INTEGER),
    (r"DECIMAL\((?:\d|1[0-8]),0\)", FieldType.INTEGER),
    (r"DECIMAL\(\d+,\d+\)|UBIGINT|U?HUGEINT", FieldType.DECIMAL),
    (r"FLOAT|DOUBLE", FieldType.FLOAT),
    (r"BOOLEAN", FieldType.BOOLEAN),
    (r"DATE", FieldType.DATE),
    (r"TIMESTAMP(?:_S|_MS|_NS| WITH TIME ZONE)?", FieldType.DATETIME),
    (r"UUID", FieldType.UUID),
    (r"VARCHAR|ENUM\(.*\)", FieldType.TEXT),
    (r"JSON|.*\]|(?:STRUCT|MAP)\(.*\)", FieldType.JSON),
)
_COMPILED = [(re.compile(pattern, re.DOTALL), type_) for pattern, type_ in _TYPES]


@dataclass(frozen=True, slots=True)
class ParquetColumn:
    """A column of the file; one without `type` holds what rules cannot use."""

    name: str
    type: FieldType | None
    written: str


@dataclass(frozen=True, slots=True)
class ParquetHeader:
    """What the file says of itself."""

    columns: tuple[ParquetColumn, ...]
    rows: int


def is_parquet(path: Path) -> bool:
    """By its first bytes, never by its name."""
    with path.open("rb") as stream:
        return stream.read(len(SIGNATURE)) == SIGNATURE


def read_parquet_header(path: Path) -> ParquetHeader:
    """The columns with their types, and the number of rows; ImportRefused where it cannot be read."""
    with _opened(path) as database:
        described = database.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        (rows,) = database.execute(
            "SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata(?)", [str(path)]
        ).fetchall()[0]
    columns = tuple(ParquetColumn(name, _type_of(written), written) for name, written, *_more in described)
    _refuse_unfit(columns)
    return ParquetHeader(columns, int(rows))


class ParquetReader:
    """Reads the named columns from the row after `start` on."""

    def __init__(self, path: Path, columns: Sequence[ParquetColumn], *, start: Position) -> None:
        self._path = path
        self._query = _query(columns)
        self._done = start.line

    def __iter__(self) -> Iterator[Batch]:
        """Batches of about two megabytes of text; ImportRefused where the file is broken further on."""
        size = FIRST_BATCH
        with _opened(self._path) as database:
            while rows := self._fetched(database, size):
                yield self._batch(rows)
                size = _next_size(size, rows)

    def _fetched(self, database: duckdb.DuckDBPyConnection, size: int) -> list[tuple[str, ...]]:
        """The next rows, by a query of their own: the client keeps the whole answer of a query in memory."""
        found: list[tuple[str, ...]] = database.execute(
            self._query, [str(self._path), self._done, self._done + size]
        ).fetchall()
        return found

    def _batch(self, rows: list[tuple[str, ...]]) -> Batch:
        first = self._done + 1
        self._done += len(rows)
        batch = Batch(Position(self._done, self._done))
        if not any(map(_is_unfit, rows)):
            batch.lines, batch.rows = range(first, self._done + 1), rows  # type: ignore[assignment]  # read only
            return batch
        fit = [(number, row) for number, row in enumerate(rows, first) if not _is_unfit(row)]
        batch.lines, batch.rows = [number for number, _row in fit], [list(row) for _number, row in fit]
        batch.faults = [_fault(number, row) for number, row in enumerate(rows, first) if _is_unfit(row)]
        return batch


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own, which may read this one file."""
    if re.search(r"[*?\[\]{}]", str(path)):
        raise ImportRefused(
            "bad_path",
            _("The path “%(path)s” holds a wildcard.") % {"path": path},
            _("Rename the file without *, ? and brackets."),
        )
    try:
        with duckdb.connect(":memory:", config={"memory_limit": MEMORY, "threads": 1}) as database:
            for statement in _LIMITS:
                database.execute(statement)
            database.execute("SET allowed_paths = ?", [[str(path)]])
            database.execute("SET enable_external_access = false")
            database.execute("SET lock_configuration = true")
            yield database
    except duckdb.OutOfMemoryException as error:
        raise ImportRefused(
            "too_much_memory",
            _("Unpacked, a part of the file is larger than %(memory)s.") % {"memory": MEMORY},
            _("Write it with smaller row groups (100,000 rows), and check where it comes from."),
        ) from error
    except (duckdb.Error, UnicodeDecodeError) as error:
        reason = str(error).partition("\n")[0].replace(str(path), path.name)[:300]
        raise ImportRefused(
            "bad_parquet",
            _("The Parquet file cannot be read: %(reason)s") % {"reason": reason},
            _("Write the file again, and check that it was transferred whole."),
        ) from error


_LIMITS = ("SET temp_directory = ''", "SET TimeZone = 'UTC'", "SET autoinstall_known_extensions = false")


def _type_of(written: str) -> FieldType | None:
    return next((type_ for pattern, type_ in _COMPILED if pattern.fullmatch(written)), None)


def _refuse_unfit(columns: Sequence[ParquetColumn]) -> None:
    if len(columns) > MOST_COLUMNS:
        raise ImportRefused(
            "too_many_columns",
            _("The file has %(count)d columns.") % {"count": len(columns)},
            _("Send at most %(most)d columns.") % {"most": MOST_COLUMNS},
        )
    names = [column.name.strip().casefold() for column in columns]
    unfit = next(
        (name for name in names if not name or names.count(name) > 1 or len(name) > LONGEST_NAME), None
    )
    if unfit is not None:
        raise ImportRefused(
            "repeated_header",
            _("The column “%(name)s” has no fit name, or two columns have it.") % {"name": unfit[:80]},
            _("Give every column a name of its own, of at most 200 characters."),
        )


def _query(columns: Sequence[ParquetColumn]) -> str:
    """The columns as texts, an empty one for NULL, cut one character behind what a cell may have."""
    numbered = exp.EQ(this=exp.column(ROW_NUMBER), expression=exp.true())
    source = exp.Anonymous(this="read_parquet", expressions=[exp.Placeholder(), numbered])
    query = exp.select(*map(_text, columns)).from_(exp.Table(this=source))
    from_row = exp.GTE(this=exp.column(ROW_NUMBER), expression=exp.Placeholder())
    to_row = exp.LT(this=exp.column(ROW_NUMBER), expression=exp.Placeholder())
    return query.where(from_row, to_row).sql(dialect="duckdb")


def _text(column: ParquetColumn) -> exp.Expr:
    value: exp.Expr = exp.column(exp.to_identifier(column.name, quoted=True))
    if column.type is FieldType.JSON:
        value = exp.Anonymous(this="to_json", expressions=[value])
    text = exp.cast(value, "VARCHAR")
    cut = exp.Anonymous(this="left", expressions=[text, exp.Literal.number(LONGEST_CELL + 1)])
    return exp.Coalesce(this=cut, expressions=[exp.Literal.string("")])


def _is_unfit(row: Sequence[str]) -> bool:
    return any("\0" in cell or len(cell) > LONGEST_CELL for cell in row)


def _fault(number: int, row: Sequence[str]) -> Fault:
    place, cell = next((p, c) for p, c in enumerate(row, 1) if "\0" in c or len(c) > LONGEST_CELL)
    reason = _("Cell %(place)d holds a NUL byte.") if "\0" in cell else _("Cell %(place)d is too long.")
    return Fault(number, "", reason % {"place": place}, excerpt(",".join(each[:1000] for each in row)))


def _next_size(size: int, rows: Sequence[Sequence[Any]]) -> int:
    """So many rows that a batch holds about as much text as one of a CSV file."""
    characters = sum(map(len, rows[0])) + sum(map(len, rows[-1])) + 1
    each = max(characters / 2, sum(len(cell) for row in rows[:50] for cell in row) / min(50, len(rows)), 1)
    return max(1, min(MOST_ROWS, size * 4, int(WANTED_CHARACTERS / each)))
