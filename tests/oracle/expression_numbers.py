"""Numbers and values as expressions calculate with them: exact, bounded, None where they are empty."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from tests.oracle import times


def clean(value: Any, zone: str) -> Any:
    """A value as expressions calculate with it, None where it is out of every range."""
    if value is None or value == "" or isinstance(value, bool):
        return None if value == "" else value
    if isinstance(value, datetime):
        at = value.astimezone(UTC) if value.tzinfo else times.instant(value, zone)
        return at if datetime(1, 1, 2, tzinfo=UTC) < at < datetime(9999, 12, 31, tzinfo=UTC) else None
    if isinstance(value, float):
        return None if math.isnan(value) else Decimal(format(value, ".15g"))
    return number(value) if isinstance(value, int | Decimal) else value


def number(value: Any) -> Any:
    found = Decimal(value) + 0
    return found if abs(found) < Decimal("1e60") else None


def strict(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *values: None if None in values else function(*values)


def plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def calculate(sign: str, left: Any, right: Any) -> Any:
    if sign == "||":
        return left + right
    if sign in "/%" and right == 0:
        return None
    if sign == "/":
        scaled = Fraction(left) / Fraction(right) * 10**20
        return number(Decimal(int(scaled)).scaleb(-20))
    if sign == "*":
        product = left * right
        return number(product.quantize(Decimal(1).scaleb(-20), rounding=ROUND_HALF_UP))
    return {"+": lambda: left + right, "-": lambda: left - right, "%": lambda: left % right}[sign]() + 0


def whole(value: Decimal | None, limit: int) -> Decimal | None:
    if value is None:
        return None
    found = value.quantize(Decimal(1), rounding=ROUND_HALF_UP) + 0
    return found if -limit <= found < limit else None


def to_number(value: Any) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    match = re.fullmatch(r" *([+-]?[0-9]{1,40}(\.[0-9]{1,20})?) *", value)
    return Decimal(match[1]) + 0 if match else None


def to_boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        return value != 0
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(
        value.strip(" ").lower()
    )


def read_date(text: str) -> date | None:
    text = text.strip(" ")
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        return None


def decode(value: Any, *rest: Any) -> Any:
    default = rest[-1] if len(rest) % 2 else None
    pairs = zip(rest[::2], rest[1::2], strict=False)
    return next((then for when, then in pairs if value is not None and when == value), default)


def rounded(mode: str) -> Callable[..., Any]:
    def function(value: Any, decimals: Any = 0) -> Any:
        if value is None or decimals is None or abs(decimals) > 60:
            return None
        return (value.quantize(Decimal(1).scaleb(-int(decimals)), rounding=mode)) + 0

    return function


def bits(function: Callable[[int, int], Any]) -> Callable[..., Any]:
    def within(value: Any, flags: Any) -> Any:
        if any(each is None or not -(2**63) <= each < 2**63 for each in (value, flags)):
            return None
        return number(function(int(value), int(flags)))

    return within


def distance(*degrees: Any) -> Any:
    if any(each is None for each in degrees) or any(
        abs(each) > most for each, most in zip(degrees, (180, 90, 180, 90), strict=True)
    ):
        return None
    lon_a, lat_a, lon_b, lat_b = (math.radians(each) for each in degrees)
    chord = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return Decimal(2 * 6371.0088 * math.asin(min(1, math.sqrt(chord)))).quantize(Decimal("0.001"))


def extreme(pick: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *values: pick((each for each in values if each is not None), default=None)


NUMBERS: dict[str, Callable[..., Any]] = {
    "abs": strict(abs),
    "ceil": strict(lambda a: a.to_integral_value(ROUND_CEILING) + 0),
    "floor": strict(lambda a: a.to_integral_value(ROUND_FLOOR) + 0),
    "greatest": extreme(max),
    "least": extreme(min),
    "mod": strict(lambda a, b: calculate("%", a, b)),
    "percent": strict(lambda a, b: calculate("/", a * 100, b)),
    "round": rounded(ROUND_HALF_UP),
    "trunc": rounded(ROUND_DOWN),
    "sign": strict(lambda a: number((a > 0) - (a < 0))),
    "clearbit": bits(lambda a, b: a & ~b),
    "setbit": bits(lambda a, b: a | b),
    "isbitset": lambda a, b: (
        None not in (a, b) and min(a, b) >= -(2**63) and max(a, b) < 2**63 and int(a) & int(b) != 0
    ),
    "distance": distance,
}
