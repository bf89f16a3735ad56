"""Text whose columns have their places in the line, parted into the same batches as text with a delimiter.

A place counts characters, which are code points whatever the encoding. Blanks around a value are padding. A line is as
long as its last column says, or it is refused; one that is empty is no row.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from campaigns.files.formats import FixedWidth
from campaigns.imports.records import Batch, Fault, Position, excerpt, is_broken

PADDING = " "


class FixedWidthParser:
    """Parts whole lines into rows and faults by the places of the columns."""

    def __init__(self, format_: FixedWidth) -> None:
        self._places = [slice(column.start - 1, column.end) for column in format_.columns]
        self._width = max(column.end for column in format_.columns)
        self._encoding = format_.encoding.upper()

    def parse(self, data: bytes, at: Position, final: bool) -> Batch:
        """The rows of `data`, which begins at a position; no row ever goes on behind its line."""
        lines = _lines(data)
        batch = Batch(Position(at.offset + len(data), at.line + len(lines)))
        kept = []
        for number, line in enumerate(lines, at.line + 1):
            if reason := self._reason(line):
                batch.faults.append(Fault(number, "", reason, excerpt(line)))
            elif line:
                kept.append(number)
                batch.texts.append(line)
        batch.lines = kept
        batch.rows = [self._cells(line) for line in batch.texts]
        return batch

    def _cells(self, line: str) -> list[str]:
        return [line[place].strip(PADDING) for place in self._places]

    def _reason(self, line: str) -> str:
        """Why the line is refused; what cannot be stored comes first, because it makes a wrong length too."""
        if "\0" in line:
            return _("Character %(place)d is a NUL byte.") % {"place": line.index("\0") + 1}
        if not line.isascii() and is_broken(line):
            values = {"place": _broken_place(line), "encoding": self._encoding}
            return _("Character %(place)d is not %(encoding)s text.") % values
        if "\r" in line:
            return _("There is a carriage return in the middle of the line.")
        if line and len(line) != self._width:
            values = {"found": len(line), "width": self._width}
            return _("%(found)d characters where the columns need %(width)d.") % values
        return ""


def _lines(data: bytes) -> list[str]:
    """Without their ends; bytes that are not UTF-8 become lone surrogates, which `is_broken` finds."""
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _broken_place(line: str) -> int:
    return next(place for place, letter in enumerate(line, 1) if is_broken(letter))
