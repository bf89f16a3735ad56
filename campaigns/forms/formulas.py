"""Attributes in forms: what starts with = is an expression, as in a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ATTRIBUTE = "attribute"
FORMULA_MARK = "="


def as_formula(value: Any) -> Any:
    """The text a field shows for `{expression: …}`; anything else as it is."""
    if isinstance(value, Mapping) and isinstance(value.get("expression"), str):
        return f"{FORMULA_MARK} {value['expression']}"
    return value


def read_formula(text: str) -> dict[str, str]:
    """The setting that a text with the mark stands for."""
    return {"expression": text.strip().removeprefix(FORMULA_MARK).strip()}
