"""Numbers and dates as people write them, brought into the one form that `campaigns.imports.cells` checks.

What is not written in the notation given becomes None, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from campaigns.files.formats import NumberFormat, ReadDateFormat, mark

Notation = Callable[[str], str | None]

FIRST_OF_1900 = 70
"""Years of two digits from here on are those of the century before."""
_GAPS = " \u00a0\u202f\u2009"
_TIME = r"(?:[T ] *(?P<time>[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?))?"


@lru_cache(maxsize=64)
def number_notation(format_: NumberFormat) -> Notation:
    """1,234.50 or 1 234,50 as 1234.50. Thousands stand in threes or not at all."""
    gap = f"[{_GAPS}]" if format_.thousands == "space" else re.escape(format_.thousands)
    point = re.escape(format_.decimal)
    whole = rf"(?:[0-9]{{1,3}}(?:{gap}[0-9]{{3}})+|[0-9]+)" if format_.thousands != "none" else "[0-9]+"
    pattern = re.compile(
        rf"([+-]?)(?:({whole})(?:{point}([0-9]*))?|{point}([0-9]+))((?:[eE][+-]?[0-9]{{1,3}})?)"
    )

    def read(cell: str) -> str | None:
        found = pattern.fullmatch(cell.strip())
        if found is None:
            return None
        sign, whole, fraction, bare, power = found.groups()
        digits = re.sub("[^0-9]", "", whole or "0")
        rest = fraction or bare or ""
        return f"{sign}{digits}{'.' if rest else ''}{rest}{power}"

    return read


@lru_cache(maxsize=64)
def date_notation(format_: ReadDateFormat) -> Notation:
    """31/1/2018 09:30 as 2018-01-31T09:30. Years have four digits, or two where the format says so."""
    separator = mark(format_.separator)
    digits = "[0-9]{1,2}" if separator else "[0-9]{2}"
    parts = {
        "y": f"(?P<y>[0-9]{{{4 if format_.years == 'four' else 2}}})",
        "m": f"(?P<m>{digits})",
        "d": f"(?P<d>{digits})",
    }
    date = re.escape(separator).join(parts[part] for part in format_.order)
    pattern = re.compile(date + _TIME)

    def read(cell: str) -> str | None:
        found = pattern.fullmatch(cell.strip())
        if found is None:
            return None
        day = f"{_whole_year(found['y'])}-{found['m']:0>2}-{found['d']:0>2}"
        time = found["time"]
        return f"{day}T{time if time[1:2] != ':' else f'0{time}'}" if time else day

    return read


def _whole_year(digits: str) -> str:
    """Of two digits the year within 1970 to 2069, as PostgreSQL takes them."""
    if len(digits) == len("2018"):
        return digits
    return f"{19 if int(digits) >= FIRST_OF_1900 else 20}{digits}"
