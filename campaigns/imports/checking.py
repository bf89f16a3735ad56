"""Judging the cells of a batch by the plan: who is fit to be staged, and why the others are not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

from django.utils.translation import gettext as _

from campaigns.imports.cells import CellForm, empty_places, form_of
from campaigns.imports.copy_text import copy_text
from campaigns.imports.key_order import follows, numbers
from campaigns.imports.plans import Plan, PlanColumn
from campaigns.imports.records import Batch, Fault, Position, excerpt

SHOWN = 60

Columns = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Checked:
    """A batch after checking: its fit rows as COPY's CSV, its faults by line, and the position after it.

    Only rows with a key of `behind` may repeat an earlier one; any may, where that is None.
    """

    rows: int
    text: bytes
    faults: Sequence[Fault]
    end: Position
    behind: Sequence[int] | None = None


class Checker:
    """Checks batches by one plan."""

    def __init__(self, plan: Plan) -> None:
        self._delimiter = plan.delimiter
        self._columns = plan.columns
        self._is_followed = follows(plan)
        self._forms = [form_of(column.type, digits=column.digits, key=column.key) for column in plan.columns]

    def check(self, batch: Batch) -> Checked:
        """Part the rows of the batch into fit ones, each after its line number, and faults."""
        lines, columns, faults = self._sort(batch)
        text = copy_text(zip(lines, *columns, strict=True), delimiter=self._delimiter)
        return Checked(len(lines), text.encode(), faults, batch.end, self._keys(columns))

    def _keys(self, columns: Columns) -> Sequence[int] | None:
        """All that were judged, however they follow each other: they are few."""
        if not self._is_followed:
            return None
        return numbers(columns[0]) if columns else ()

    def _sort(self, batch: Batch) -> tuple[Sequence[int], Columns, list[Fault]]:
        """The line numbers and planned columns of the fit rows, and every fault of the batch by line.

        A row with several unfit cells is one fault, which names the first.
        """
        if not batch.rows:
            return (), [], batch.faults
        cells = list(zip(*batch.rows, strict=True))
        columns: Columns = [cells[column.place] for column in self._columns]
        reasons: dict[int, tuple[str, str]] = {}
        for column, form, values in zip(self._columns, self._forms, columns, strict=True):
            for place, reason in _unfit(column, form, values):
                reasons.setdefault(place, (column.header, reason))
        if not reasons and not batch.faults:
            return batch.lines, columns, []
        return self._without(batch, columns, reasons)

    def _without(
        self, batch: Batch, columns: Columns, reasons: dict[int, tuple[str, str]]
    ) -> tuple[Sequence[int], Columns, list[Fault]]:
        fit = [place not in reasons for place in range(len(batch.rows))]
        faults = batch.faults + [
            Fault(batch.lines[place], header, reason, self._text(batch.rows[place]))
            for place, (header, reason) in reasons.items()
        ]
        kept: Columns = [tuple(compress(values, fit)) for values in columns]
        return list(compress(batch.lines, fit)), kept, sorted(faults, key=lambda fault: fault.line)

    def _text(self, row: Sequence[str]) -> str:
        stream = io.StringIO()
        csv.writer(stream, delimiter=self._delimiter, lineterminator="").writerow(row)
        return excerpt(stream.getvalue())


def _unfit(column: PlanColumn, form: CellForm | None, values: Sequence[str]) -> Iterator[tuple[int, str]]:
    if column.key and not all(values):
        for place in empty_places(values):
            yield place, _("The key is empty.")
    if form:
        for place in form.unfit_places(values):
            shown = values[place] if len(values[place]) <= SHOWN else values[place][:SHOWN] + "…"
            yield place, _("“%(value)s” is not %(wanted)s.") % {"value": shown, "wanted": form.wanted}
