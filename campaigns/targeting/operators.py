"""The operators, which types have them and what value each takes.

This is the one table that the compiler, the sentence, the API and `docs/rules.md` share.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.targeting.schema import FieldType


class Operator(StrEnum):
    """What a condition asks of a value."""

    EQUAL = "equal"
    NOT_EQUAL = "not_equal"
    GREATER = "greater"
    GREATER_OR_EQUAL = "greater_or_equal"
    LESS = "less"
    LESS_OR_EQUAL = "less_or_equal"
    BETWEEN = "between"
    NOT_BETWEEN = "not_between"
    IN = "in"
    NOT_IN = "not_in"
    IS_EMPTY = "is_empty"
    IS_NOT_EMPTY = "is_not_empty"
    STARTS_WITH = "starts_with"
    NOT_STARTS_WITH = "not_starts_with"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    LIKE = "like"
    NOT_LIKE = "not_like"
    IS_TRUE = "is_true"
    IS_FALSE = "is_false"
    IN_PERIOD = "in_period"
    NOT_IN_PERIOD = "not_in_period"
    ANNIVERSARY = "anniversary"


class Shape(StrEnum):
    """The value an operator takes."""

    NOTHING = "nothing"
    ONE = "one"
    PAIR = "pair"
    LIST = "list"
    PERIOD = "period"
    DAYS = "days"


NEGATIVES: Mapping[Operator, Operator] = {
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.NOT_BETWEEN: Operator.BETWEEN,
    Operator.NOT_IN: Operator.IN,
    Operator.IS_EMPTY: Operator.IS_NOT_EMPTY,
    Operator.NOT_STARTS_WITH: Operator.STARTS_WITH,
    Operator.NOT_CONTAINS: Operator.CONTAINS,
    Operator.NOT_LIKE: Operator.LIKE,
    Operator.NOT_IN_PERIOD: Operator.IN_PERIOD,
}
"""Each negative operator and the positive one it is the exact complement of."""

_SHAPES: Mapping[Operator, Shape] = {
    Operator.BETWEEN: Shape.PAIR,
    Operator.NOT_BETWEEN: Shape.PAIR,
    Operator.IN: Shape.LIST,
    Operator.NOT_IN: Shape.LIST,
    Operator.IS_EMPTY: Shape.NOTHING,
    Operator.IS_NOT_EMPTY: Shape.NOTHING,
    Operator.IS_TRUE: Shape.NOTHING,
    Operator.IS_FALSE: Shape.NOTHING,
    Operator.IN_PERIOD: Shape.PERIOD,
    Operator.NOT_IN_PERIOD: Shape.PERIOD,
    Operator.ANNIVERSARY: Shape.DAYS,
}

_EMPTINESS = (Operator.IS_EMPTY, Operator.IS_NOT_EMPTY)
_EQUALITY = (Operator.EQUAL, Operator.NOT_EQUAL)
_ORDER = (Operator.GREATER, Operator.GREATER_OR_EQUAL, Operator.LESS, Operator.LESS_OR_EQUAL)
_RANGES = (Operator.BETWEEN, Operator.NOT_BETWEEN)
_LISTS = (Operator.IN, Operator.NOT_IN)
_ORDERED = (*_EQUALITY, *_ORDER, *_RANGES, *_LISTS, *_EMPTINESS)
_PATTERNS = (
    Operator.STARTS_WITH,
    Operator.NOT_STARTS_WITH,
    Operator.CONTAINS,
    Operator.NOT_CONTAINS,
    Operator.LIKE,
    Operator.NOT_LIKE,
)
_TEMPORAL = (*_ORDERED, Operator.IN_PERIOD, Operator.NOT_IN_PERIOD, Operator.ANNIVERSARY)

_BY_TYPE: Mapping[FieldType, tuple[Operator, ...]] = {
    FieldType.TEXT: (*_ORDERED, *_PATTERNS),
    FieldType.INTEGER: _ORDERED,
    FieldType.DECIMAL: _ORDERED,
    FieldType.FLOAT: _ORDERED,
    FieldType.BOOLEAN: (*_EQUALITY, Operator.IS_TRUE, Operator.IS_FALSE, *_EMPTINESS),
    FieldType.DATE: _TEMPORAL,
    FieldType.DATETIME: _TEMPORAL,
    FieldType.UUID: (*_EQUALITY, *_LISTS, *_EMPTINESS),
    FieldType.JSON: _EMPTINESS,
}

LABELS: Mapping[str, str | Promise] = {
    Operator.EQUAL: _("equal to"),
    Operator.NOT_EQUAL: _("not equal to"),
    Operator.GREATER: _("greater than"),
    Operator.GREATER_OR_EQUAL: _("greater than or equal to"),
    Operator.LESS: _("less than"),
    Operator.LESS_OR_EQUAL: _("less than or equal to"),
    Operator.BETWEEN: _("between"),
    Operator.NOT_BETWEEN: _("not between"),
    Operator.IN: _("included in"),
    Operator.NOT_IN: _("not in"),
    Operator.IS_EMPTY: _("is empty"),
    Operator.IS_NOT_EMPTY: _("is not empty"),
    Operator.STARTS_WITH: _("starts with"),
    Operator.NOT_STARTS_WITH: _("does not start with"),
    Operator.CONTAINS: _("contains"),
    Operator.NOT_CONTAINS: _("does not contain"),
    Operator.LIKE: _("like"),
    Operator.NOT_LIKE: _("not like"),
    Operator.IS_TRUE: _("is true"),
    Operator.IS_FALSE: _("is false"),
    Operator.IN_PERIOD: _("in the period"),
    Operator.NOT_IN_PERIOD: _("not in the period"),
    Operator.ANNIVERSARY: _("has its anniversary"),
}


def operators_of(field_type: FieldType) -> tuple[Operator, ...]:
    """The operators a field of this type has, in the order a person reads them."""
    return _BY_TYPE[field_type]


def shape_of(operator: Operator) -> Shape:
    return _SHAPES.get(operator, Shape.ONE)


def positive_of(operator: Operator) -> tuple[Operator, bool]:
    """The operator without its negation, and whether it had one."""
    return NEGATIVES.get(operator, operator), operator in NEGATIVES
