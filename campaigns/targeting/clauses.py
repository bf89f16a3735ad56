"""The words for linked rows: how many, which of them by an order, one after another, a figure over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.targeting.operators import Operator
from campaigns.targeting.phrases import amount
from campaigns.targeting.rules import Function, Nth, Within

_FIGURES: Mapping[Function, str | Promise] = {
    "count": gettext_lazy("the number of %(collection)s"),
    "count_distinct": gettext_lazy("the number of different values of %(attribute)s in %(collection)s"),
    "sum": gettext_lazy("the total %(attribute)s of %(collection)s"),
    "avg": gettext_lazy("the average %(attribute)s of %(collection)s"),
    "min": gettext_lazy("the lowest %(attribute)s of %(collection)s"),
    "max": gettext_lazy("the highest %(attribute)s of %(collection)s"),
    "stddev": gettext_lazy("the standard deviation of %(attribute)s of %(collection)s"),
    "string": gettext_lazy("the list of %(attribute)s in %(collection)s"),
}
_TIMES: Mapping[Function, str | Promise] = {
    "min": gettext_lazy("the earliest %(attribute)s of %(collection)s"),
    "max": gettext_lazy("the latest %(attribute)s of %(collection)s"),
}


def figure_words(function: Function, collection: str, attribute: str, *, of_time: bool) -> str:
    pattern = (_TIMES.get(function) if of_time else None) or _FIGURES[function]
    if attribute and function == "count":
        pattern = gettext_lazy("the number of %(collection)s with %(attribute)s")
    return str(pattern) % {"collection": collection, "attribute": attribute}


_COUNTS: Mapping[Operator, str | Promise] = {
    Operator.GREATER_OR_EQUAL: gettext_lazy("at least %(n)d %(collection)s"),
    Operator.LESS: gettext_lazy("fewer than %(n)d %(collection)s"),
    Operator.EQUAL: gettext_lazy("exactly %(n)d %(collection)s"),
}
_NEXT_TO: Mapping[Operator, Operator] = {
    Operator.GREATER: Operator.GREATER_OR_EQUAL,
    Operator.LESS_OR_EQUAL: Operator.LESS,
}
_NONE = ((Operator.LESS, 1), (Operator.EQUAL, 0))


def count_words(collection: str, operator: Operator, value: object) -> tuple[str, bool] | None:
    """So many of the collection, and whether it is none; None where only the figure itself can be named."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    if operator in _NEXT_TO:
        operator, value = _NEXT_TO[operator], value + 1
    if (operator, value) in _NONE:
        return collection, True
    if (operator, value) == (Operator.GREATER_OR_EQUAL, 1):
        return collection, False
    if operator not in _COUNTS or value < 2:  # noqa: PLR2004 - collections are named in the plural
        return None
    return str(_COUNTS[operator]) % {"n": value, "collection": collection}, False


_FIRST: Mapping[tuple[bool, bool], str | Promise] = {
    (True, True): gettext_lazy("the last of %(rows)s by %(order)s"),
    (True, False): gettext_lazy("the first of %(rows)s by %(order)s"),
    (False, True): gettext_lazy("the one of %(rows)s with the highest %(order)s"),
    (False, False): gettext_lazy("the one of %(rows)s with the lowest %(order)s"),
}
_FURTHER: Mapping[tuple[bool, bool], str | Promise] = {
    (True, True): gettext_lazy("number %(n)d of %(rows)s by %(order)s, counted from the last,"),
    (True, False): gettext_lazy("number %(n)d of %(rows)s by %(order)s"),
    (False, True): gettext_lazy("number %(n)d of %(rows)s by %(order)s, counted from the highest,"),
    (False, False): gettext_lazy("number %(n)d of %(rows)s by %(order)s, counted from the lowest,"),
}


def row_words(rule: Nth, rows: str, order: str, *, of_time: bool) -> str:
    patterns = _FIRST if rule.n == 1 else _FURTHER
    return str(patterns[of_time, rule.descending]) % {"rows": rows, "order": order, "n": rule.n}


def sequence_words(steps: Sequence[tuple[str, Within | None]], at: str) -> str:
    """The steps, each in words and with the time it has, one after another."""
    words = steps[0][0]
    for step, within in steps[1:]:
        words = str(_then(within)) % {
            "before": words,
            "step": step,
            "amount": amount(within.n, within.unit) if within else "",
        }
    return _("%(steps)s (in the order of %(at)s)") % {"steps": words, "at": at}


def _then(within: Within | None) -> str:
    if within is None:
        return _("%(before)s and then %(step)s")
    if (within.n, within.unit) == (0, "day"):
        return _("%(before)s and then, on the same day, %(step)s")
    return _("%(before)s and then, within %(amount)s, %(step)s")
