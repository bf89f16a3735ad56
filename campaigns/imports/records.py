"""A CSV file as a stream of batches of rows, each with the physical line it begins on; memory stays flat.

A malformed record costs its first line only: reading goes on at the next physical line, so that one stray
quote does not swallow the rest of the file. What cells mean is not judged here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol, TypeVar

from django.utils.translation import gettext as _

from campaigns.imports.refusals import ImportRefused

BLOCK = 256 << 10
"""What is judged at a time. While it is, nothing else runs in this process, and whoever reads the block before has no more
than a socket holds."""
LONGEST_LINE = 2 << 20
LONGEST_RECORD = 1 << 20
LONGEST_CELL = csv.field_size_limit()
LONGEST_EXCERPT = 10_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file writes its records: `quote` may be "" for none; without `multiline` a record ends with its line.

    `encoding` is only what messages call it: what is read has been turned into UTF-8 before.
    """

    delimiter: str
    quote: str = '"'
    multiline: bool = True
    encoding: str = "UTF-8"

    @property
    def options(self) -> dict[str, Any]:
        """For `csv.reader`."""
        if not self.quote:
            return {"delimiter": self.delimiter, "quoting": csv.QUOTE_NONE, "strict": True}
        return {"delimiter": self.delimiter, "quotechar": self.quote, "strict": True}


