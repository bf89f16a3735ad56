"""Judging the rows of a file by the settings of its columns: what is loaded of each, and why others are rejected."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from typing import Any

from campaigns.files.cell_readers import CellReader
from campaigns.imports.copy_text import copy_text
from campaigns.imports.records import Batch, Fault, excerpt


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch as it is loaded: rows as COPY's CSV, each after its key, its line and the number of its file; the rejected
    lines; how many values were dropped.
    """

    count: int
    text: str
    faults: Sequence[Fault]
    dropped: int
    last_line: int


class RowChecker:
    """Checks batches of one file, which is the `number`-th. `shift` is added to a line to make its key.

    With `numbered`, the first cell of a row is its line. `delimiter` is that of rejected rows whose text is gone.
    """

    def __init__(
        self,
        places: Sequence[tuple[int, Any]],
        *,
        delimiter: str = ",",
        number: int = 0,
        shift: int = 0,
        numbered: bool = False,
    ) -> None:
        self._readers = [(place, column.header, CellReader(column)) for place, column in places]
        self._delimiter = delimiter
        self._number = number
        self._shift = shift
        self._numbered = numbered

    def check(self, batch: Batch) -> Rows:
        if not batch.rows:
            return Rows(0, "", batch.faults, 0, batch.end.line)
        cells = list(zip(*batch.rows, strict=True))
        lines = list(map(int, cells[0])) if self._numbered else batch.lines
        columns: list[Sequence[str]] = []
        reasons: dict[int, tuple[str, str]] = {}
        dropped: list[int] = []
        for place, header, reader in self._readers:
            read = reader.read(cells[place])
            columns.append(read.values)
            dropped += read.dropped
            for at, reason in read.refused.items():
                reasons.setdefault(at, (header, reason))
        faults = self._faults(batch, lines, reasons)
        lost = [at for at in dropped if at not in reasons]
        if reasons:
            fit = [at not in reasons for at in range(len(lines))]
            lines = list(compress(lines, fit))
            columns = [list(compress(values, fit)) for values in columns]
        last = max(lines, default=0) if self._numbered else batch.end.line
        return Rows(len(lines), self._text(lines, columns), faults, len(lost), last)

    def _text(self, lines: Sequence[int], columns: Sequence[Sequence[str]]) -> str:
        keys = [line + self._shift for line in lines]
        numbers = repeat(self._number, len(keys))
        return copy_text(zip(keys, lines, numbers, *columns, strict=True))

    def _faults(
        self, batch: Batch, lines: Sequence[int], reasons: dict[int, tuple[str, str]]
    ) -> Sequence[Fault]:
        found = [
            Fault(lines[at], header, reason, self._written(batch, at))
            for at, (header, reason) in reasons.items()
        ]
        return sorted([*batch.faults, *found], key=lambda fault: fault.line) if found else batch.faults

    def _written(self, batch: Batch, at: int) -> str:
        if batch.texts:
            return excerpt(batch.texts[at])
        stream = io.StringIO()
        csv.writer(stream, delimiter=self._delimiter, lineterminator="").writerow(batch.rows[at])
        return excerpt(stream.getvalue())
