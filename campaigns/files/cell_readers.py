"""Turning the cells of one column into what its type is stored as, by the settings of the column.

A whole column is read at once: as long as everything in it is fit, at the speed of one pattern a cell. The order is the
same everywhere: white space, remapping, emptiness, type, width and case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from campaigns.files.columns import DayColumn, NumberColumn, TextColumn, type_of
from campaigns.files.notations import Notation, date_notation, number_notation
from campaigns.imports.cells import CellForm, empty_places, form_of
from campaigns.targeting.schema import FieldType

SHOWN = 60
MOST_KNOWN = 10_000
NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.FLOAT)
_CASES: dict[str, Callable[[str], str]] = {
    "keep": lambda text: text,
    "upper": str.upper,
    "lower": str.lower,
    "title": lambda text: text[:1].upper() + text[1:].lower(),
}


class UnfitCell(ValueError):  # noqa: N818 - names what happened
    """A cell is not what its column says; the text says why."""


@dataclass(slots=True)
class Read:
    """The stored forms of a column's cells ("" for empty); by place, why others are refused and which were dropped."""

    values: Sequence[str]
    refused: dict[int, str] = field(default_factory=dict)
    dropped: list[int] = field(default_factory=list)


class CellReader:
    """Reads the cells of one loaded column."""

    def __init__(self, column: Any) -> None:
        self.column = column
        self._type = type_of(column)
        self._form = form_of(self._type)
        self._notation = _notation(column)
        self._remap = {each.value: each.to for each in column.remap}
        self._allows_empty = column.empties == "allowed" or (
            column.empties == "by_type" and self._type not in NUMBERS
        )
        self._is_plain = not self._remap and self._notation is None
        self._is_plain = self._is_plain and not _shapes_text(column) and not self._needs_remapping
        self._known: dict[str, str] = {}

    @property
    def _needs_remapping(self) -> bool:
        return str(self.column.on_error).endswith("_unmapped")

    def read(self, cells: Sequence[str]) -> Read:
        if self._is_plain:
            unfit = self._form.unfit_places(cells) if self._form else []
            if not self._allows_empty and not all(cells):
                unfit = [*unfit, *empty_places(cells)]
            return self._read_places(cells, unfit) if unfit else Read(cells)
        return self._read_places(cells, range(len(cells)))

    def _read_places(self, cells: Sequence[str], places: Iterable[int]) -> Read:
        """Cell by cell at these places; the others are fit as they are."""
        values = list(cells)
        read = Read(values)
        for place in places:
            self._read_one(read, values, place)
        return read

    def value(self, cell: str) -> str:
        """The stored form of a cell written as in the file, after remapping; raises UnfitCell."""
        if self._type is not FieldType.TEXT:
            cell = cell.strip()
        if not cell:
            return self._empty()
        return self._text(cell) if self._type is FieldType.TEXT else self._typed(cell)

    def _read_one(self, read: Read, values: list[str], place: int) -> None:
        cell = values[place]
        try:
            values[place] = self._known[cell] if cell in self._known else self._remembered(cell)
        except UnfitCell as error:
            self._settle(read, values, place, error)

    def _remembered(self, cell: str) -> str:
        """Most columns that are not stored as they are written hold the same few cells again and again."""
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        value = self._known[cell] = self._remapped(cell)
        return value

    def _remapped(self, cell: str) -> str:
        cell = _without_blanks(cell, self.column)
        if cell in self._remap:
            return self.value(self._remap[cell])
        if cell and self._needs_remapping:
            raise UnfitCell(_("“%(value)s” is not remapped.") % {"value": _shown(cell)})
        return self.value(cell)

    def _settle(self, read: Read, values: list[str], place: int, error: UnfitCell) -> None:
        """What the column says of a cell that does not fit. A value that must be there is never left empty."""
        policy = self.column.on_error
        if policy.startswith("default") and self.column.default:
            values[place] = self.value(self.column.default)
            read.dropped.append(place)
        elif policy == "empty" and self.column.empties != "never":
            values[place] = ""
            read.dropped.append(place)
        else:
            read.refused[place] = str(error)

    def _empty(self) -> str:
        if self._allows_empty:
            return ""
        raise UnfitCell(_("The value is empty."))

    def _typed(self, cell: str) -> str:
        found = self._notation(cell) if self._notation else cell
        form = self._form
        if found is None or (form and not _is_fit(form, found)):
            wanted = form.wanted if form else ""
            raise UnfitCell(_("“%(value)s” is not %(wanted)s.") % {"value": _shown(cell), "wanted": wanted})
        return found

    def _text(self, cell: str) -> str:
        cell = _CASES[self.column.case](_without_blanks(cell, self.column))
        if self.column.width is not None and len(cell) > self.column.width:
            raise UnfitCell(
                _("“%(value)s” has more than %(width)d characters.")
                % {"value": _shown(cell), "width": self.column.width}
            )
        return cell or self._empty()


def _notation(column: Any) -> Notation | None:
    """None where cells are written as they are stored."""
    if isinstance(column, NumberColumn) and not column.format.is_plain:
        return number_notation(column.format)
    if isinstance(column, DayColumn) and not column.format.is_plain:
        return date_notation(column.format)
    return None


def _shapes_text(column: Any) -> bool:
    return isinstance(column, TextColumn) and (
        column.width is not None or column.case != "keep" or column.blanks != "keep"
    )


def _without_blanks(cell: str, column: Any) -> str:
    """Only text may keep the blanks around it."""
    match getattr(column, "blanks", "trim"):
        case "keep":
            return cell
        case "collapse":
            return " ".join(cell.split())
    return cell.strip()


def _is_fit(form: CellForm, cell: str) -> bool:
    return not form.unfit_places([cell])


def _shown(cell: str) -> str:
    return cell if len(cell) <= SHOWN else cell[:SHOWN] + "…"
