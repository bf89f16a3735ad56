"""Order of values: empties last in either direction, texts by code point."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def sort_key(value: Any) -> tuple[bool, Any]:
    return (value is None, 0 if value is None else value)


def sorted_by(items: Iterable[Any], value: Any, *, descending: bool = False) -> list[Any]:
    """Stable: equals stay in the order they came in, in both directions."""
    items = list(items)
    filled = [item for item in items if value(item) is not None]
    empty = [item for item in items if value(item) is None]
    distinct = sorted({value(item) for item in filled}, reverse=descending)
    return [item for each in distinct for item in filled if value(item) == each] + empty
