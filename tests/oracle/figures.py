"""Figures over values, none of them empty, and the keys by which values are put in order."""

from __future__ import annotations

import json
import math
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

NUMBERS = ("integer", "decimal", "float")


def figure(function: str, values: list[Any], kind: str) -> tuple[Any, str]:
    if function == "count":
        return len(values), "integer"
    if function == "count_distinct":
        return len({_identity(value, kind) for value in values}), "integer"
    if function == "sum":
        return sum(values), kind
    if function in ("avg", "stddev"):
        return _calculated(function, values, kind)
    return (_extreme(function, values, kind) if values else None), kind


def _calculated(function: str, values: list[Any], kind: str) -> tuple[Any, str]:
    calculate = _average if function == "avg" else _deviation
    enough = len(values) >= (1 if function == "avg" else 2)
    kind = "float" if kind == "float" else "decimal"
    return (calculate(values, kind) if enough else None), kind


def _identity(value: Any, kind: str) -> str:
    """Equal for equal values: 1 and 1.0 are one number, in JSON too, where true is none."""
    if kind == "json":
        return json.dumps(_exact(value), sort_keys=True)
    return repr(number_key(value)) if kind in NUMBERS else repr(value)


def _exact(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _exact(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_exact(each) for each in value]
    is_whole = isinstance(value, float) and value.is_integer()
    return int(value) if is_whole else value


def _deviation(values: list[Any], kind: str) -> Any:
    """Of a sample; to forty digits where the numbers are exact."""
    if any(number_key(value)[0] for value in values):
        return math.nan
    mean = _average(values, "decimal")
    variance = Fraction(sum((Fraction(value) - mean) ** 2 for value in values), len(values) - 1)
    with localcontext(prec=40):
        root = (Decimal(variance.numerator) / variance.denominator).sqrt()
    return float(root) if kind == "float" else root


def _average(values: list[Any], kind: str) -> Any:
    if kind == "float":
        return sum(values) / len(values)
    return Fraction(sum(Fraction(value) for value in values), len(values))


def _extreme(function: str, values: list[Any], kind: str) -> Any:
    pick = min if function == "min" else max
    return pick(values, key=number_key if kind in NUMBERS else None)


def sort_key(value: Any) -> Any:
    return number_key(value) if isinstance(value, int | float | Decimal) else value


def number_key(value: Any) -> tuple[int, Any]:
    if isinstance(value, float):
        return (1, 0) if math.isnan(value) else (0, value)
    return (0, Fraction(value))
