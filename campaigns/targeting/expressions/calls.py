"""Calls of functions: the name found or refused, the arguments counted and brought into the types wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.targeting.expressions.collections import aggregate
from campaigns.targeting.expressions.conversions import (
    as_condition,
    as_moment,
    as_number,
    as_text,
    as_whole,
    same_type,
)
from campaigns.targeting.expressions.functions import Function, Takes
from campaigns.targeting.expressions.nodes import Call, Node, Path
from campaigns.targeting.expressions.places import ExpressionError
from campaigns.targeting.expressions.reading import read_collection
from campaigns.targeting.expressions.registry import FUNCTIONS, REFUSALS
from campaigns.targeting.expressions.typed import MOMENTS, NUMBERS, Typed, Writing
from campaigns.targeting.problems import nearest, shown
from campaigns.targeting.schema import FieldType

Write = Callable[[Node], Typed]

_OVER_ROWS = (Takes.COLLECTION, Takes.COLLECTED)
_ALIKE = (Takes.SAME, Takes.ORDERED)


def write_call(writing: Writing, call: Call, write: Write) -> Typed:
    function = _function(call)
    _check_count(function, call)
    if function.parameters and function.parameters[0].takes in _OVER_ROWS:
        return _aggregated(writing, function, call, write)
    arguments = [write(each) for each in call.arguments]
    kinds = [function.parameter(number, len(arguments)).takes for number in range(len(arguments))]
    arguments = [_suited(writing, kind, each) for kind, each in zip(kinds, arguments, strict=True)]
    if function.has_default:
        arguments = _alike(writing, arguments, kinds, (Takes.ANY,))
    arguments = _alike(writing, arguments, kinds, _ALIKE)
    made = function.write(writing, arguments)
    if isinstance(made, Typed):
        return Typed(call.at, made.type, made.sql)
    return Typed(call.at, _type(function, arguments, kinds), made)


def _function(call: Call) -> Function:
    name = call.name.lower()
    if name in REFUSALS:
        refused = REFUSALS[name]
        message = _("“%(name)s” is not supported: %(reason)s") % {
            "name": refused.name,
            "reason": refused.reason,
        }
        raise ExpressionError(call.at, "refused_function", message, str(refused.remedy))
    if name not in FUNCTIONS:
        message = _("There is no function “%(name)s”.") % {"name": shown(call.name)}
        known = {each.name.lower(): each.name for each in FUNCTIONS.values()}
        remedy = nearest(name, known)
        raise ExpressionError(call.at, "unknown_function", message, remedy)
    return FUNCTIONS[name]


def _check_count(function: Function, call: Call) -> None:
    given, most = len(call.arguments), function.most
    if given < function.least or (most is not None and given > most):
        message = ngettext("%(name)s got %(n)d argument.", "%(name)s got %(n)d arguments.", given) % {
            "name": function.name,
            "n": given,
        }
        remedy = _("Write it as: %(signature)s.") % {"signature": function.signature}
        raise ExpressionError(call.at, "wrong_arity", message, remedy)


def _aggregated(writing: Writing, function: Function, call: Call, write: Write) -> Typed:
    path, *further = call.arguments
    if not isinstance(path, Path):
        message = _("%(name)s is of a collection.") % {"name": function.name}
        remedy = _("Name links and a field, as in orders.total; for several values use Greatest or Least.")
        raise ExpressionError(path.at, "no_collection", message, remedy)
    fixed = [
        _suited(writing, function.parameter(number, len(call.arguments)).takes, write(each))
        for number, each in enumerate(further, 1)
    ]
    made = aggregate(function.name, read_collection(writing, path), fixed)
    return Typed(call.at, made.type, made.sql)


def _suited(writing: Writing, takes: Takes, value: Typed) -> Typed:
    if takes in (Takes.MOMENT, Takes.INSTANT):
        return as_moment(writing, value)
    if takes in (Takes.FIXED_TEXT, Takes.FIXED_WHOLE):
        return _fixed(takes, value)
    suit = _SUITING.get(takes)
    return suit(value) if suit else value


_SUITING: Mapping[Takes, Callable[[Typed], Typed]] = {
    Takes.TEXT: as_text,
    Takes.NUMBER: as_number,
    Takes.WHOLE: as_whole,
    Takes.CONDITION: as_condition,
}


def _fixed(takes: Takes, value: Typed) -> Typed:
    wanted = as_text(value) if takes is Takes.FIXED_TEXT else as_whole(value)
    if wanted.constant is None and wanted.literal is None:
        message = _("This has to be the same for every row.")
        raise ExpressionError(value.at, "not_constant", message, _("Write the value itself."))
    return wanted


def _alike(
    writing: Writing, arguments: Sequence[Typed], kinds: Sequence[Takes], wanted: Sequence[Takes]
) -> list[Typed]:
    """The arguments of the wanted kinds brought to one type, the others as they are."""
    places = [number for number, kind in enumerate(kinds) if kind in wanted]
    alike = same_type(writing, [arguments[number] for number in places])
    for number, value in zip(places, alike, strict=True):
        if kinds[number] is Takes.ORDERED:
            _check_ordered(value)
    changed = dict(zip(places, alike, strict=True))
    return [changed.get(number, each) for number, each in enumerate(arguments)]


def _check_ordered(value: Typed) -> None:
    if value.type not in (*NUMBERS, *MOMENTS):
        message = _("This is of type %(type)s.") % {"type": value.type.value}
        raise ExpressionError(value.at, "wrong_type", message, _("Give numbers or dates."))


def _type(function: Function, arguments: Sequence[Typed], takes: Sequence[Takes]) -> FieldType:
    """What a function gives: its own type, or that of the arguments that decide."""
    if function.gives is not None:
        return function.gives
    deciding = [each for each, kind in zip(arguments, takes, strict=True) if kind in (*_ALIKE, Takes.NUMBER)]
    kinds = {each.type for each in deciding}
    if not kinds:
        return FieldType.BOOLEAN
    if kinds <= set(NUMBERS):
        return FieldType.INTEGER if kinds == {FieldType.INTEGER} else FieldType.DECIMAL
    return deciding[0].type
