"""Rows of a feed, objects of JSON, as the cells that files are checked and staged by."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from campaigns.imports.cells import form_of
from campaigns.imports.plans import DIGITS, PlanColumn
from campaigns.imports.records import is_broken
from campaigns.models import Field, Table
from campaigns.targeting.schema import FieldType

SHOWN = 60
LONGEST_TEXT = 131_072

Shape = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one row, counted from 1; `field` is empty where it is the row itself."""

    row: int
    field: str
    reason: str


@dataclass(slots=True)
class SortedRows:
    """The fit rows by the fields they have, each after its number; and the faults of the others."""

    by_shape: dict[Shape, list[tuple[int, list[str]]]] = field(default_factory=dict)
    faults: list[RowFault] = field(default_factory=list)


class RowReader:
    """Judges rows by the fields of one managed table."""

    def __init__(self, table: Table, *, keys_only: bool = False) -> None:
        fields = list(table.fields.filter(skipped_reason=""))
        self._columns = {f.slug: _column(f) for f in fields if not keys_only or f.key_position is not None}
        self._ignored = {f.slug for f in fields} - self._columns.keys()
        self._key = [slug for slug, column in self._columns.items() if column.key]
        self._forms = {
            slug: form_of(column.type, digits=column.digits, key=column.key)
            for slug, column in self._columns.items()
        }

    @property
    def key(self) -> Sequence[str]:
        return self._key

    def columns(self, shape: Shape) -> list[PlanColumn]:
        return [self._columns[slug] for slug in shape]

    def sort(self, rows: Sequence[Any]) -> SortedRows:
        """Part the fit rows from the others; of rows with one key the first counts."""
        found = SortedRows()
        seen: dict[tuple[object, ...], int] = {}
        for number, row in enumerate(rows, start=1):
            fault = self._fault(number, row) or self._repeated(number, row, seen)
            if fault:
                found.faults.append(fault)
                continue
            shape = tuple(slug for slug in self._columns if slug in row)
            cells = [_cell(row[slug], self._columns[slug].type) or "" for slug in shape]
            found.by_shape.setdefault(shape, []).append((number, cells))
        return found

    def _fault(self, number: int, row: Any) -> RowFault | None:
        if not isinstance(row, dict):
            return RowFault(number, "", _("A row is an object of fields and values."))
        unknown = next(
            (name for name in row if name not in self._columns and name not in self._ignored), None
        )
        if unknown is not None:
            return RowFault(number, unknown[:SHOWN], _("The table has no such field."))
        faults = (
            self._fault_of(slug, row.get(slug)) for slug in self._columns if slug in row or slug in self._key
        )
        return next((RowFault(number, slug, reason) for slug, reason in faults if reason), None)

    def _fault_of(self, slug: str, value: Any) -> tuple[str, str]:
        column, form = self._columns[slug], self._forms[slug]
        cell = _cell(value, column.type)
        if cell is None or (column.type is not FieldType.JSON and len(cell) > LONGEST_TEXT):
            return slug, _unfit(value, column.type)
        if column.key and not cell:
            return slug, _("The key is empty.")
        if cell and form and form.unfit_places([cell]):
            return slug, _("“%(value)s” is not %(wanted)s.") % {"value": cell[:SHOWN], "wanted": form.wanted}
        return slug, ""

    def _repeated(
        self, number: int, row: Mapping[str, Any], seen: dict[tuple[object, ...], int]
    ) -> RowFault | None:
        key = tuple(
            _same(_cell(row[slug], self._columns[slug].type) or "", self._columns[slug].type)
            for slug in self._key
        )
        first = seen.setdefault(key, number)
        if first == number:
            return None
        return RowFault(number, self._key[0], _("Row %(first)d has the same key.") % {"first": first})


def read_lines(text: str) -> Iterator[Any]:
    """The objects of newline-delimited JSON; a line that is none is handed on as its text, which is no row."""
    for line in text.split("\n"):
        if line.strip():
            try:
                yield load_json(line)
            except ValueError:
                yield line


def load_json(text: str) -> Any:
    """Exact numbers, no infinities, no name twice; ValueError for anything else, however deep."""
    try:
        return json.loads(
            text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_object
        )
    except (RecursionError, InvalidOperation) as error:
        raise ValueError(str(error)) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("repeated name")
    return made


def _column(known: Field) -> PlanColumn:
    digits = DIGITS.fullmatch(known.database_type)
    return PlanColumn(
        place=0,
        header=known.slug,
        name=known.column_name,
        type=FieldType(known.type),
        digits=(int(digits[1]), int(digits[2])) if digits else None,
        key=known.key_position is not None,
    )


def _cell(value: Any, type_: FieldType) -> str | None:
    """The value as a cell, "" for none; None where a value of that kind cannot be one of this type."""
    if value is None:
        return ""
    if type_ is FieldType.JSON:
        return _json_cell(value)
    if isinstance(value, str):
        return None if "\0" in value or is_broken(value) else value
    if isinstance(value, bool):
        return str(value).lower() if type_ is FieldType.BOOLEAN else None
    if isinstance(value, int | Decimal) and type_ in _NUMBERS:
        return str(value)
    return None


_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.FLOAT)


def _json_cell(value: Any) -> str | None:
    """PostgreSQL stores no NUL and no half of a character, not even escaped."""
    try:
        text = _json_text(value)
    except (ValueError, RecursionError):
        return None
    return None if "\\u0000" in text or is_broken(text) else text


def _json_text(value: Any) -> str:
    """The value as JSON, a Decimal with all its digits: `json` itself would make a float of it."""
    if isinstance(value, dict):
        members = (f"{_json_text(name)}: {_json_text(each)}" for name, each in value.items())
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_json_text, value))}]"
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _same(cell: str, type_: FieldType) -> object:
    """What is equal in the database is equal here: 7 and 07, a UUID in either case."""
    if type_ in (FieldType.INTEGER, FieldType.DECIMAL):
        return Decimal(cell)
    if type_ is FieldType.UUID:
        return UUID(cell)
    if type_ is FieldType.DATETIME:
        return datetime.fromisoformat(cell).isoformat()
    return cell.strip().lower() if type_ is FieldType.BOOLEAN else cell


def _unfit(value: Any, type_: FieldType) -> str:
    shown = json.dumps(value, ensure_ascii=True, default=str)[:SHOWN]
    return _("%(value)s cannot be a value of type %(type)s.") % {"value": shown, "type": type_.value}
