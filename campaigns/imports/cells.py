"""What a cell of each type may hold, checked by whole columns; and the type a column of cells seems to have.

The forms accepted are a strict part of what PostgreSQL accepts, so that a staged cell never fails there: no
“NaN”, no “tomorrow”, no date by somebody's local order. An empty cell is NULL in every type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import compress
from math import isinf
from operator import not_

from django.utils.translation import gettext_lazy as _

from campaigns.targeting.schema import FieldType

BIGINT = range(-(2**63), 2**63)
WORDS = frozenset(("true", "false", "t", "f", "yes", "no", "y", "n"))
INFERRED = (
    FieldType.INTEGER,
    FieldType.DECIMAL,
    FieldType.FLOAT,
    FieldType.BOOLEAN,
    FieldType.DATE,
    FieldType.DATETIME,
    FieldType.UUID,
)

_OFFSET = r"(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)"
_TIME = r"[0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
_YEAR = r"(?!0000|0001|9999)[0-9]{4}"


@dataclass(frozen=True, slots=True)
class CellForm:
    """How a type is written: a pattern for filled cells, a last check that may raise ValueError, its name."""

    pattern: re.Pattern[str]
    check: Callable[[str], object] | None
    wanted: object

    def is_fit(self, cell: str) -> bool:
        if not cell:
            return True
        if not self.pattern.fullmatch(cell):
            return False
        try:
            return self.check is None or bool(self.check(cell))
        except ValueError:
            return False

    def unfit_places(self, cells: Sequence[str]) -> list[int]:
        """Where the column holds what the type does not; for a sound column found at the speed of C."""
        filled = list(filter(None, cells))
        if all(map(self.pattern.fullmatch, filled)) and self._all_pass(filled):
            return []
        return [place for place, cell in enumerate(cells) if not self.is_fit(cell)]

    def _all_pass(self, filled: Iterable[str]) -> bool:
        try:
            return self.check is None or all(map(self.check, filled))
        except ValueError:
            return False


def _is_bigint(cell: str) -> bool:
    return int(cell) in BIGINT


def _is_double(cell: str) -> bool:
    """PostgreSQL refuses what is too large for a double, and what is not zero but too small."""
    value = float(cell)
    mantissa = cell.lower().partition("e")[0]
    return not isinf(value) and (value != 0 or not re.search("[1-9]", mantissa))


def _is_word(cell: str) -> bool:
    return cell.strip().lower() in WORDS


FORMS = {
    FieldType.INTEGER: CellForm(re.compile(r" *[+-]?[0-9]{1,19} *"), _is_bigint, _("a whole number")),
    FieldType.DECIMAL: CellForm(
        re.compile(r" *[+-]?(?:[0-9]{1,100}(?:\.[0-9]{0,100})?|\.[0-9]{1,100}) *"),
        None,
        _("a number such as 12.50"),
    ),
    FieldType.FLOAT: CellForm(
        re.compile(r" *[+-]?(?:[0-9]{1,300}(?:\.[0-9]{0,300})?|\.[0-9]{1,300})(?:[eE][+-]?[0-9]{1,3})? *"),
        _is_double,
        _("a number such as 1.5e3"),
    ),
    FieldType.BOOLEAN: CellForm(re.compile(r" *[A-Za-z]{1,5} *"), _is_word, _("true or false")),
    FieldType.DATE: CellForm(
        re.compile(rf"{_YEAR}-[01][0-9]-[0-3][0-9]"), date.fromisoformat, _("a date such as 2018-01-31")
    ),
    FieldType.DATETIME: CellForm(
        re.compile(rf"{_YEAR}-[01][0-9]-[0-3][0-9](?:[T ]{_TIME}{_OFFSET}?)?"),
        datetime.fromisoformat,
        _("a date and time such as 2018-01-31T09:00:00Z"),
    ),
    FieldType.UUID: CellForm(
        re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"), None, _("a UUID")
    ),
}
_KEY_TEXT = CellForm(re.compile(r"(?s).{1,200}"), None, _("a key of at most 200 characters"))


def form_of(type_: FieldType, *, digits: tuple[int, int] | None = None, key: bool = False) -> CellForm | None:
    """The form to check; None for text, which holds anything. `digits` refuses what it would round."""
    if type_ is FieldType.TEXT:
        return _KEY_TEXT if key else None
    if type_ is FieldType.DECIMAL and digits:
        precision, scale = digits
        before = precision - scale
        pattern = rf" *[+-]?(?=\.?[0-9])0*[0-9]{{0,{before}}}(?:\.[0-9]{{0,{scale}}}0*)? *"
        wanted = _("a number with at most %(before)d digits before the point and %(scale)d after it")
        return CellForm(re.compile(pattern), None, wanted % {"before": before, "scale": scale})
    return FORMS[type_]


def guess_type(cells: Sequence[str]) -> FieldType:
    """The narrowest type that every filled cell fits; text where a number would lose leading zeros."""
    filled = list(filter(None, cells))
    if not filled or any(map(_has_leading_zero, filled)):
        plain: Sequence[FieldType] = (FieldType.DATE, FieldType.DATETIME, FieldType.UUID) if filled else ()
    else:
        plain = INFERRED
    return next((type_ for type_ in plain if not FORMS[type_].unfit_places(filled)), FieldType.TEXT)


def _has_leading_zero(cell: str) -> bool:
    """“007” and “+12025550142” are codes, not quantities."""
    plain = cell.strip().lstrip("-")
    return plain[:1] == "+" or (plain[:1] == "0" and plain[1:2].isdigit())


def empty_places(cells: Sequence[str]) -> list[int]:
    return list(compress(range(len(cells)), map(not_, cells)))
