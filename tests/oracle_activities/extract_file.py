"""The lines of a file that is written: who is in it, in which order, and every value as the text that people read."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from functools import cmp_to_key
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle_activities.lookup import Rows, row_of, stored

Config = dict[str, Any]
MARKS = {"space": " ", "none": "", "tab": "\t"}
People = dict[Any, dict[str, Any]]


def lines(rows: Rows, people: People, config: Config, zone: str) -> list[list[Any]]:
    """The values of the columns, not yet text, None where there is none."""
    keys = sorted(people)
    for sort in reversed(config.get("sort", [])):
        found = {key: _value(rows, people, key, sort["attribute"]) for key in keys}
        filled = [key for key in keys if found[key] not in (None, "")]
        sign = -1 if sort.get("order") == "descending" else 1

        def compared(one: Any, other: Any, found: Any = found, sign: int = sign) -> int:
            return sign * ((found[one] > found[other]) - (found[one] < found[other]))

        empty = [key for key in keys if key not in filled]
        keys = sorted(filled, key=cmp_to_key(compared)) + empty
    names = [column["attribute"] for column in config["columns"]]
    values = [[_value(rows, people, key, name) for name in names] for key in keys]
    return values[: config.get("max_rows", len(values))]


def _value(rows: Rows, people: People, key: Any, name: str) -> Any:
    if name.startswith("@"):
        return people[key][name[1:]]
    return stored(rows, "person", row_of(rows, "person", key), name)


def cell(value: Any, output: Config, zone: str) -> str:
    """A value as it stands in the file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return _number(value, output.get("numbers", {}))
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(zone))
        text = f"{_day(local, output.get('dates', {}))} {local:%H:%M:%S}"
        shift = f"{local:%z}"
        return f"{text}{shift[:3]}:{shift[3:]}" if output.get("offset") else text
    if isinstance(value, date):
        return _day(value, output.get("dates", {}))
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return (
        _guard(text) if isinstance(value, str | dict | list) and output.get("guard_formulas", True) else text
    )


def _number(value: float | Decimal, how: Config) -> str:
    sign, text = ("-" if value < 0 else ""), str(abs(value))
    whole, _dot, fraction = text.partition(".")
    gap = MARKS.get(how.get("thousands", "none"), how.get("thousands"))
    grouped = f"{int(whole):,}".replace(",", gap) if gap else whole
    return sign + grouped + (how.get("decimal", ".") + fraction if fraction else "")


def _day(value: date, how: Config) -> str:
    parts = {"y": f"{value.year:04d}", "m": f"{value.month:02d}", "d": f"{value.day:02d}"}
    return MARKS.get(how.get("separator", "-"), how.get("separator", "-")).join(
        parts[each] for each in how.get("order", "ymd")
    )


def _guard(text: str) -> str:
    return "\n".join(
        f"'{line}" if line.lstrip("'").lstrip(" \u00a0")[:1] in [*"=+-@\t\r＝＋－＠"] else line
        for line in text.split("\n")
    )
