"""The first lines of a file: its delimiter, the names in its header, and a sample to guess types from."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from campaigns.imports.records import Dialect, Position, RecordReader, is_broken
from campaigns.imports.refusals import ImportRefused

DELIMITERS = (",", ";", "\t", "|")
HEAD = 256 << 10
SAMPLE = 2 << 20
LINES_TO_SNIFF = 100
MOST_COLUMNS = 1000


@dataclass(frozen=True, slots=True)
class Header:
    """The names in the first record, and the position of the first row."""

    delimiter: str
    names: tuple[str, ...]
    first_row: Position


def read_header(path: Path, start: int, delimiter: str = "") -> Header:
    """The header at offset `start`; ImportRefused where a name is missing or stands twice."""
    with path.open("rb") as stream:
        lines = first_lines(stream, start)
    dialect = Dialect(delimiter or sniff_delimiter(lines))
    cells, first_row = first_record(lines, dialect, Position(start, 0))
    return Header(dialect.delimiter, checked_names(cells), first_row)


def first_record(lines: Sequence[str], dialect: Dialect, at: Position) -> tuple[list[str], Position]:
    """The first record of these lines, which begin at a position, and the position after it."""
    reader = csv.reader(lines, **dialect.options)
    try:
        cells = next(row for row in reader if row)
    except (csv.Error, StopIteration) as error:
        raise ImportRefused(
            "bad_header",
            _("The header cannot be read: a quote is not closed or a carriage return stands alone."),
            _("Write the names of the columns in the first line, separated by commas."),
            line=at.line + 1,
        ) from error
    used = "".join(lines[: reader.line_num]).encode("utf-8", "surrogateescape")
    return cells, Position(at.offset + len(used), at.line + reader.line_num)


def read_sample(path: Path, header: Header) -> list[list[str]]:
    """The rows of the first megabytes, malformed ones left out. A line among them that does not end is for the check to
    name, unless it is the first.
    """
    rows: list[list[str]] = []
    start = header.first_row
    with path.open("rb") as stream:
        reader = RecordReader(stream, delimiter=header.delimiter, width=len(header.names), start=start)
        try:
            for batch in takewhile(lambda batch: batch.end.offset <= start.offset + SAMPLE, reader):
                rows += batch.rows
        except ImportRefused:
            if not rows:
                raise
    return rows


def sniff_delimiter(lines: Sequence[str]) -> str:
    """The delimiter that splits most lines into the same number of cells, more than one; else a comma."""
    agreement = {delimiter: _agreement(lines, delimiter) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: agreement[delimiter])


def _agreement(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
    except csv.Error:
        return (0, 0)
    width, count = max(widths.items(), key=lambda item: item[1], default=(1, 0))
    return (count, width) if width > 1 else (0, 0)


def first_lines(stream: BinaryIO, start: int) -> list[str]:
    """Whole physical lines; the only one of the file may be without its end."""
    stream.seek(start)
    head = stream.read(HEAD)
    lines = io.StringIO(head.decode("utf-8", "surrogateescape"), newline="\n").readlines()
    return lines[: max(1, len(lines) - (len(head) == HEAD))][:LINES_TO_SNIFF]


def checked_names(cells: Sequence[str]) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in cells)
    if any(is_broken(name) or "\0" in name for name in names):
        raise ImportRefused(
            "not_utf8",
            _("The header is not UTF-8 text."),
            _("Save the file as UTF-8 (in spreadsheets: “CSV UTF-8”) and send it again."),
            line=1,
        )
    if len(names) > MOST_COLUMNS:
        raise ImportRefused(
            "too_many_columns",
            _("The header names %(count)d columns.") % {"count": len(names)},
            _("Send at most %(most)d columns, or name the right delimiter.") % {"most": MOST_COLUMNS},
            line=1,
        )
    _refuse_empty_and_repeated(names)
    return names


def _refuse_empty_and_repeated(names: Sequence[str]) -> None:
    places: dict[str, int] = {}
    for place, name in enumerate(names, start=1):
        if not name:
            raise ImportRefused(
                "empty_header",
                _("Column %(place)d of the header has no name.") % {"place": place},
                _("Name every column, and take a superfluous delimiter away from the end of the line."),
                line=1,
            )
        if name.casefold() in places:
            raise ImportRefused(
                "repeated_header",
                _("The header names “%(name)s” twice, in columns %(first)d and %(second)d.")
                % {"name": name, "first": places[name.casefold()], "second": place},
                _("Rename one of the two."),
                line=1,
            )
        places[name.casefold()] = place
