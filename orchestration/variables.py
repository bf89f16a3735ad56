"""A run's variables as typed values. They are kept as JSON: numbers and dates as text, so that they stay exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from campaigns.targeting.scope import Value
from orchestration.exceptions import ActivityFailed


def typed_variables(values: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, Value | None]:
    """Every variable of `types` (name → text, number, date or boolean); one without a value is None."""
    return {name: typed(name, values.get(name), kind) for name, kind in types.items()}


def typed(name: str, value: Any, kind: str) -> Value | None:
    """The value of a variable, or of what it is compared with; raises ActivityFailed when it is none of its type."""
    if value is None or value == "":
        return None
    try:
        return _READERS[kind](value)
    except (ValueError, ArithmeticError, TypeError):
        raise ActivityFailed(
            _("“%(value)s” is no value of type %(type)s for “%(name)s”. Correct it and run again.")
            % {"value": value, "type": kind, "name": name}
        ) from None


def _text(value: Any) -> str:
    return str(value)


def _number(value: Any) -> Decimal:
    number = Decimal(str(value))
    if isinstance(value, bool) or not number.is_finite():
        raise ValueError(value)
    return number


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _boolean(value: Any) -> bool:
    if value in (True, "true"):
        return True
    if value in (False, "false"):
        return False
    raise ValueError(value)


_READERS: Mapping[str, Callable[[Any], Value]] = {
    "text": _text,
    "number": _number,
    "date": _date,
    "boolean": _boolean,
}
