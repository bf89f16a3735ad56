"""What a cell of each type may hold, checked by whole columns; and the type a column of cells seems to have.

The forms accepted are a strict part of what PostgreSQL accepts, so that a staged cell never fails there: no
“NaN”, no “tomorrow”, no date by somebody's local order. An empty cell is NULL in every type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import compress, islice
from math import isinf
from operator import not_

from django.utils.translation import gettext_lazy as _

from campaigns.targeting.schema import FieldType

LARGEST = str(2**63 - 1)
MOST_DIGITS, MOST_DECIMALS = 131_072, 16_383
"""Of a number in PostgreSQL, before and after the point."""
INFERRED = (
    FieldType.INTEGER,
    FieldType.DECIMAL,
    FieldType.BOOLEAN,
    FieldType.DATE,
    FieldType.DATETIME,
    FieldType.UUID,
)

_MONTH_AND_DAY = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_YEAR = "(?:000[2-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])"  # 0002 to 9998
_FOURTH = "(?:0[48]|[2468][048]|[13579][26])"
_LEAP_YEAR = f"(?:[0-9]{{2}}{_FOURTH}|{_FOURTH}00)"
_DATE = f"(?:{_YEAR}-{_MONTH_AND_DAY}|{_LEAP_YEAR}-02-29)"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
_OFFSET = r"(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)"
_DIGITS = r"(?:[0-9]{1,%(most)d}(?:\.[0-9]{0,%(most)d})?|\.[0-9]{1,%(most)d})"
_CODE = re.compile(r"\s*-*(?:\+|0\d)")  # “007” and “+12025550142” are codes, not quantities
_TRUTHS = ("true", "false", "t", "f", "yes", "no", "y", "n")


@dataclass(frozen=True, slots=True)
class CellForm:
    """How a type is written: a pattern for filled cells, a last check that may raise ValueError, its name.

    `certain` is a pattern for those of them that need no check.
    """

    pattern: re.Pattern[str]
    check: Callable[[str], object] | None
    wanted: object
    certain: str = ""

    @property
    def regular(self) -> str:
        """Cells that are fit for certain, as an automaton reads them: ASCII, no look-around; "" for none."""
        return self.certain or ("" if self.check else self.pattern.pattern)

    def unfit_places(self, cells: Sequence[str]) -> list[int]:
        """Where the column holds what the type does not; for a sound column found at the speed of C."""
        return list(self._unfit(cells, 0, len(cells)))

    def count_unfit(self, cells: Sequence[str], *, most: int) -> int:
        """How many do not fit; no more are looked for than `most`. A column of another type shows it at once."""
        if len(cells) >= most and not any(self._all_fit([cell]) for cell in cells[:most]):
            return most
        return sum(1 for _place in islice(self._unfit(cells, 0, len(cells)), most))

    def _unfit(self, cells: Sequence[str], start: int, end: int) -> Iterator[int]:
        """Halve what is not all fit, so that few mistakes cost little more than none."""
        if self._all_fit(cells[start:end]):
            return
        if end - start == 1:
            yield start
            return
        middle = (start + end) // 2
        yield from self._unfit(cells, start, middle)
        yield from self._unfit(cells, middle, end)

    def _all_fit(self, cells: Sequence[str]) -> bool:
        filled = list(filter(None, cells))
        try:
            return all(map(self.pattern.fullmatch, filled)) and (
                self.check is None or all(map(self.check, filled))
            )
        except ValueError:
            return False


def _up_to(most: str) -> str:
    """A pattern for the numbers from 0 to `most`: those that fall behind it at some digit, and itself."""
    behind = [
        f"{most[:place]}[0-{int(digit) - 1}][0-9]{{{len(most) - place - 1}}}"
        for place, digit in enumerate(most)
        if digit != "0"
    ]
    return "|".join([f"[0-9]{{1,{len(most) - 1}}}", *behind, most])


def _is_double(cell: str) -> bool:
    """PostgreSQL refuses what is too large for a double, and what is not zero but too small."""
    if "e" not in cell and "E" not in cell:
        return True
    value = float(cell)
    mantissa = cell.lower().partition("e")[0]
    return not isinf(value) and (value != 0 or not re.search("[1-9]", mantissa))


def _is_json(cell: str) -> bool:
    """PostgreSQL's JSON has no NaN, no infinities, and no numbers that are too long for it."""
    try:
        json.loads(cell, parse_float=_number, parse_constant=_refuse_constant)
    except (RecursionError, InvalidOperation) as error:
        raise ValueError(cell[:60]) from error
    return True


