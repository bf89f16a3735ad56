"""The beginning of a file that is loaded: what its columns are called and where its rows begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from campaigns.files.columns import IgnoredColumn
from campaigns.files.encodings import UTF8_MARK, WIDE, as_utf8
from campaigns.files.formats import FixedWidth, TextFormat
from campaigns.files.refusals import FileRefused
from campaigns.imports.content import refuse_other_formats
from campaigns.imports.header import checked_names, first_lines, first_record
from campaigns.imports.records import LONGEST_LINE, Position
from campaigns.validation import nearest

HEAD = 4096


@dataclass(frozen=True, slots=True)
class Beginning:
    """The names of a file's columns, or as many empty ones without a header, and the position of its first row."""

    names: tuple[str, ...]
    first_row: Position


def as_text(stream: BinaryIO, format_: TextFormat) -> BinaryIO:
    """The text of the file in UTF-8; raises FileRefused, or ImportRefused, where it is something else."""
    head = stream.read(HEAD)
    stream.seek(0)
    if format_.encoding not in WIDE:
        refuse_other_formats(head)
        if head.count(0) * 5 > len(head):
            raise _not_in(format_.encoding)
    return as_utf8(stream, format_.encoding)


def beginning_of(text: BinaryIO, format_: TextFormat) -> Beginning:
    """Where the rows of a file begin; raises FileRefused or ImportRefused naming the line."""
    at = _after_skipped(text, format_.skip_lines)
    lines = first_lines(text, at.offset)
    if not "".join(lines).strip():
        raise FileRefused("empty", _("The file has no rows."), _("Check the file and the lines to ignore."))
    if isinstance(format_, FixedWidth):
        return Beginning(tuple(column.header for column in format_.columns), at)
    cells, after = first_record(lines, format_.dialect, at)
    if not format_.header:
        return Beginning(("",) * len(cells), at)
    if any("\udcff" in cell for cell in cells):
        raise _not_in(format_.encoding, line=at.line + 1)
    return Beginning(checked_names(cells), after)


def places_of(beginning: Beginning, columns: Sequence[Any]) -> list[tuple[int, Any]]:
    """Each loaded column with its place in the rows; FileRefused where file and settings differ in their columns."""
    found = beginning.names
    if not any(found):
        if len(found) != len(columns):
            raise FileRefused(
                "wrong_width",
                _("The file has %(found)d columns where the settings name %(wanted)d.")
                % {"found": len(found), "wanted": len(columns)},
                _("Name every column in its order, and those that are not needed as ignored."),
                line=1,
            )
        pairs = list(enumerate(columns))
    else:
        pairs = [(_place_of(column.header, found), column) for column in columns]
        _refuse_unnamed(found, columns)
    return [(place, column) for place, column in pairs if not isinstance(column, IgnoredColumn)]


def _place_of(header: str, found: Sequence[str]) -> int:
    folded = [name.casefold() for name in found]
    if header.strip().casefold() not in folded:
        raise FileRefused(
            "column_missing",
            _("The file has no column “%(name)s”.") % {"name": header},
            nearest(header, found),
            line=1,
        )
    return folded.index(header.strip().casefold())


def _refuse_unnamed(found: Sequence[str], columns: Sequence[Any]) -> None:
    named = {column.header.strip().casefold() for column in columns}
    more = next((name for name in found if name.casefold() not in named), None)
    if more is not None:
        raise FileRefused(
            "column_unnamed",
            _("The file has a column “%(name)s” that the settings do not name.") % {"name": more},
            _("Add it to the columns, as ignored if it is not needed."),
            line=1,
        )


def _after_skipped(text: BinaryIO, count: int) -> Position:
    """The position after a mark at the beginning and the lines to ignore."""
    text.seek(0)
    offset = len(UTF8_MARK) if text.read(len(UTF8_MARK)) == UTF8_MARK else 0
    for number in range(count):
        length = _line_length(text, offset, number + 1)
        if not length:
            raise FileRefused(
                "too_short",
                _("The file has only %(count)d lines.") % {"count": number},
                _("Ignore fewer lines."),
                line=number + 1,
            )
        offset += length
    return Position(offset, count)


def _line_length(text: BinaryIO, offset: int, line: int) -> int:
    text.seek(offset)
    length = 0
    while block := text.read(HEAD):
        end = block.find(b"\n")
        if end >= 0:
            return length + end + 1
        length += len(block)
        if length > LONGEST_LINE:
            raise FileRefused(
                "line_too_long",
                _("Line %(line)d does not end within %(limit)d MB.")
                % {"line": line, "limit": LONGEST_LINE >> 20},
                _("Check that it is a text file whose lines end with a line feed."),
                line=line,
            )
    return length


def _not_in(encoding: str, *, line: int = 1) -> FileRefused:
    return FileRefused(
        "wrong_encoding",
        _("The file is not written in %(encoding)s.") % {"encoding": encoding.upper()},
        _("Choose the encoding it was saved in."),
        line=line,
    )
