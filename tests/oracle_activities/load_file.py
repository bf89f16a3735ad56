"""What becomes of the cells of a file, column by column: a plain reading of the settings, one cell after the other."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

Config = dict[str, Any]
MARKS = {"space": " ", "none": "", "tab": "\t"}


class Unfit(Exception):  # noqa: N818
    """The cell is in error."""


def loaded(
    columns: list[Config], rows: dict[int, list[str]], zone: str
) -> tuple[dict[int, Config], set[int], int]:
    """The rows by line, the lines rejected, and the number of values that were dropped or replaced by a default."""
    people: dict[int, Config] = {}
    rejected: set[int] = set()
    dropped = 0
    for line, cells in rows.items():
        row: Config = {}
        lost = 0
        for column, cell in zip(columns, cells, strict=True):
            if column["kind"] == "ignored":
                continue
            try:
                row[column["name"]] = _mapped(column, cell, zone)
            except Unfit:
                policy, empties = column.get("on_error", "reject"), column.get("empties", "by_type")
                if policy in ("default", "default_unmapped"):
                    row[column["name"]] = _value(column, column["default"], zone)
                elif policy == "empty" and empties != "never":
                    row[column["name"]] = None
                else:
                    rejected.add(line)
                lost += 1
        people[line] = row
        dropped += lost if line not in rejected else 0
    return {line: row for line, row in people.items() if line not in rejected}, rejected, dropped


def _mapped(column: Config, cell: str, zone: str) -> Any:
    cell = _blanks(column, cell)
    table = {each["value"]: each["to"] for each in column.get("remap", [])}
    if cell in table:
        return _value(column, table[cell], zone)
    if cell != "" and column.get("on_error", "").endswith("unmapped"):
        raise Unfit
    return _value(column, cell, zone)


def _blanks(column: Config, cell: str) -> str:
    wish = column.get("blanks", "keep") if column["kind"] == "text" else "trim"
    if wish == "collapse":
        return " ".join(cell.split())
    return cell.strip() if wish == "trim" else cell


def _value(column: Config, cell: str, zone: str) -> Any:
    cell = _blanks(column, cell)
    kind, empties = column["kind"], column.get("empties", "by_type")
    if cell == "":
        if empties == "never" or (empties == "by_type" and kind in ("integer", "decimal", "float")):
            raise Unfit
        return None
    return {"text": _text, "boolean": _boolean, "uuid": _uuid}.get(
        kind, _number if kind in ("integer", "decimal", "float") else _day
    )(column, cell, zone)


def _text(column: Config, cell: str, zone: str) -> str:
    case = column.get("case", "keep")
    cell = {"upper": cell.upper(), "lower": cell.lower(), "title": cell[:1].upper() + cell[1:].lower()}.get(
        case, cell
    )
    if len(cell) > column.get("width", 10**9):
        raise Unfit
    return cell


def _number(column: Config, cell: str, zone: str) -> Any:
    how = column.get("format", {})
    gap, mark = MARKS.get(how.get("thousands", "none"), how.get("thousands")), how.get("decimal", ".")
    whole, _mark, fraction = cell.lstrip("+-").partition(mark)
    groups = re.split("[ \u00a0]" if gap == " " else re.escape(gap), whole) if gap else [whole]
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(each) != 3 for each in groups[1:])):
        raise Unfit
    digits = "".join(groups)
    if not (digits + fraction).isascii() or not (digits + fraction).isdigit():
        raise Unfit
    try:
        number = Decimal(f"{'-' if cell[0] == '-' else ''}{digits or 0}.{fraction or 0}")
    except InvalidOperation:
        raise Unfit from None
    if column["kind"] == "integer":
        if _mark:
            raise Unfit
        return int(number)
    return float(number) if column["kind"] == "float" else number


def _boolean(column: Config, cell: str, zone: str) -> bool:
    words = {
        "true": True,
        "t": True,
        "yes": True,
        "y": True,
        "false": False,
        "f": False,
        "no": False,
        "n": False,
    }
    if cell.lower() not in words:
        raise Unfit
    return words[cell.lower()]


def _uuid(column: Config, cell: str, zone: str) -> UUID:
    if not re.fullmatch("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", cell):
        raise Unfit
    return UUID(cell)


def _day(column: Config, cell: str, zone: str) -> Any:
    how = column.get("format", {})
    order, mark = how.get("order", "ymd"), MARKS.get(how.get("separator", "-"), how.get("separator", "-"))
    codes = {"y": "%Y", "m": "%m", "d": "%d"}
    form = mark.join(codes[each] for each in order)
    forms = (
        [form]
        if column["kind"] == "date"
        else [form, f"{form} %H:%M", f"{form}T%H:%M:%S", f"{form} %H:%M:%S"]
    )
    for each in forms:
        try:
            found = datetime.strptime(cell, each)  # noqa: DTZ007 - the zone is put to it below
        except ValueError:
            continue
        if column["kind"] == "date":
            return date(found.year, found.month, found.day)
        return found.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    raise Unfit
