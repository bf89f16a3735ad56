"""Literals and variables as typed values that suit a field, or a problem that says what would.

Texts come out non-empty, numbers finite, moments as a `date` or as an aware `datetime` in UTC. None stands
for an empty variable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.utils.translation import gettext as _

from campaigns.fixes import naming, near
from campaigns.targeting.clock import Clock
from campaigns.targeting.operands import Scalar
from campaigns.targeting.problems import RuleError, nearest, refusal, shown
from campaigns.targeting.schema import FieldType
from campaigns.targeting.scope import Value

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
_DAY_LENGTH = len("2018-01-31")
_DIGITS = 100
_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.FLOAT)


def literal(raw: Scalar, field_type: FieldType, clock: Clock, place: str) -> Value:
    """The literal of a rule as a value of the field's type."""
    return _READERS[field_type](raw, clock, place)


def variable_value(
    variables: Mapping[str, Value | None], name: str, field_type: FieldType, clock: Clock, place: str
) -> Value | None:
    """A variable's value as one of the field's type; empty text is None."""
    if name not in variables:
        message = _("There is no variable “%(name)s”.") % {"name": shown(name)}
        fixes = naming(place, name, near(name, variables))
        raise refusal(place, "unknown_variable", message, nearest(name, variables), fixes)
    value = variables[name]
    if value is None or value == "":
        return None
    return _suited(value, field_type, clock, place)


def _suited(value: Value, field_type: FieldType, clock: Clock, place: str) -> Value:
    if isinstance(value, datetime) and field_type in (FieldType.DATE, FieldType.DATETIME):
        instant = value.astimezone(UTC) if value.tzinfo else clock.instant_of(value)
        return instant if field_type is FieldType.DATETIME else clock.day_of(instant)
    if isinstance(value, date) and field_type in (FieldType.DATE, FieldType.DATETIME):
        return value
    if isinstance(value, Decimal | UUID) and field_type is not FieldType.TEXT:
        return literal(str(value), field_type, clock, place)
    if isinstance(value, date | Decimal | UUID) or (isinstance(value, str) and field_type in _NUMBERS):
        raise _mismatch(value, field_type, place)
    return literal(value, field_type, clock, place)


def _mismatch(raw: object, field_type: FieldType, place: str) -> RuleError:
    message = _("“%(value)s” does not suit a field of type %(type)s.") % {
        "value": shown(raw),
        "type": field_type.value,
    }
    return refusal(place, "wrong_type", message, _EXPECTED[field_type]())


def _text(raw: Scalar, clock: Clock, place: str) -> str:
    if not isinstance(raw, str):
        raise _mismatch(raw, FieldType.TEXT, place)
    if raw == "":
        remedy = _("Use “is empty” instead.")
        raise refusal(place, "empty_text", _("An empty text cannot be compared with."), remedy)
    return storable(raw, place)


def storable(text: str, place: str) -> str:
    """The text, unless PostgreSQL has no way to hold it."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        message = _("“%(value)s” holds a character that no text can hold.") % {"value": shown(text)}
        remedy = _("Remove the NUL character or the unpaired surrogate.")
        raise refusal(place, "bad_character", message, remedy)
    return text


def _decimal(raw: Scalar, field_type: FieldType, place: str) -> Decimal:
    number = _number(raw)
    if number is None:
        raise _mismatch(raw, field_type, place)
    if abs(number.adjusted()) > _DIGITS or len(number.as_tuple().digits) > _DIGITS:
        message = _("%(value)s is too large or too long a number.") % {"value": shown(raw)}
        raise refusal(place, "number_out_of_range", message, _("Use at most %(n)d digits.") % {"n": _DIGITS})
    return number


def _number(raw: Scalar) -> Decimal | None:
    if isinstance(raw, bool) or (isinstance(raw, str) and len(raw) > 2 * _DIGITS):
        return None
    try:
        number = Decimal(repr(raw) if isinstance(raw, float) else raw)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _integer(raw: Scalar, clock: Clock, place: str) -> int | Decimal:
    """A whole number; a fraction stays one, since a whole field may well be compared with it."""
    number = _decimal(raw, FieldType.INTEGER, place)
    return int(number) if number == number.to_integral_value() else number


def _exact(raw: Scalar, clock: Clock, place: str) -> Decimal:
    return _decimal(raw, FieldType.DECIMAL, place)


def _float(raw: Scalar, clock: Clock, place: str) -> float:
    return float(_decimal(raw, FieldType.FLOAT, place))


def _boolean(raw: Scalar, clock: Clock, place: str) -> Value:
    if isinstance(raw, bool):
        return raw
    raise _mismatch(raw, FieldType.BOOLEAN, place)


def _date(raw: Scalar, clock: Clock, place: str) -> Value:
    moment = _moment(raw, FieldType.DATE, clock, place)
    return clock.day_of(moment) if isinstance(moment, datetime) else moment


def _datetime(raw: Scalar, clock: Clock, place: str) -> Value:
    return _moment(raw, FieldType.DATETIME, clock, place)


def _moment(raw: Scalar, field_type: FieldType, clock: Clock, place: str) -> date:
    if not isinstance(raw, str) or not _MOMENT.fullmatch(raw):
        raise _mismatch(raw, field_type, place)
    try:
        return _read_moment(raw, clock)
    except (ValueError, OverflowError):
        raise _mismatch(raw, field_type, place) from None


def _read_moment(text: str, clock: Clock) -> date:
    if len(text) == _DAY_LENGTH:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else clock.instant_of(moment)


def _uuid(raw: Scalar, clock: Clock, place: str) -> Value:
    try:
        return UUID(str(raw))
    except ValueError:
        raise _mismatch(raw, FieldType.UUID, place) from None


def _json(raw: Scalar, clock: Clock, place: str) -> Value:
    raise _mismatch(raw, FieldType.JSON, place)


_READERS: Mapping[FieldType, Callable[[Scalar, Clock, str], Value]] = {
    FieldType.TEXT: _text,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _exact,
    FieldType.FLOAT: _float,
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.UUID: _uuid,
    FieldType.JSON: _json,
}

_EXPECTED: Mapping[FieldType, Callable[[], str]] = {
    FieldType.TEXT: lambda: _("Put the value in quotes."),
    FieldType.INTEGER: lambda: _("Give a number, as in 12."),
    FieldType.DECIMAL: lambda: _("Give a number, as in 12.50."),
    FieldType.FLOAT: lambda: _("Give a number, as in 12.5."),
    FieldType.BOOLEAN: lambda: _("Give true or false."),
    FieldType.DATE: lambda: _("Give a date, as in 2018-01-31."),
    FieldType.DATETIME: lambda: _("Give a date or a date and time, as in 2018-01-31T09:00."),
    FieldType.UUID: lambda: _("Give a UUID, as in 12345678-9abc-def0-1234-56789abcdef0."),
    FieldType.JSON: lambda: _("Name a value inside it: {name, path, type}."),
}
