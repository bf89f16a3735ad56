"""One typed value compared with another in Python: counts and variables, under the operators that rules have."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from campaigns.activity_types import Settings
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from campaigns.targeting.operands import LiteralValue
from campaigns.targeting.operators import Operator, Shape, operators_of, positive_of, shape_of
from campaigns.targeting.schema import FieldType
from campaigns.targeting.scope import Value
from campaigns.validation import nearest
from orchestration.exceptions import ActivityFailed
from orchestration.variables import typed

_FIELD_TYPES = {
    "text": FieldType.TEXT,
    "number": FieldType.DECIMAL,
    "date": FieldType.DATE,
    "boolean": FieldType.BOOLEAN,
}
_LEFT_OUT = {
    Operator.LIKE,
    Operator.NOT_LIKE,
    Operator.IN_PERIOD,
    Operator.NOT_IN_PERIOD,
    Operator.ANNIVERSARY,
}
_WANTED = {Shape.NOTHING: (0, 0), Shape.ONE: (1, 1), Shape.PAIR: (2, 2), Shape.LIST: (1, 1000)}


class Comparison(Settings):
    """An operator and the values it compares with, all of them in a list."""

    operator: Annotated[Operator, Shown(_("Operator"))]
    values: Annotated[tuple[LiteralValue, ...], Field(max_length=1000), Shown(_("Values"))] = ()

    def holds(self, value: Any, kind: str) -> bool:
        """Whether a value of this kind of variable (None: empty) compares so; raises ActivityFailed."""
        positive, negated = positive_of(self.operator)
        values = [typed("value", each, kind) for each in self.values]
        return negated ^ _holds(positive, typed("value", value, kind), values)


def comparison_problems(comparison: Comparison, kind: str, path: str) -> Iterator[Problem]:
    """What is wrong with a comparison of a variable of this kind."""
    allowed = [each for each in operators_of(_FIELD_TYPES[kind]) if each not in _LEFT_OUT]
    if comparison.operator not in allowed:
        message = gettext("This cannot be asked of a variable of type %(type)s.") % {"type": kind}
        yield Problem(
            "test.wrong_operator", f"{path}/operator", message, nearest(comparison.operator, allowed)
        )
        return
    least, most = _WANTED[shape_of(comparison.operator)]
    if not least <= len(comparison.values) <= most:
        message = gettext("This operator takes another number of values.")
        remedy = gettext("Give %(least)d.") if least == most else gettext("Give at least %(least)d.")
        yield Problem("test.value_count", f"{path}/values", message, remedy % {"least": least})
    for number, value in enumerate(comparison.values):
        yield from _value_problems(value, kind, f"{path}/values/{number}")


def _value_problems(value: Any, kind: str, path: str) -> Iterator[Problem]:
    try:
        known = typed("value", value, kind)
    except ActivityFailed:
        known = None
    if known is None:
        message = gettext("This is no value of type %(type)s.") % {"type": kind}
        yield Problem(
            "test.wrong_value", path, message, gettext("Write it as that type: a date as 2018-01-31.")
        )


def _holds(positive: Operator, value: Value | None, values: Sequence[Value | None]) -> bool:
    """Nothing but emptiness is true of an empty value, as in rules."""
    if value is None:
        return False
    return _COMPARE[positive](value, values)


def _one(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Sequence[Any]], bool]:
    return lambda value, values: compare(value, values[0])


_COMPARE: Mapping[Operator, Callable[[Any, Sequence[Any]], bool]] = {
    Operator.EQUAL: _one(operator.eq),
    Operator.GREATER: _one(operator.gt),
    Operator.GREATER_OR_EQUAL: _one(operator.ge),
    Operator.LESS: _one(operator.lt),
    Operator.LESS_OR_EQUAL: _one(operator.le),
    Operator.BETWEEN: lambda value, values: bool(values[0] <= value <= values[1]),
    Operator.IN: lambda value, values: value in values,
    Operator.IS_NOT_EMPTY: lambda value, values: True,
    Operator.IS_TRUE: lambda value, values: value is True,
    Operator.IS_FALSE: lambda value, values: value is False,
    Operator.STARTS_WITH: _one(str.startswith),
    Operator.CONTAINS: lambda value, values: values[0] in value,
}
