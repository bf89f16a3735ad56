"""Durations as documents write them (ISO 8601), asked for as a number and a unit."""

from __future__ import annotations

import re
from collections.abc import Mapping

DURATION_UNITS: Mapping[str, int] = {"minutes": 1, "hours": 60, "days": 24 * 60}
_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


def split_duration(text: object) -> tuple[str, str]:
    """The number and the largest unit that divides the duration; what is none is shown as it is."""
    found = _ISO.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return str(text or ""), "hours"
    days, hours, minutes = (int(part or 0) for part in found.groups())
    total = minutes + 60 * hours + 24 * 60 * days
    fitting = [unit for unit, length in DURATION_UNITS.items() if total % length == 0]
    unit = fitting[-1] if total else "hours"
    return str(total // DURATION_UNITS[unit]), unit


def joined_duration(amount: str, unit: str) -> str:
    """The duration as a document writes it; a number that is none is kept for the schema to refuse."""
    if not amount.isdecimal():
        return amount
    return {"minutes": f"PT{amount}M", "days": f"P{amount}D"}.get(unit, f"PT{amount}H")
