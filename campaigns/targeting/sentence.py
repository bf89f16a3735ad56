"""Any rule as a sentence in plain words, with the labels of the catalogue, in the reader's language.

Names the catalogue does not know are shown as they are: what is wrong with a rule is for `check_rule` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.targeting.operands import Expression
from campaigns.targeting.operators import Operator
from campaigns.targeting.phrases import comparison_words, expression_words, value_words
from campaigns.targeting.problems import shown
from campaigns.targeting.rules import (
    Aggregate,
    All,
    Any_,
    Condition,
    Except,
    Exists,
    Filter,
    Function,
    JsonAttribute,
    Not,
    Rule,
)
from campaigns.targeting.schema import Catalogue

_FIGURES: Mapping[Function, str | Promise] = {
    "count": gettext_lazy("the number of %(collection)s"),
    "count_distinct": gettext_lazy("the number of different %(attribute)s of %(collection)s"),
    "sum": gettext_lazy("the total %(attribute)s of %(collection)s"),
    "avg": gettext_lazy("the average %(attribute)s of %(collection)s"),
    "min": gettext_lazy("the least %(attribute)s of %(collection)s"),
    "max": gettext_lazy("the greatest %(attribute)s of %(collection)s"),
}


def sentence(rule: Rule | None, catalogue: Catalogue, table: str) -> str:
    """Which rows of `table` the rule means, as in “Household where the number of Purchases is at least 3”."""
    place = _Place(catalogue, table)
    if rule is None:
        return _("every %(table)s") % {"table": place.table_label()}
    return _("%(table)s where %(phrase)s") % {"table": place.table_label(), "phrase": _phrase(rule, place)}


@dataclass(frozen=True, slots=True)
class _Place:
    """The table that names are seen from."""

    catalogue: Catalogue
    table: str

    def table_label(self) -> str:
        table = self.catalogue.tables.get(self.table)
        return table.label if table else shown(self.table)

    def link(self, path: str) -> tuple[str, _Place]:
        """The links' labels, last first, and the place they lead to."""
        labels, place = [], self
        for step in path.split("."):
            link = self.catalogue.links.get((place.table, step))
            labels.append(link.label if link else shown(step))
            place = _Place(self.catalogue, link.target if link else "")
        return _of(labels), place

    def attribute(self, wanted: str | JsonAttribute | Expression) -> str:
        if isinstance(wanted, Expression):
            return expression_words(wanted)
        if isinstance(wanted, JsonAttribute):
            return _of([self.attribute(wanted.name), ".".join(map(shown, wanted.path))])
        path, _dot, field = wanted.rpartition(".")
        link, place = self.link(path) if path else ("", self)
        table = self.catalogue.tables.get(place.table)
        label = table.columns[field].label if table and field in table.columns else shown(field)
        return _of([link, label]) if link else label


def _of(labels: list[str]) -> str:
    words, *others = reversed(labels)
    for label in others:
        words = _("%(part)s of %(whole)s") % {"part": words, "whole": label}
    return words


def _phrase(rule: Rule, place: _Place) -> str:
    if isinstance(rule, Condition):
        return comparison_words(place.attribute(rule.attribute), rule.operator, rule.value, place.attribute)
    if isinstance(rule, Exists):
        return _exists(rule, place)
    if isinstance(rule, Aggregate):
        return _aggregate(rule, place)
    if isinstance(rule, Filter):
        return _filter(rule, place)
    if isinstance(rule, Not):
        return _("it is not so that %(phrase)s") % {"phrase": _nested(rule.of, place)}
    return _group(rule, place)


def _filter(node: Filter, place: _Place) -> str:
    """The filter by its label, with the values that are given for its parameters."""
    saved = node.frozen or place.catalogue.filters.get(node.filter)
    words = _("the filter “%(filter)s” holds") % {"filter": shown(saved.label if saved else node.filter)}
    labels = {each.name: each.label for each in saved.parameters} if saved else {}
    given = [
        f"{shown(labels.get(name) or name)}: {value_words(value, place.attribute)}"
        for name, value in node.parameters.items()
    ]
    return f"{words} ({'; '.join(given)})" if given else words


def _nested(rule: Rule, place: _Place) -> str:
    words = _phrase(rule, place)
    return f"({words})" if isinstance(rule, All | Any_ | Except) and len(rule.of) > 1 else words


def _group(rule: All | Any_ | Except, place: _Place) -> str:
    parts = [_nested(part, place) for part in rule.of]
    if isinstance(rule, All):
        return _(" and ").join(parts)
    if isinstance(rule, Any_):
        return _(" or ").join(parts)
    first, *others = parts
    return _("%(first)s, except where %(others)s") % {"first": first, "others": _(" or ").join(others)}


def _exists(rule: Exists, place: _Place) -> str:
    link, end = place.link(rule.link)
    words = _filtered(link, rule.where, end)
    pattern = _("there is no %(collection)s") if rule.negate else _("there is at least one %(collection)s")
    return pattern % {"collection": words}


def _filtered(link: str, where: Rule | None, end: _Place) -> str:
    if where is None:
        return link
    return _("%(collection)s where %(phrase)s") % {"collection": link, "phrase": _nested(where, end)}


def _aggregate(rule: Aggregate, place: _Place) -> str:
    link, end = place.link(rule.link)
    attribute = end.attribute(rule.attribute) if rule.attribute else ""
    pattern = _FIGURES[rule.function]
    if attribute and rule.function == "count":
        pattern = gettext_lazy("the number of %(collection)s with %(attribute)s")
    figure = str(pattern) % {"collection": _filtered(link, rule.where, end), "attribute": attribute}
    return comparison_words(figure, Operator(rule.operator), rule.value, place.attribute)
