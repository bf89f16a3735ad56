"""What an argument or operand may be, and how one type serves as another; refusals say what was wanted."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from campaigns.targeting.expressions import pieces
from campaigns.targeting.expressions.places import ExpressionError
from campaigns.targeting.expressions.typed import MOMENTS, NUMBERS, Typed, Writing, constant, nothing
from campaigns.targeting.problems import RuleError
from campaigns.targeting.schema import FieldType
from campaigns.targeting.values import literal


def as_number(value: Typed) -> Typed:
    return _wanted(value, NUMBERS, FieldType.DECIMAL, _("a number"))


def as_whole(value: Typed) -> Typed:
    return _wanted(value, (FieldType.INTEGER,), FieldType.INTEGER, _("an integer, as ToInteger gives"))


def as_text(value: Typed) -> Typed:
    return _wanted(value, (FieldType.TEXT,), FieldType.TEXT, _("a text, as ToString gives"))


def as_moment(writing: Writing, value: Typed) -> Typed:
    """A date or a date-time; a text literal is read as one."""
    if value.literal is not None:
        return read_literal(writing, value, FieldType.DATETIME)
    return _wanted(value, MOMENTS, FieldType.DATE, _("a date or a date-time, as ToDate gives"))


def as_condition(value: Typed) -> Typed:
    """True or false, never empty: an empty truth value counts as false."""
    boolean = _wanted(value, (FieldType.BOOLEAN,), FieldType.BOOLEAN, _("a condition, such as age > 30"))
    return Typed(value.at, FieldType.BOOLEAN, pieces.is_true(boolean.sql))


def _wanted(value: Typed, types: Sequence[FieldType], default: FieldType, words: str) -> Typed:
    if value.is_nothing:
        return nothing(value.at, default)
    if value.type in types:
        return value
    message = _("This is of type %(type)s where %(wanted)s belongs.") % {
        "type": value.type.value,
        "wanted": words,
    }
    raise ExpressionError(value.at, "wrong_type", message, _("Give %(wanted)s.") % {"wanted": words})


def read_literal(writing: Writing, value: Typed, field_type: FieldType) -> Typed:
    """A text literal as a date, date-time or UUID; a date where only a day is written."""
    try:
        return constant(value.at, literal(value.literal or "", field_type, writing.state.clock, ""))
    except RuleError as error:
        problem = error.problems[0]
        raise ExpressionError(value.at, problem.code, problem.message, problem.remedy) from None


def same_type(writing: Writing, values: Sequence[Typed]) -> list[Typed]:
    """All of them as one type: numbers as decimals unless all are whole, text literals as what the others are."""
    kind = _common(values)
    return [_as(writing, value, kind) for value in values]


def _common(values: Sequence[Typed]) -> FieldType:
    """The type of those that have one of their own."""
    own = [value for value in values if not value.is_nothing and value.literal is None] or [
        value for value in values if not value.is_nothing
    ]
    kinds = {value.type for value in own}
    if kinds <= set(NUMBERS) and kinds:
        return FieldType.INTEGER if kinds == {FieldType.INTEGER} else FieldType.DECIMAL
    return own[0].type if own else FieldType.TEXT


def _as(writing: Writing, value: Typed, kind: FieldType) -> Typed:
    if value.is_nothing or (value.literal == "" and kind is not FieldType.TEXT):
        return nothing(value.at, kind)
    if value.literal is not None and kind in (*MOMENTS, FieldType.UUID):
        value = _exactly(writing, read_literal(writing, value, kind), kind)
    if value.is_number and kind in NUMBERS:
        return value.taken_as(kind)
    if value.type is kind:
        return value
    message = _("This is of type %(type)s, and the value before it of type %(other)s.") % {
        "type": value.type.value,
        "other": kind.value,
    }
    raise ExpressionError(value.at, "types_differ", message, _("Give values of one type."))


def _exactly(writing: Writing, value: Typed, kind: FieldType) -> Typed:
    """A literal day is a date-time's beginning of it."""
    if kind is FieldType.DATETIME and value.type is FieldType.DATE:
        return Typed(value.at, kind, writing.instant_of(value))
    return value
