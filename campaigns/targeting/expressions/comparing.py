"""Comparisons inside expressions. They are true or false as those of rules are: nothing compares with empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.targeting.expressions import pieces
from campaigns.targeting.expressions.conversions import read_literal, same_type
from campaigns.targeting.expressions.nodes import Operation
from campaigns.targeting.expressions.places import ExpressionError
from campaigns.targeting.expressions.typed import MOMENTS, Typed, Writing
from campaigns.targeting.schema import FieldType

_SIGNS: Mapping[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.EQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
_UNORDERED = (FieldType.BOOLEAN, FieldType.UUID)


def compared(writing: Writing, node: Operation, operands: Sequence[Typed]) -> Typed:
    """Two values; a date and a date-time by the date that the campaign's zone shows."""
    for each in operands:
        if each.literal == "":
            remedy = _("Ask IsEmptyString(…) or not IsEmptyString(…).")
            raise ExpressionError(each.at, "empty_text", _("An empty text cannot be compared with."), remedy)
    left, right = _alike(writing, operands)
    if left.type in _UNORDERED and node.sign not in ("=", "<>"):
        message = _("Values of type %(type)s have no order.") % {"type": left.type.value}
        raise ExpressionError(node.at, "no_order", message, _("Compare them with = or <>."))
    holds = _SIGNS[node.sign](this=left.sql, expression=right.sql)
    sql = pieces.is_not_true(holds) if node.sign == "<>" else pieces.is_true(holds)
    return Typed(node.at, FieldType.BOOLEAN, exp.Paren(this=sql))


def _alike(writing: Writing, operands: Sequence[Typed]) -> Sequence[Typed]:
    read = [_read(writing, each, other) for each, other in zip(operands, reversed(operands), strict=True)]
    if {each.type for each in read} == set(MOMENTS):
        return [Typed(each.at, FieldType.DATE, writing.day(each)) for each in read]
    return same_type(writing, read)


def _read(writing: Writing, value: Typed, other: Typed) -> Typed:
    """A text literal beside a date is a date, or a date-time."""
    if value.literal is not None and other.type in MOMENTS and other.literal is None:
        return read_literal(writing, value, FieldType.DATETIME)
    return value
