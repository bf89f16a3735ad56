"""Records that are fit as they stand: one automaton over bytes finds where a run of them ends, at the speed of memory.

The pattern of a plan says what a line of its file may be: so many cells, each of its type, plain or quoted, in UTF-8.
It covers a part of what `RecordParser` and `Checker` let through, and nothing else; the rest is theirs to judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import re2

from campaigns.imports.cells import LONGEST_KEY, form_of
from campaigns.imports.copy_text import LINE_END
from campaigns.imports.key_order import KeyOrder
from campaigns.imports.plans import Plan, PlanColumn
from campaigns.imports.records import LONGEST_CELL
from campaigns.targeting.schema import FieldType

MEMORY = 64 << 20
"""What the automaton may take; it is made while it reads, and a plan of ten columns needs two megabytes."""

_HIDDEN = b"\0"
_BEYOND_ASCII = (
    r"[\xC2-\xDF][\x80-\xBF]|\xE0[\xA0-\xBF][\x80-\xBF]|[\xE1-\xEC\xEE\xEF][\x80-\xBF]{2}"
    r"|\xED[\x80-\x9F][\x80-\xBF]|\xF0[\x90-\xBF][\x80-\xBF]{2}|[\xF1-\xF3][\x80-\xBF]{3}"
    r"|\xF4[\x80-\x8F][\x80-\xBF]{2}"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Fit records as COPY's CSV, each after the number of its line; the bytes and lines they took in the file; and the
    keys that may be repeated by them, None for any.
    """

    text: bytes
    rows: int
    size: int
    lines: int
    behind: Sequence[int] | None


class FitRuns:
    """Finds runs of fit records by one plan. `possible` says whether there is a pattern for it."""

    def __init__(self, plan: Plan) -> None:
        self._number = b"%d" + plan.delimiter.encode()
        self._pattern = _pattern(plan)
        self._order = KeyOrder(plan)

    @property
    def possible(self) -> bool:
        return self._pattern is not None

    def at(self, data: bytes, place: int, line: int) -> Run:
        """The longest run that begins at a place, which is on a line of the file; it may be empty."""
        end = self._pattern.match(data, place).end() if self._pattern else place
        run = _with_hidden_line_feeds(data[place:end])
        if (short := _end_of_short_records(run)) < len(run):
            run = run[:short]
            end = _after(data, place, run.count(b"\n") + run.count(_HIDDEN))
        starts = _starts(run, line)
        after = starts.pop()
        behind = self._order.behind(run)
        return Run(self._numbered(run, starts), len(starts), end - place, after - line, behind)

    def _numbered(self, run: bytes, starts: Sequence[int]) -> bytes:
        """Each record after its number: the run itself is the template that all of them are put into at once."""
        if not starts:
            return b""
        template = run[:-1].replace(b"%", b"%%").replace(b"\n", LINE_END + self._number)
        return ((self._number + template) % tuple(starts)).replace(_HIDDEN, b"\n") + LINE_END


def _with_hidden_line_feeds(run: bytes) -> bytes:
    """Records end with line feeds only, and those inside of quoted cells are bytes that no fit record has."""
    if b'"' not in run:
        return run.replace(b"\r\n", b"\n")
    parts = run.split(b'"')
    parts[1::2] = [part.replace(b"\n", _HIDDEN) for part in parts[1::2]]
    if b"\r" in run:
        parts[0::2] = [part.replace(b"\r\n", b"\n") for part in parts[0::2]]
    return b'"'.join(parts)


def _end_of_short_records(run: bytes) -> int:
    """Where the first record begins that could hold a cell which is too long, else the end."""
    end = 0
    while len(run) - end > LONGEST_CELL:
        longest = run.rfind(b"\n", end, end + LONGEST_CELL + 1) + 1
        if not longest:
            return end
        end = longest
    return len(run)


def _starts(run: bytes, line: int) -> list[int]:
    """The line that each record begins on, where the first begins on `line`, and the line after the last."""
    starts = [line]
    for part in run.split(_HIDDEN):
        ended = part.count(b"\n")
        starts += range(line + 1, line + ended + 1)
        line += ended + 1
    return starts


def _after(data: bytes, place: int, lines: int) -> int:
    for _line in range(lines):
        place = data.index(b"\n", place) + 1
    return place


def _pattern(plan: Plan) -> re2._Regexp | None:
    """None where cells are left out or moved, where a type has no pattern, or where there are too many of them."""
    cells = [_cell(column, plan.delimiter) for column in plan.columns]
    if [column.place for column in plan.columns] != list(range(plan.width)) or not all(cells):
        return None
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = MEMORY
    options.never_capture = True
    options.log_errors = False
    record = re2.escape(plan.delimiter).join(cells)
    try:
        return re2.compile(rf"(?:{record}\r?\n)*".encode("ascii"), options)
    except re2.error:
        return None


def _cell(column: PlanColumn, delimiter: str) -> str:
    """What a cell of the column may be; "" where that is no regular language."""
    if column.type is FieldType.TEXT:
        times = f"{{1,{LONGEST_KEY}}}" if column.key else "*"
        plain = rf'(?:[^\x00\r\n"{re2.escape(delimiter)}\x80-\xFF]|{_BEYOND_ASCII}){times}'
        return rf'(?:{plain}|"(?:[^\x00"\x80-\xFF]|""|{_BEYOND_ASCII}){times}")'
    form = form_of(column.type, digits=column.digits)
    if not form or not form.regular:
        return ""
    nothing = "" if column.key else '|""|'
    return f'(?:{form.regular}|"(?:{form.regular})"{nothing})'
