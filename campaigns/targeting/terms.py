"""Reads the comparison that a rule states: its operator checked, its values resolved to what SQL can hold.

Conditions and aggregates share this; they differ only in what they compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from campaigns.targeting.attributes import Attribute, Subject
from campaigns.targeting.comparisons import same_storage
from campaigns.targeting.expressions.attribute import attribute_of
from campaigns.targeting.operands import (
    PERIODS,
    Days,
    Expression,
    Now,
    OtherAttribute,
    Parameter,
    Scalar,
    Today,
    Variable,
)
from campaigns.targeting.operators import LABELS, Operator, Shape, operators_of, positive_of, shape_of
from campaigns.targeting.periods import Span, Timeline
from campaigns.targeting.problems import nearest, refusal
from campaigns.targeting.rules import Aggregate, Condition
from campaigns.targeting.schema import FieldType
from campaigns.targeting.scope import Compilation, Row, Value
from campaigns.targeting.values import literal, variable_value

Term = Value | Attribute | None
Compared = Condition | Aggregate
Compares = Subject | Attribute

_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.FLOAT)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A checked comparison: the positive operator, whether it is negated, and what it compares with.

    A term is a constant, an attribute, or None for an empty variable; a period or a window stands instead of
    terms.
    """

    operator: Operator
    negated: bool
    terms: Sequence[Term] = ()
    period: Span | None = None
    window: tuple[date, date] | None = None
    fold: bool = False

    def constants(self) -> list[Value]:
        return [term for term in self.terms if term is not None and not isinstance(term, Attribute)]

    def attributes(self) -> list[Attribute]:
        return [term for term in self.terms if isinstance(term, Attribute)]


def read_comparison(
    state: Compilation, row: Row, rule: Compared, subject: Compares, place: str
) -> Comparison:
    """What a rule compares a subject with; attributes among its values are those of `row`."""
    _check_operator(rule.operator, subject.type, place)
    operator, negated = positive_of(rule.operator)
    shape = shape_of(operator)
    if shape is Shape.PERIOD:
        return Comparison(operator, negated, period=_period(state, rule, subject, place))
    if shape is Shape.DAYS:
        return Comparison(operator, negated, window=_window(state, rule, place))
    reader = _TermReader(state, row, subject, operator)
    terms = [reader.read(item, at) for item, at in _items(rule, shape, f"{place}/value")]
    return Comparison(operator, negated, terms, fold=_fold(rule, subject, place))


@dataclass(frozen=True, slots=True)
class _TermReader:
    state: Compilation
    row: Row
    subject: Compares
    operator: Operator

    def read(self, item: object, place: str) -> Term:
        if isinstance(item, OtherAttribute):
            return self._attribute(item.attribute, f"{place}/attribute")
        if isinstance(item, Expression):
            return self._attribute(item, place)
        value = self._constant(item, place)
        if self.operator is Operator.LIKE:
            _check_pattern(value, place)
        return value

    def _constant(self, item: object, place: str) -> Value | None:
        clock, field_type = self.state.clock, self.subject.type
        if isinstance(item, Variable):
            variables = self.state.scope.variables
            return variable_value(variables, item.variable, field_type, clock, f"{place}/variable")
        if isinstance(item, Today | Now):
            return self._moment(item, place)
        if isinstance(item, Parameter):
            remedy = _("Put a value here, or save the rule as a filter with this parameter.")
            raise refusal(place, "unbound_parameter", _("Only a saved filter has parameters."), remedy)
        if isinstance(item, Scalar):
            return literal(item, field_type, clock, place)
        remedy = _("Use the operator “in the period” or “has its anniversary” with it.")
        raise refusal(place, "period_as_value", _("A period is not a single value."), remedy)

    def _moment(self, item: Today | Now, place: str) -> Value:
        if self.subject.type not in (FieldType.DATE, FieldType.DATETIME):
            remedy = _("Compare a date field with it.")
            raise refusal(place, "wrong_type", _("A relative date suits date fields only."), remedy)
        moment = _timeline(self.state).moment(item, place)
        if isinstance(item, Now) and self.subject.type is FieldType.DATE:
            return self.state.clock.day_of(moment)  # type: ignore[arg-type]
        return moment

    def _attribute(self, item: str | Expression, place: str) -> Attribute:
        if self.operator is Operator.LIKE:
            remedy = _("Give the pattern itself, or use “contains”.")
            raise refusal(place, "pattern_from_field", _("A pattern cannot come from a field."), remedy)
        attribute = attribute_of(self.state, self.row, item, place)
        if not _comparable(self.subject, attribute):
            message = _("Fields of type %(one)s and %(other)s cannot be compared.") % {
                "one": self.subject.type.value,
                "other": attribute.type.value,
            }
            remedy = _("Choose a field of the same type, stored in the same way.")
            raise refusal(place, "incomparable", message, remedy)
        return attribute


