"""The words of a single comparison, its operator, values and relative dates: patterns for translators."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.targeting.operands import (
    Anchored,
    Days,
    Expression,
    Last,
    LaterThan,
    Next,
    Now,
    OlderThan,
    OtherAttribute,
    Parameter,
    This,
    Today,
    Variable,
)
from campaigns.targeting.operators import Operator
from campaigns.targeting.problems import shown

Label = Callable[[str], str]

_PATTERNS: Mapping[Operator, str | Promise] = {
    Operator.EQUAL: gettext_lazy("%(subject)s is %(value)s"),
    Operator.NOT_EQUAL: gettext_lazy("%(subject)s is not %(value)s"),
    Operator.GREATER: gettext_lazy("%(subject)s is more than %(value)s"),
    Operator.GREATER_OR_EQUAL: gettext_lazy("%(subject)s is at least %(value)s"),
    Operator.LESS: gettext_lazy("%(subject)s is less than %(value)s"),
    Operator.LESS_OR_EQUAL: gettext_lazy("%(subject)s is at most %(value)s"),
    Operator.BETWEEN: gettext_lazy("%(subject)s is from %(value)s to %(other)s"),
    Operator.NOT_BETWEEN: gettext_lazy("%(subject)s is not from %(value)s to %(other)s"),
    Operator.IN: gettext_lazy("%(subject)s is one of %(value)s"),
    Operator.NOT_IN: gettext_lazy("%(subject)s is none of %(value)s"),
    Operator.IS_EMPTY: gettext_lazy("%(subject)s is empty"),
    Operator.IS_NOT_EMPTY: gettext_lazy("%(subject)s is not empty"),
    Operator.STARTS_WITH: gettext_lazy("%(subject)s starts with %(value)s"),
    Operator.NOT_STARTS_WITH: gettext_lazy("%(subject)s does not start with %(value)s"),
    Operator.CONTAINS: gettext_lazy("%(subject)s contains %(value)s"),
    Operator.NOT_CONTAINS: gettext_lazy("%(subject)s does not contain %(value)s"),
    Operator.LIKE: gettext_lazy("%(subject)s is like %(value)s"),
    Operator.NOT_LIKE: gettext_lazy("%(subject)s is not like %(value)s"),
    Operator.IS_TRUE: gettext_lazy("%(subject)s is true"),
    Operator.IS_FALSE: gettext_lazy("%(subject)s is false"),
    Operator.IN_PERIOD: gettext_lazy("%(subject)s is %(value)s"),
    Operator.NOT_IN_PERIOD: gettext_lazy("%(subject)s is not %(value)s"),
    Operator.ANNIVERSARY: gettext_lazy("the anniversary of %(subject)s is %(value)s"),
}
_MOMENT_PATTERNS: Mapping[Operator, str | Promise] = {
    Operator.GREATER: gettext_lazy("%(subject)s is after %(value)s"),
    Operator.GREATER_OR_EQUAL: gettext_lazy("%(subject)s is not before %(value)s"),
    Operator.LESS: gettext_lazy("%(subject)s is before %(value)s"),
    Operator.LESS_OR_EQUAL: gettext_lazy("%(subject)s is not after %(value)s"),
}


def comparison_words(subject: str, operator: Operator, value: object, label: Label, *, of_time: bool) -> str:
    """The comparison in words; `label` gives the label of an attribute by its name.

    With `of_time` the subject is known to be a date, or a date and time.
    """
    pattern = _PATTERNS[operator]
    if of_time or isinstance(value, Today | Now):
        pattern = _MOMENT_PATTERNS.get(operator, pattern)
    first, other = value, None
    if operator in (Operator.BETWEEN, Operator.NOT_BETWEEN) and isinstance(value, tuple) and len(value) > 1:
        first, other = value[:2]
    words = {"subject": subject, "value": value_words(first, label), "other": value_words(other, label)}
    return str(pattern) % words


def value_words(value: object, label: Label) -> str:
    if isinstance(value, tuple):
        return ", ".join(value_words(item, label) for item in value[:_SHOWN_ITEMS]) + _more(value)
    if isinstance(value, Variable):
        return _("the variable “%(name)s”") % {"name": shown(value.variable)}
    if isinstance(value, Parameter):
        return _("the parameter “%(name)s”") % {"name": shown(value.parameter)}
    if isinstance(value, OtherAttribute):
        return label(value.attribute)
    return _fixed_words(value)


def _fixed_words(value: object) -> str:
    """The words of what needs no label of an attribute."""
    if isinstance(value, Expression):
        return expression_words(value)
    return relative_words(value) if isinstance(value, Anchored) else _literal_words(value)


def expression_words(value: Expression) -> str:
    """The formula on one line: to those who wrote it, it is plainer than any words for it."""
    text = " ".join(value.expression.split())
    return f"“{text if len(text) <= _SHOWN_FORMULA else text[: _SHOWN_FORMULA - 1] + '…'}”"


_SHOWN_FORMULA = 200
_SHOWN_ITEMS = 5


def _more(items: Sequence[object]) -> str:
    left = len(items) - _SHOWN_ITEMS
    return "" if left <= 0 else ngettext(" and %(n)d more", " and %(n)d more", left) % {"n": left}


def _literal_words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("true") if value else _("false")
    return f"“{shown(value)}”" if isinstance(value, str) else str(value)


def relative_words(part: Anchored) -> str:
    """A day, a period or a window of days, and what it counts from unless that is the run."""
    words = _RELATIVE[type(part)](part)
    if part.anchor is None:
        return words
    return _("%(period)s, counted from the variable “%(anchor)s”") % {
        "period": words,
        "anchor": shown(part.anchor),
    }


def amount(number: int, unit: str) -> str:
    return _AMOUNTS[unit](number) % {"n": number}


_AMOUNTS: Mapping[str, Callable[[int], str]] = {
    "minute": lambda n: ngettext("%(n)d minute", "%(n)d minutes", n),
    "hour": lambda n: ngettext("%(n)d hour", "%(n)d hours", n),
    "day": lambda n: ngettext("%(n)d day", "%(n)d days", n),
    "week": lambda n: ngettext("%(n)d week", "%(n)d weeks", n),
    "month": lambda n: ngettext("%(n)d month", "%(n)d months", n),
    "quarter": lambda n: ngettext("%(n)d quarter", "%(n)d quarters", n),
    "year": lambda n: ngettext("%(n)d year", "%(n)d years", n),
}


def _today(part: Today) -> str:
    if part.today == 0:
        return _("today")
    pattern = _("%(amount)s before today") if part.today < 0 else _("%(amount)s after today")
    return pattern % {"amount": amount(abs(part.today), part.unit)}


def _now(part: Now) -> str:
    if part.now == 0:
        return _("now")
    pattern = _("%(amount)s ago") if part.now < 0 else _("%(amount)s from now")
    return pattern % {"amount": amount(abs(part.now), part.unit)}


def _this(part: This) -> str:
    if part.shift == 0:
        return str(_CURRENT[part.this])
    pattern = _("%(amount)s before %(current)s") if part.shift < 0 else _("%(amount)s after %(current)s")
    return pattern % {"amount": amount(abs(part.shift), part.this), "current": _CURRENT[part.this]}


_CURRENT: Mapping[str, str | Promise] = {
    "day": gettext_lazy("today"),
    "week": gettext_lazy("this week"),
    "month": gettext_lazy("this month"),
    "quarter": gettext_lazy("this quarter"),
    "year": gettext_lazy("this year"),
}


def _days(part: Days) -> str:
    first, last = part.days
    if first == last:
        return _today(Today(today=first))
    return _("from %(first)s to %(last)s") % {
        "first": _today(Today(today=first)),
        "last": _today(Today(today=last)),
    }


_RELATIVE: Mapping[type, Callable[..., str]] = {
    Today: _today,
    Now: _now,
    Last: lambda part: _("in the last %(amount)s") % {"amount": amount(part.last, part.unit)},
    Next: lambda part: _("in the next %(amount)s") % {"amount": amount(part.next, part.unit)},
    OlderThan: lambda part: _("more than %(amount)s ago") % {"amount": amount(part.older_than, part.unit)},
    LaterThan: lambda part: _("more than %(amount)s ahead") % {"amount": amount(part.later_than, part.unit)},
    This: _this,
    Days: _days,
}
