"""Carries template values between processes as JSON and keeps their types: a price must stay a Decimal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

TYPES = {"decimal": Decimal, "datetime": datetime, "date": date, "time": time, "uuid": UUID}
READERS: dict[str, Callable[[str], Any]] = {
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "uuid": UUID,
}
NAMES = {kind: name for name, kind in TYPES.items()}


def encoded(value: Any) -> Any:
    """Plain JSON; a typed value becomes a list of its type's name and text, a list or dict is wrapped
    likewise.
    """
    if isinstance(value, dict):
        return ["dict", [[key, encoded(item)] for key, item in value.items()]]
    if isinstance(value, list | tuple):
        return ["list", [encoded(item) for item in value]]
    if name := NAMES.get(type(value)):
        return [name, value.isoformat() if name in ("datetime", "date", "time") else str(value)]
    return value


def decoded(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    name, content = value
    if name == "dict":
        return {key: decoded(item) for key, item in content}
    if name == "list":
        return [decoded(item) for item in content]
    return READERS[name](content)
