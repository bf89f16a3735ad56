"""What a file seems to be: its format and its columns with their types, guessed from its beginning, so that nobody types
them. A suggestion is settings like any other, to be looked at and corrected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from campaigns.files.encodings import guess_encoding
from campaigns.files.formats import Delimited, FixedWidth, NumberFormat, ReadDateFormat, TextFormat
from campaigns.files.notations import Notation, date_notation, number_notation
from campaigns.files.opening import as_text, beginning_of
from campaigns.files.parquet import unpacked
from campaigns.files.reading import batches_of
from campaigns.files.refusals import FileRefused
from campaigns.imports.cells import FORMS, guess_type
from campaigns.imports.header import HEAD, first_lines, sniff_delimiter
from campaigns.naming import label_of, slug_of
from campaigns.targeting.schema import FieldType

MOST_ROWS = 5000
SHOWN_ROWS = 5
LONGEST_NAME = 40
TAKEN = ("key", "first", "last", "size", "line")

_NUMBERS = [
    NumberFormat(thousands=a, decimal=b) for a, b in ((",", "."), ("space", ","), (".", ","), ("none", ","))
]
_DATES = [
    ReadDateFormat(order=order, separator=separator)
    for order, separator in product(("ymd", "dmy", "mdy"), ("/", ".", "-", "none"))
    if (order, separator) != ("ymd", "-")
]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Settings for `format` and `columns` of an activity that loads the file, as plain data, and the first rows."""

    format: dict[str, Any]
    columns: list[dict[str, Any]]
    rows: list[list[str]]


def suggest(path: Path, format_: TextFormat | None = None) -> Suggestion:
    """Settings that fit the beginning of the file; `format_` is kept where it is given.

    Raises FileRefused or ImportRefused.
    """
    if _is_parquet(path):
        with unpacked(path) as rows:
            names, cells = _read(rows, Delimited())
        columns = _columns(names[1:], [row[1:] for row in cells])
        return Suggestion({"kind": "parquet"}, columns, [row[1:] for row in cells[:SHOWN_ROWS]])
    format_ = format_ or _format_of(path)
    names, cells = _read(path, format_)
    return Suggestion(format_.model_dump(mode="json"), _columns(names, cells), cells[:SHOWN_ROWS])


def fixed_width_of(settings: Any) -> FixedWidth | None:
    """The format of settings where it gives columns their places, which no file tells.

    Raises FileRefused where the places are not whole.
    """
    if not isinstance(settings, Mapping) or settings.get("kind") != "fixed_width":
        return None
    try:
        return FixedWidth.model_validate(settings)
    except ValidationError as error:
        raise FileRefused(
            "no_places",
            _("Where the columns of fixed width stand cannot be guessed, and the format does not say it."),
            _("Give each column its name, first character and length, then read the columns again."),
        ) from error


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"PAR1"


def _format_of(path: Path) -> Delimited:
    with path.open("rb") as stream:
        encoding = guess_encoding(stream.read(HEAD))
        stream.seek(0)
        lines = first_lines(as_text(stream, Delimited(encoding=encoding)), 0)
    return Delimited(encoding=encoding, delimiter=_named(sniff_delimiter(lines)))


def _named(delimiter: str) -> Any:
    return "tab" if delimiter == "\t" else delimiter


def _read(path: Path, format_: TextFormat) -> tuple[Sequence[str], list[list[str]]]:
    with path.open("rb") as stream:
        text = as_text(stream, format_)
        beginning = beginning_of(text, format_)
        names = beginning.names
        batches = batches_of(text, format_, beginning)
        rows = next((batch.rows for batch in batches), [])[:MOST_ROWS]
    named = [name or f"column {number}" for number, name in enumerate(names, 1)]
    return named, rows


def _columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    cells: list[Sequence[str]] = list(zip(*rows, strict=True)) or [()] * len(names)
    taken: set[str] = set(TAKEN)
    columns = []
    for name, values in zip(names, cells, strict=True):
        slug = _free_name(name, taken)
        taken.add(slug)
        column = {"header": name, "name": slug, "label": label_of(name), **_typed(values)}
        columns.append(
            column if "" not in values or column["kind"] == "text" else {**column, "empties": "allowed"}
        )
    return columns


def _free_name(header: str, taken: set[str]) -> str:
    slug = slug_of(header, fallback="column")[:LONGEST_NAME].rstrip("_")
    return slug_of(slug[: LONGEST_NAME - 4], taken=taken, fallback="column") if slug in taken else slug


def _typed(values: Sequence[str]) -> dict[str, Any]:
    """The kind of the column, with a format of its own where its numbers or dates are written in another way."""
    kind = guess_type(values)
    if kind is not FieldType.TEXT:
        return {"kind": kind.value}
    filled = [value.strip() for value in values if value.strip()]
    for format_ in _DATES if filled else ():
        read = _all_read(date_notation(format_), filled)
        for kind in (FieldType.DATE, FieldType.DATETIME) if read else ():
            if not FORMS[kind].unfit_places(read):
                return {"kind": kind.value, "format": format_.model_dump(exclude={"years"})}
    for number_format in _NUMBERS if filled and not any(map(_is_code, filled)) else ():
        read = _all_read(number_notation(number_format), filled)
        for kind in (FieldType.INTEGER, FieldType.DECIMAL) if read else ():
            if not FORMS[kind].unfit_places(read):
                return {"kind": kind.value, "format": number_format.model_dump()}
    return {"kind": "text"}


def _all_read(notation: Notation, cells: Iterable[str]) -> list[str]:
    """Nothing unless every cell is written so."""
    found = [notation(cell) for cell in cells]
    return [] if None in found else [each for each in found if each is not None]


def _is_code(cell: str) -> bool:
    """“007” is a code, not a quantity."""
    return cell[:1] == "+" or (cell[:1] == "0" and cell[1:2].isdigit())
