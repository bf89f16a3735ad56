"""A CSV file as checked batches: what is fit as it stands goes by in runs, and only the rest is judged record by record.

Judging costs many times as much. So it is given one line at a time; but where the runs between are short it is given
ever more at once, and no file costs much more than if all of it were judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from campaigns.imports.checking import Checked, Checker
from campaigns.imports.fit_runs import FitRuns, Run
from campaigns.imports.key_order import Behind
from campaigns.imports.plans import Plan
from campaigns.imports.records import Dialect, Fault, Position, RecordParser, read_blocks

GROWTH = 8
MOST_AT_ONCE = 1 << 18


def sifted(stream: BinaryIO, plan: Plan, start: Position) -> Iterator[Checked]:
    """The file from `start` to its end in batches; raises ImportRefused where it cannot be read on."""
    return read_blocks(stream, start, Sieve(plan).sift)


class Sieve:
    """Sifts whole lines by one plan."""

    def __init__(self, plan: Plan) -> None:
        self._runs = FitRuns(plan)
        self._parser = RecordParser(Dialect(plan.delimiter), plan.width)
        self._checker = Checker(plan)

    def sift(self, data: bytes, at: Position, final: bool) -> Checked:
        """The records that end in `data`, which begins at a position; with `final` the last one ends there too."""
        found = _Found(at)
        portion = 1 if self._runs.possible else len(data)
        while (place := found.end.offset - at.offset) < len(data):
            run = self._runs.at(data, place, found.end.line + 1)
            found.add_run(run)
            place += run.size
            judged = self._judge(data, place, found.end, portion, final)
            if judged.end == found.end:
                break
            few = 2 * (judged.end.offset - found.end.offset) <= run.size
            portion = 1 if few else portion * GROWTH
            found.add(judged)
        return Checked(found.rows, b"".join(found.texts), found.faults, found.end, found.behind.keys)

    def _judge(self, data: bytes, place: int, at: Position, portion: int, final: bool) -> Checked:
        """Records from a place on, as many as lie in the portion; in a larger one where not even the first ends there."""
        while True:
            cut = _line_end(data, place + portion) if portion <= MOST_AT_ONCE else len(data)
            batch = self._parser.parse(data[place:cut], at, final and cut == len(data))
            if batch.end != at or cut == len(data):
                return self._checker.check(batch)
            portion *= GROWTH


class _Found:
    """What a block was found to hold, up to `end`."""

    def __init__(self, end: Position) -> None:
        self.end = end
        self.rows = 0
        self.texts: list[bytes] = []
        self.faults: list[Fault] = []
        self.behind = Behind(from_start=True)

    def add_run(self, run: Run) -> None:
        self.rows += run.rows
        self.texts.append(run.text)
        self.behind.note(run.behind)
        self.end = Position(self.end.offset + run.size, self.end.line + run.lines)

    def add(self, judged: Checked) -> None:
        self.rows += judged.rows
        self.texts.append(judged.text)
        self.faults += judged.faults
        self.behind.note(judged.behind)
        self.end = judged.end


def _line_end(data: bytes, place: int) -> int:
    """The end of the line that a place is on."""
    return data.find(b"\n", place - 1) + 1 or len(data)
