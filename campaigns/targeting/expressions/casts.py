"""Values of one type as another. What cannot be read is empty: patterns let through only what a cast accepts."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.expressions import pieces
from campaigns.targeting.expressions.places import ExpressionError
from campaigns.targeting.expressions.typed import Typed, Writing
from campaigns.targeting.schema import FieldType

NUMBER_PATTERN = r"^ *([+-]?[0-9]{1,40}(?:\.[0-9]{1,20})?) *$"
_LEAP_YEAR = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
_DAY = (
    r"(?!0000)(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    rf"|{_LEAP_YEAR}-02-29)"
)
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
_OFFSET = r"(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])"
DATE_PATTERN = rf"^ *({_DAY}) *$"
LOCAL_PATTERN = rf"^ *({_DAY}(?:[T ]{_CLOCK})?) *$"
OFFSET_PATTERN = rf"^ *({_DAY}[T ]{_CLOCK}{_OFFSET}) *$"
_TRUE_PATTERN = "^ *(true|yes|1) *$"
_FALSE_PATTERN = "^ *(false|no|0) *$"


def to_number(_writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    value = arguments[0]
    if value.type is FieldType.TEXT:
        return trees.cast(_matched(value.sql, NUMBER_PATTERN), "numeric")
    return _suited(value, value.is_number).sql


def to_date(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    value = arguments[0]
    if value.type is FieldType.TEXT:
        return trees.cast(_matched(value.sql, DATE_PATTERN), "date")
    return writing.day(_moment(value))


def to_instant(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    value = arguments[0]
    if value.type is not FieldType.TEXT:
        return writing.instant_of(_moment(value))

    def read(of):  # type: ignore[no-untyped-def]
        exact = trees.cast(_matched(of(), OFFSET_PATTERN), "timestamptz")
        local = trees.cast(_matched(of(), LOCAL_PATTERN), "timestamp")
        return exp.Coalesce(this=exact, expressions=[writing.instant(local)])

    return pieces.moment(writing.let([value.sql], read))


def to_boolean(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    value = arguments[0]
    if value.type is FieldType.TEXT:
        folded = trees.folded(value.sql)
        return writing.let([exp.Paren(this=folded)], lambda of: _truth(of(), of()))
    if value.is_number:
        return exp.Paren(this=exp.NEQ(this=value.sql, expression=pieces.number(0)))
    return _suited(value, value.type is FieldType.BOOLEAN).sql


def _truth(one: exp.Expr, other: exp.Expr) -> exp.Expr:
    yes = exp.RegexpLike(this=one, expression=pieces.text(_TRUE_PATTERN))
    no = exp.RegexpLike(this=other, expression=pieces.text(_FALSE_PATTERN))
    return exp.Case(ifs=[exp.If(this=yes, true=exp.true()), exp.If(this=no, true=exp.false())])


def to_text(writing: Writing, arguments: Sequence[Typed]) -> exp.Expr:
    value = arguments[0]
    return pieces.by_code_point(_text_of(writing, value))


def _text_of(writing: Writing, value: Typed) -> exp.Expr:
    if value.is_number:
        return trees.cast(trees.call("TRIM_SCALE", value.sql), "text")
    if value.type is FieldType.DATE:
        return trees.call("TO_CHAR", value.sql, pieces.text("YYYY-MM-DD"))
    if value.type is FieldType.DATETIME:
        return trees.call("TO_CHAR", writing.local(value), pieces.text('YYYY-MM-DD"T"HH24:MI:SS'))
    return trees.cast(value.sql, "text")


def _matched(value: exp.Expr, pattern: str) -> exp.Expr:
    return trees.call("SUBSTRING", value, pieces.text(pattern))


def _moment(value: Typed) -> Typed:
    return _suited(value, value.type in (FieldType.DATE, FieldType.DATETIME))


def _suited(value: Typed, suits: bool) -> Typed:
    if not suits:
        message = _("A value of type %(type)s cannot become this.") % {"type": value.type.value}
        raise ExpressionError(value.at, "wrong_type", message, _("Give a text or another suitable value."))
    return value
