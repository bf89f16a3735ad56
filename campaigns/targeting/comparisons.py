"""One positive comparison of one value in SQL, for every type; what is never true of an empty value stays so.

A comparison may come out unknown (NULL) where a value is empty, which no WHERE selects; `trees.not_true`
gives the exact complement. Texts hold no '' here: where SQL would let an empty text through, a guard stops
it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sqlglot import exp

from campaigns.targeting import temporal, trees
from campaigns.targeting.attributes import Subject
from campaigns.targeting.bound import bound
from campaigns.targeting.clock import Clock
from campaigns.targeting.operators import Operator
from campaigns.targeting.schema import FieldType
from campaigns.targeting.scope import Value

TEMPORAL = (FieldType.DATE, FieldType.DATETIME)

_BINARY: Mapping[Operator, type[exp.Binary]] = {
    Operator.EQUAL: exp.EQ,
    Operator.GREATER: exp.GT,
    Operator.GREATER_OR_EQUAL: exp.GTE,
    Operator.LESS: exp.LT,
    Operator.LESS_OR_EQUAL: exp.LTE,
    Operator.LIKE: exp.Like,
}
_UTC = ("UTC", "Etc/UTC")
_ORDERING = (Operator.GREATER, Operator.GREATER_OR_EQUAL, Operator.LESS, Operator.LESS_OR_EQUAL)
_LOOKS_INSIDE = (Operator.STARTS_WITH, Operator.CONTAINS, Operator.LIKE)
_LETS_EMPTY_THROUGH = (Operator.LESS, Operator.LESS_OR_EQUAL, Operator.LIKE)


def has_value(subject: Subject) -> exp.Expr:
    if subject.type is FieldType.TEXT:
        return exp.NEQ(this=subject.exact(), expression=exp.Literal.string(""))
    if subject.type is FieldType.JSON:
        null = trees.cast(exp.Literal.string("null"), "jsonb")
        return exp.NEQ(this=subject.jsonb(), expression=null)
    return trees.known(subject.value())


def value_or_null(subject: Subject) -> exp.Expr:
    """The value with every kind of empty as NULL, for aggregates and distributions."""
    if subject.type is FieldType.TEXT:
        return exp.Nullif(this=subject.exact(), expression=exp.Literal.string(""))
    if subject.type is FieldType.JSON:
        null = trees.cast(exp.Literal.string("null"), "jsonb")
        return exp.Nullif(this=subject.jsonb(), expression=null)
    return subject.value()


def compare(
    subject: Subject, operator: Operator, values: Sequence[Value], clock: Clock, *, fold: bool = False
) -> exp.Expr:
    """The subject compared with constants."""
    if operator is Operator.IS_NOT_EMPTY:
        return has_value(subject)
    if operator in (Operator.IS_TRUE, Operator.IS_FALSE):
        answer = exp.true() if operator is Operator.IS_TRUE else exp.false()
        return exp.Is(this=subject.value(), expression=answer)
    if subject.type in TEMPORAL:
        return temporal.compare(subject, operator, _moments(values), clock)
    constants = [bound(value) for value in values]
    if operator is Operator.BETWEEN:
        return _between(subject, constants, fold=fold)
    if operator is Operator.IN:
        return exp.In(
            this=_side(subject, fold=fold), expressions=[_folded(each, fold=fold) for each in constants]
        )
    return _binary(subject, operator, constants[0], fold=fold)


def compare_columns(subject: Subject, operator: Operator, other: Subject, *, fold: bool = False) -> exp.Expr:
    """The subject compared with another column; texts of different collations compare by code point."""
    if subject.type is not FieldType.TEXT:
        return _BINARY[operator](this=_aware(subject), expression=_aware(other))
    left, right = _side(subject, fold=fold), _side(other, fold=fold)
    compared = _apply(operator, _ordered(left), _ordered(right))
    return trees.every([compared, has_value(subject), has_value(other)])


def same_storage(stored_zone: str, other_zone: str) -> bool:
    """Whether two date-times can be compared as they are stored, or once both are instants."""
    return stored_zone == other_zone or {stored_zone, other_zone} <= {"", *_UTC}


def _aware(subject: Subject) -> exp.Expr:
    """A date-time stored in UTC without a zone as the instant it is; others as stored."""
    if subject.stored_zone in _UTC:
        return trees.call("TIMEZONE", bound("UTC"), subject.value())
    return subject.value()


def _moments(values: Sequence[Value]) -> list[date]:
    return [value for value in values if isinstance(value, date)]


def _side(subject: Subject, *, fold: bool) -> exp.Expr:
    return _folded(subject.value(), fold=fold)


def _folded(expression: exp.Expr, *, fold: bool) -> exp.Expr:
    return trees.folded(expression) if fold else expression


def _ordered(expression: exp.Expr) -> exp.Expr:
    return trees.collated(expression, trees.BYTE_ORDER)


def _between(subject: Subject, constants: Sequence[exp.Expr], *, fold: bool) -> exp.Expr:
    low, high = (_folded(each, fold=fold) for each in constants)
    side = _side(subject, fold=fold)
    if subject.type is FieldType.TEXT:
        # The grammar of BETWEEN takes no bare COLLATE.
        side, low, high = (exp.Paren(this=_ordered(each)) for each in (side, low, high))
    return exp.Between(this=side, low=low, high=high)


def _binary(subject: Subject, operator: Operator, constant: exp.Expr, *, fold: bool) -> exp.Expr:
    left, right = _side(subject, fold=fold), _folded(constant, fold=fold)
    if subject.type is not FieldType.TEXT:
        return _apply(operator, left, right)
    if operator in _ORDERING:
        left, right = _ordered(left), _ordered(right)
    elif operator in _LOOKS_INSIDE and not fold:
        left = subject.exact()
    compared = _apply(operator, left, right)
    return trees.every([compared, has_value(subject)]) if operator in _LETS_EMPTY_THROUGH else compared


def _apply(operator: Operator, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    special = _CALLS.get(operator)
    return special(left, right) if special else _BINARY[operator](this=left, expression=right)


def _starts_with(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return trees.call("STARTS_WITH", left, right)


def _contains(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.GT(this=trees.call("STRPOS", left, right), expression=exp.Literal.number(0))


_CALLS: Mapping[Operator, Callable[[exp.Expr, exp.Expr], exp.Expr]] = {
    Operator.STARTS_WITH: _starts_with,
    Operator.CONTAINS: _contains,
}