def _comparable(subject: Compares, attribute: Attribute) -> bool:
    if subject.type in _NUMBERS:
        return attribute.type in _NUMBERS
    if subject.type is not attribute.type:
        return False
    return same_storage(subject.stored_zone, attribute.stored_zone)


def _check_pattern(value: Value | None, place: str) -> None:
    text = value if isinstance(value, str) else ""
    if (len(text) - len(text.rstrip("\\"))) % 2:
        remedy = _("Double the backslash to mean it, or remove it.")
        raise refusal(place, "bad_pattern", _("The pattern ends with a lone backslash."), remedy)


def _check_operator(operator: Operator, field_type: FieldType, place: str) -> None:
    allowed = operators_of(field_type)
    if operator not in allowed:
        message = _("“%(operator)s” cannot be asked of a field of type %(type)s.") % {
            "operator": LABELS[operator],
            "type": field_type.value,
        }
        raise refusal(f"{place}/operator", "wrong_operator", message, nearest(operator, allowed))


def _fold(rule: Compared, subject: Compares, place: str) -> bool:
    fold = isinstance(rule, Condition) and not rule.case_sensitive
    if fold and subject.type is not FieldType.TEXT:
        remedy = _("Remove “case_sensitive”.")
        raise refusal(f"{place}/case_sensitive", "no_case", _("Only text has upper and lower case."), remedy)
    return fold


def _items(rule: Compared, shape: Shape, place: str) -> list[tuple[object, str]]:
    """The values of a rule with their places, as many as the operator takes."""
    value = rule.value
    if shape is Shape.NOTHING:
        if value is not None:
            raise refusal(place, "needless_value", _("This operator takes no value."), _("Remove the value."))
        return []
    if value is None:
        raise refusal(place, "missing", _("The value is missing."), _("Give a value to compare with."))
    if shape is not Shape.ONE:
        return _listed(value, shape, place)
    if isinstance(value, tuple):
        remedy = _("Give one value, or use “included in”.")
        raise refusal(place, "one_value", _("This operator takes one value, not a list."), remedy)
    return [(value, place)]


def _listed(value: object, shape: Shape, place: str) -> list[tuple[object, str]]:
    if shape is Shape.PAIR and not (isinstance(value, tuple) and len(value) == 2):  # noqa: PLR2004
        remedy = _("Give the lower and the upper bound, as in [10, 20].")
        raise refusal(place, "two_values", _("This operator takes two values."), remedy)
    if not isinstance(value, tuple) or not value:
        remedy = _("Give a list, as in [10, 20].")
        raise refusal(place, "list_of_values", _("This operator takes a list of values."), remedy)
    return [(item, f"{place}/{index}") for index, item in enumerate(value)]


def _period(state: Compilation, rule: Compared, subject: Compares, place: str) -> Span:
    value = rule.value
    place = f"{place}/value"
    if not isinstance(value, PERIODS):
        remedy = _("Give one of: last, next, this, older_than, later_than.")
        raise refusal(place, "no_period", _("This operator takes a period."), remedy)
    if subject.type is FieldType.DATE and getattr(value, "unit", "day") in ("hour", "minute"):
        remedy = _("Count in days or longer units.")
        raise refusal(f"{place}/unit", "unit_too_short", _("A date has no hours."), remedy)
    return _timeline(state).period(value, place)


def _window(state: Compilation, rule: Compared, place: str) -> tuple[date, date]:
    place = f"{place}/value"
    if not isinstance(rule.value, Days):
        remedy = _("Give the days from the anchor, as in {days: [0, 7]}.")
        raise refusal(place, "no_days", _("This operator takes a window of days."), remedy)
    return _timeline(state).window(rule.value, place)


def _timeline(state: Compilation) -> Timeline:
    return Timeline(state.clock, state.scope.variables)