@dataclass(frozen=True, slots=True)
class Position:
    """Where to read on: an offset in bytes and the number of physical lines before it."""

    offset: int
    line: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A refused row: the physical line it begins on, its column if one is to blame, and what it holds."""

    line: int
    column: str
    reason: str
    content: str


@dataclass(slots=True)
class Batch:
    """Rows of the right width with their line numbers, the faults among them, and the position after all.

    `texts` are the lines of the rows as they were written, where the cells do not say it.
    """

    end: Position
    lines: Sequence[int] = ()
    rows: list[list[str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class Ending(Protocol):
    """What was made of a block, with the position after the last record that ends in it."""

    @property
    def end(self) -> Position: ...


Made = TypeVar("Made", bound=Ending)
Make = Callable[[bytes, Position, bool], Made]
"""Makes something of whole lines that begin at a position; the last argument says whether the file ends with them."""


def read_blocks(stream: BinaryIO, start: Position, make: Make[Made]) -> Iterator[Made]:
    """The file from `start` to its end, block by block; raises ImportRefused at a line that does not end.

    What is left of a block, because a record goes on behind it, comes again with the next.
    """
    at, carry = start, b""
    stream.seek(start.offset)
    while True:
        block = stream.read(BLOCK)
        data = carry + block
        if not data:
            return
        complete = data if not block else data[: data.rfind(b"\n") + 1]
        if not complete and len(data) >= LONGEST_LINE:
            _refuse_endless_line(at)
        made = make(complete, at, not block)
        carry = data[made.end.offset - at.offset :]
        at = made.end
        yield made


def _refuse_endless_line(at: Position) -> None:
    raise ImportRefused(
        "line_too_long",
        _("Line %(line)d does not end within %(limit)d MB.")
        % {"line": at.line + 1, "limit": LONGEST_LINE >> 20},
        _("Check that it is a text file whose lines end with a line feed."),
        line=at.line + 1,
    )


class RecordReader:
    """Reads `stream` from `start` to its end. `width` is the number of cells each row must have."""

    def __init__(self, stream: BinaryIO, *, delimiter: str | Dialect, width: int, start: Position) -> None:
        self._stream = stream
        self._parser = RecordParser(
            delimiter if isinstance(delimiter, Dialect) else Dialect(delimiter), width
        )
        self._start = start

    def __iter__(self) -> Iterator[Batch]:
        """Batches, each with the position to read on from; raises ImportRefused at a line that does not end."""
        return read_blocks(self._stream, self._start, self._parser.parse)


class RecordParser:
    """Parts whole lines into rows and faults. `width` is the number of cells each row must have."""

    def __init__(self, dialect: Dialect, width: int) -> None:
        self._dialect = dialect
        self._width = width

    def parse(self, data: bytes, at: Position, final: bool) -> Batch:
        """The records that end in `data`, which begins at a position; with `final` the last one ends there too."""
        if _is_plain(data, self._dialect.quote):
            try:
                return self._parse_plain(data.decode(), len(data), at)
            except (UnicodeDecodeError, csv.Error):
                pass
        return _CarefulParse(data, self._dialect, self._width, at, final).result()

    def _parse_plain(self, text: str, size: int, at: Position) -> Batch:
        """Without quotes a record is a line, and the whole block is parsed at the speed of C."""
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        rows = list(csv.reader(lines, delimiter=self._dialect.delimiter, quoting=csv.QUOTE_NONE))
        first = at.line + 1
        end = Position(at.offset + size, at.line + len(lines))
        batch = Batch(end, range(first, first + len(lines)), rows)
        if set(map(len, rows)) != {self._width}:
            _set_aside(batch, lines, self._width)
        return batch


def _is_plain(data: bytes, quote: str) -> bool:
    lone_returns = b"\r" in data and data.count(b"\r") != data.count(b"\r\n")
    quoted = bool(quote) and quote.encode() in data
    return not quoted and b"\0" not in data and not lone_returns


def _set_aside(batch: Batch, lines: Sequence[str], width: int) -> None:
    """Move rows of the wrong width to the faults; blank lines are no rows."""
    kept: list[tuple[int, list[str]]] = []
    for number, row, line in zip(batch.lines, batch.rows, lines, strict=True):
        if len(row) == width:
            kept.append((number, row))
        elif row:
            batch.faults.append(Fault(number, "", _wrong_width(len(row), width), excerpt(line)))
    batch.lines = [number for number, _row in kept]
    batch.rows = [row for _number, row in kept]


class _CarefulParse:
    """One block with quotes or with something wrong in it, record by record."""

    def __init__(self, data: bytes, dialect: Dialect, width: int, start: Position, final: bool) -> None:
        self._data = data
        self._dialect = dialect
        self._width = width
        self._start = start
        self._final = final
        self._texts = _physical_lines(data)
        self._unfit = _unfit_lines(data, self._texts)
        self._numbers: list[int] = []
        self._batch = Batch(start, self._numbers)

    def result(self) -> Batch:
        used = self._read_all()
        left = "".join(self._texts[used:]).encode("utf-8", "surrogateescape")
        size = len(self._data) - len(left)
        self._batch.end = Position(self._start.offset + size, self._start.line + used)
        self._batch.faults.sort(key=lambda fault: fault.line)
        return self._batch

    def _read_all(self) -> int:
        """The number of lines used: all but those of a record that may go on in the next block."""
        first = 0
        while first < len(self._texts):
            rows, ends, error = self._read_run(first)
            self._take(first, rows, ends)
            first = ends[-1] if ends else first
            if error is None:
                return len(self._texts)
            if self._may_go_on(first, error):
                return first
            self._refuse(first, first + 1, _reason(error))
            first += 1
        return first

    def _read_run(self, first: int) -> tuple[list[list[str]], list[int], csv.Error | None]:
        """Records from the line `first` to the next malformed one, with the line after the end of each."""
        if not self._dialect.multiline:
            return self._read_lines(first)
        lines = (self._texts[at] for at in range(first, len(self._texts)))
        reader = csv.reader(lines, **self._dialect.options)
        rows: list[list[str]] = []
        ends: list[int] = []
        try:
            for row in reader:
                rows.append(row)
                ends.append(first + reader.line_num)
        except csv.Error as error:
            return rows, ends, error
        return rows, ends, None

    def _read_lines(self, first: int) -> tuple[list[list[str]], list[int], csv.Error | None]:
        """The same where every line is a record of its own."""
        rows: list[list[str]] = []
        for at in range(first, len(self._texts)):
            try:
                rows.append(next(csv.reader([self._texts[at]], **self._dialect.options), []))
            except csv.Error as error:
                return rows, list(range(first + 1, at + 1)), error
        return rows, list(range(first + 1, len(self._texts) + 1)), None

    def _take(self, first: int, rows: list[list[str]], ends: list[int]) -> None:
        starts = [first, *ends[:-1]]
        if set(map(len, rows)) == {self._width} and not self._unfit:
            self._batch.rows += rows
            self._numbers.extend(self._start.line + start + 1 for start in starts)
            return
        for start, end, row in zip(starts, ends, rows, strict=False):
            self._take_one(start, end, row)

    def _take_one(self, start: int, end: int, row: list[str]) -> None:
        if not row:
            return
        if len(row) != self._width:
            self._refuse(start, end, _wrong_width(len(row), self._width))
        elif self._unfit and not self._unfit.isdisjoint(range(start, end)):
            self._refuse(start, end, _unfit_text(row, self._dialect.encoding))
        else:
            self._numbers.append(self._start.line + start + 1)
            self._batch.rows.append(row)

    def _may_go_on(self, first: int, error: csv.Error) -> bool:
        if self._final or not self._dialect.multiline or "end of data" not in str(error):
            return False
        return sum(map(len, self._texts[first:])) < LONGEST_RECORD

    def _refuse(self, first: int, end: int, reason: str) -> None:
        content = "".join(self._texts[first:end])
        self._batch.faults.append(Fault(self._start.line + first + 1, "", reason, excerpt(content)))


def excerpt(text: str) -> str:
    """A refused record as text that PostgreSQL can store: odd bytes as escapes, cut at 10,000 characters."""
    shown = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return shown.replace("\0", "\\x00").rstrip("\r\n")[:LONGEST_EXCERPT]


def _wrong_width(found: int, width: int) -> str:
    return _("%(found)d cells where the header has %(width)d.") % {"found": found, "width": width}


def _reason(error: csv.Error) -> str:
    text = str(error)
    if "end of data" in text:
        return _("A quote is opened and never closed.")
    if "field limit" in text:
        return _("A cell is longer than 131,072 characters, or its quote is never closed.")
    if "expected after" in text:
        return _("There is text after a closing quote; a quote inside a quoted cell is written twice.")
    return _("There is a carriage return in the middle of the line.")


def _physical_lines(data: bytes) -> list[str]:
    """Lines with their ends; bytes that are not UTF-8 become lone surrogates, which `is_broken` finds."""
    return io.StringIO(data.decode("utf-8", "surrogateescape"), newline="\n").readlines()


def _unfit_lines(data: bytes, texts: Sequence[str]) -> set[int]:
    """The lines that hold what PostgreSQL cannot store as text."""
    try:
        data.decode()
        broken: set[int] = set()
    except UnicodeDecodeError:
        broken = {at for at, text in enumerate(texts) if not text.isascii() and is_broken(text)}
    return broken | {at for at, text in enumerate(texts) if "\0" in text} if b"\0" in data else broken


def _unfit_text(row: Sequence[str], encoding: str) -> str:
    place, cell = next((p, c) for p, c in enumerate(row, start=1) if "\0" in c or is_broken(c))
    if "\0" in cell:
        return _("Cell %(place)d holds a NUL byte.") % {"place": place}
    return _("Cell %(place)d is not %(encoding)s text.") % {"place": place, "encoding": encoding}


def is_broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
