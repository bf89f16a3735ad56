"""Arithmetic filters in exact decimals. The library's own read a Decimal as zero, which would misprint every
price.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from liquid.exceptions import FilterArgumentError

MAX_DIGITS = 30


def number(value: object) -> int | Decimal:
    """Texts that are no number, and everything else, count as 0, as Liquid has it."""
    if isinstance(value, int):
        return _bounded(int(value))
    if isinstance(value, Decimal | float | str):
        return _bounded(_from_text(str(value)))
    return 0


def _from_text(text: str) -> int | Decimal:
    if len(text) > MAX_DIGITS + 10:
        return 0
    try:
        return int(text) if text.strip().lstrip("+-").isdigit() else Decimal(text.strip())
    except (InvalidOperation, ValueError):
        return 0


def _bounded(value: int | Decimal) -> int | Decimal:
    if isinstance(value, Decimal) and not value.is_finite():
        raise FilterArgumentError("a number is infinite or not a number", token=None)
    if value and Decimal(value).adjusted() >= MAX_DIGITS:
        raise FilterArgumentError("a number has more than 30 digits", token=None)
    return value


def _places(value: object) -> int:
    places = int(number(value))
    if not 0 <= places <= MAX_DIGITS:
        raise FilterArgumentError("decimal places are 0 to 30", token=None)
    return places


def absolute(value: object) -> int | Decimal:
    amount = number(value)
    return -amount if amount < 0 else amount


def at_least(value: object, minimum: object) -> int | Decimal:
    return max(number(value), number(minimum))


def at_most(value: object, maximum: object) -> int | Decimal:
    return min(number(value), number(maximum))


def ceil(value: object) -> int:
    return int(Decimal(number(value)).to_integral_value(ROUND_CEILING))


def floor(value: object) -> int:
    return int(Decimal(number(value)).to_integral_value(ROUND_FLOOR))


def rounded(value: object, places: object = 0) -> int | Decimal:
    """Half away from zero; with places asked for they are kept, so that a price stays 3.50."""
    digits = _places(places)
    result = Decimal(number(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return result if digits else int(result)


def plus(value: object, other: object) -> int | Decimal:
    return _bounded(number(value) + number(other))


def minus(value: object, other: object) -> int | Decimal:
    return _bounded(number(value) - number(other))


def times(value: object, other: object) -> int | Decimal:
    return _bounded(number(value) * number(other))


def divided_by(value: object, other: object) -> int | Decimal:
    """Whole numbers divide to a whole number, rounded down; anything else exactly."""
    left, right = number(value), number(other)
    if not right:
        raise FilterArgumentError("division by zero", token=None)
    if isinstance(left, int) and isinstance(right, int):
        return left // right
    return _bounded(Decimal(left) / Decimal(right))


def modulo(value: object, other: object) -> int | Decimal:
    left, right = number(value), number(other)
    if not right:
        raise FilterArgumentError("division by zero", token=None)
    return left % right


def total(items: list[Any], key: object = None) -> int | Decimal:
    values = (
        [item.get(key) if isinstance(item, dict) else item for item in items] if key is not None else items
    )
    return sum((number(value) for value in values), start=0)


NUMBER_FILTERS: dict[str, Callable[..., Any]] = {
    "abs": absolute,
    "at_least": at_least,
    "at_most": at_most,
    "ceil": ceil,
    "divided_by": divided_by,
    "floor": floor,
    "minus": minus,
    "modulo": modulo,
    "plus": plus,
    "round": rounded,
    "sum": total,
    "times": times,
}