def _number(text: str) -> Decimal:
    """A number in JSON; raises ValueError for one that PostgreSQL has no room for."""
    number = Decimal(text)
    exponent = number.as_tuple().exponent
    if number.adjusted() >= MOST_DIGITS or not isinstance(exponent, int) or -exponent > MOST_DECIMALS:
        raise ValueError(text[:60])
    return number


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _in_any_case(words: Sequence[str]) -> str:
    """Spelled out, since to `re.IGNORECASE` “ſ” is an s too, and to PostgreSQL it is not."""
    return "|".join("".join(f"[{letter.upper()}{letter}]" for letter in word) for word in words)


FORMS = {
    FieldType.INTEGER: CellForm(
        re.compile(rf" *(?:[+-]?0*(?:{_up_to(LARGEST)})|-{2**63}) *"), None, _("a whole number")
    ),
    FieldType.DECIMAL: CellForm(
        re.compile(rf" *[+-]?{_DIGITS % {'most': 100}}(?:[eE][+-]?[0-9]{{1,2}})? *"),
        None,
        _("a number such as 12.50"),
    ),
    FieldType.FLOAT: CellForm(
        re.compile(rf" *[+-]?{_DIGITS % {'most': 300}}(?:[eE][+-]?[0-9]{{1,3}})? *"),
        _is_double,
        _("a number such as 1.5e3"),
        certain=rf" *[+-]?{_DIGITS % {'most': 50}}(?:[eE][+-]?[0-9]{{1,2}})? *",
    ),
    FieldType.BOOLEAN: CellForm(re.compile(f" *(?:{_in_any_case(_TRUTHS)}) *"), None, _("true or false")),
    FieldType.DATE: CellForm(re.compile(_DATE), None, _("a date such as 2018-01-31")),
    FieldType.DATETIME: CellForm(
        re.compile(f"{_DATE}(?:[T ]{_TIME}{_OFFSET}?)?"),
        None,
        _("a date and time such as 2018-01-31T09:00:00Z"),
    ),
    FieldType.JSON: CellForm(
        re.compile(r"(?s)(?!.*\\u0000).+"), _is_json, _("JSON without NUL characters and endless numbers")
    ),
    FieldType.UUID: CellForm(
        re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"), None, _("a UUID")
    ),
}
LONGEST_KEY = 200
_KEY_TEXT = CellForm(re.compile(rf"(?s).{{1,{LONGEST_KEY}}}"), None, _("a key of at most 200 characters"))


def form_of(type_: FieldType, *, digits: tuple[int, int] | None = None, key: bool = False) -> CellForm | None:
    """The form to check; None for text, which holds anything. `digits` refuses what it would round."""
    if type_ is FieldType.TEXT:
        return _KEY_TEXT if key else None
    if type_ is FieldType.DECIMAL and digits:
        precision, scale = digits
        before = precision - scale
        wanted = _("a number with at most %(before)d digits before the point and %(scale)d after it")
        return CellForm(_number_of(before, scale), None, wanted % {"before": before, "scale": scale})
    return FORMS[type_]


def _number_of(before: int, scale: int) -> re.Pattern[str]:
    """Numbers that are not rounded where so many digits fit before and after the point; more zeros do not matter."""
    whole = f"0+[0-9]{{0,{before}}}" + (f"|[0-9]{{1,{before}}}" if before else "")
    fraction = "0+" + (f"|[0-9]{{1,{scale}}}0*" if scale else "")
    return re.compile(rf" *[+-]?(?:(?:{whole})(?:\.(?:{fraction})?)?|\.(?:{fraction})) *")


def guess_type(cells: Sequence[str], *, key: bool = False) -> FieldType:
    """The type that the most filled cells fit, the narrowest of several; text where 1 % of them do not.

    The few that do not fit are more likely mistakes than the reason to give up a column of numbers: they will
    be refused by line, and whoever imports may still say that the column is text.
    """
    filled = list(filter(None, cells))
    if not filled:
        return FieldType.TEXT
    possible = _possible_types(filled, key)
    best, fewest = FieldType.TEXT, len(filled) // 100 + 1
    for type_ in possible:
        misfits = FORMS[type_].count_unfit(filled, most=fewest)
        if misfits < fewest:
            best, fewest = type_, misfits
    return best


def _possible_types(filled: Sequence[str], key: bool) -> Sequence[FieldType]:
    if any(map(_CODE.match, filled)):
        return (FieldType.DATE, FieldType.DATETIME, FieldType.UUID)
    return [type_ for type_ in INFERRED if not (key and type_ is FieldType.DECIMAL)]


def empty_places(cells: Sequence[str]) -> list[int]:
    return list(compress(range(len(cells)), map(not_, cells)))
