"""Any rule as a sentence in plain words, with the labels of the catalogue, in the reader's language.

Names the catalogue does not know are shown as they are: what is wrong with a rule is for `check_rule` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.targeting.clauses import count_words, figure_words, row_words, sequence_words
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
    JsonAttribute,
    Member,
    Not,
    Nth,
    Rule,
    Sequence_,
)
from campaigns.targeting.schema import Catalogue, FieldType


def sentence(rule: Rule | None, catalogue: Catalogue, table: str) -> str:
    """Which rows of `table` the rule means, as in “Household with at least 3 purchases”."""
    place = _Place(catalogue, table)
    if rule is None:
        return _("every %(table)s") % {"table": place.table_label()}
    return _which(place.table_label(), rule, place, alone=True)


def phrase(rule: Rule, catalogue: Catalogue, table: str) -> str:
    """What the rule says of a row of `table`, as in “the number of Purchases is at least 3”."""
    return _phrase(rule, _Place(catalogue, table))


def attribute_words(wanted: str | JsonAttribute | Expression, catalogue: Catalogue, table: str) -> str:
    """The attribute by its labels, as in “Country of City”."""
    return _Place(catalogue, table).attribute(wanted)


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

    def tells_time(self, wanted: str | JsonAttribute | Expression) -> bool:
        """Whether the attribute is known to be a date, or a date and time."""
        if not isinstance(wanted, str):
            return False
        path, _dot, field = wanted.rpartition(".")
        place = self.link(path)[1] if path else self
        table = self.catalogue.tables.get(place.table)
        column = table.columns.get(field) if table else None
        return column is not None and column.type in (FieldType.DATE, FieldType.DATETIME)


def _of(labels: list[str]) -> str:
    words, *others = reversed(labels)
    for label in others:
        words = _("%(part)s of %(whole)s") % {"part": words, "whole": label}
    return words


def _which(noun: str, rule: Rule | None, place: _Place, *, alone: bool = False) -> str:
    """Those of a kind that the rule means: “purchases where …”, “purchases with …”.

    Unless they stand alone, several parts are held together by parentheses.
    """
    if rule is None:
        return noun
    rule = _turned(rule)
    if isinstance(rule, Nth) and rule.where:
        return _whose(noun, rule, place)
    had = _had(rule, place)
    if had:
        pattern = _("%(noun)s with no %(what)s") if had.is_denied else _("%(noun)s with %(what)s")
        return pattern % {"noun": noun, "what": had.words}
    phrase = _phrase(rule, place) if alone else _nested(rule, place)
    return _("%(noun)s where %(phrase)s") % {"noun": noun, "phrase": phrase}


def _phrase(rule: Rule, place: _Place) -> str:
    """What holds, as part of a sentence about “it”."""
    rule = _turned(rule)
    if isinstance(rule, All | Any_ | Except):
        return _group(rule, place)
    if isinstance(rule, Not):
        return _("it is not so that %(phrase)s") % {"phrase": _nested(rule.of, place)}
    if isinstance(rule, Condition):
        return _compared(
            place.attribute(rule.attribute), rule, place, of_time=place.tells_time(rule.attribute)
        )
    had = _had(rule, place)
    if had:
        return (_("it has no %(what)s") if had.is_denied else _("it has %(what)s")) % {"what": had.words}
    return _OTHERS[type(rule)](rule, place)


def _turned(rule: Rule) -> Rule:
    """A denial of what can deny itself is said as one."""
    if isinstance(rule, Not) and isinstance(rule.of, Exists | Nth | Sequence_ | Member):
        return rule.of.model_copy(update={"negate": not rule.of.negate})
    return rule


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
    """The phrase as part of a longer one: in parentheses if what follows could be taken for a part of it."""
    words = _phrase(rule, place)
    return f"({words})" if _is_open(rule) else words


def _is_open(rule: Rule) -> bool:
    if isinstance(rule, All | Any_ | Except):
        return len(rule.of) > 1
    if isinstance(rule, Not):
        return isinstance(rule.of, Exists | Nth | Sequence_ | Member) and _is_open(rule.of)
    return isinstance(rule, Sequence_) or (
        isinstance(rule, Exists | Aggregate | Nth) and rule.where is not None
    )


def _group(rule: All | Any_ | Except, place: _Place) -> str:
    if len(rule.of) == 1:
        return _phrase(rule.of[0], place)
    parts = [_nested(part, place) for part in rule.of]
    if isinstance(rule, All):
        return _(" and ").join(parts)
    if isinstance(rule, Any_):
        return _(" or ").join(parts)
    first, *others = parts
    return _("%(first)s, except where %(others)s") % {"first": first, "others": _(" or ").join(others)}


@dataclass(frozen=True, slots=True)
class _Had:
    """Linked rows that something has, or has not."""

    words: str
    is_denied: bool


def _had(rule: Rule, place: _Place) -> _Had | None:
    """What the rule says that something has; None if it does not speak of having."""
    if isinstance(rule, Sequence_):
        link, end = place.link(rule.link)
        steps = [(_which(link, step.where, end), step.within) for step in rule.steps]
        return _Had(sequence_words(steps, end.attribute(rule.at)), rule.negate)
    if isinstance(rule, Exists):
        link, end = place.link(rule.link)
        return _Had(_which(link, rule.where, end), rule.negate)
    if isinstance(rule, Aggregate) and rule.function == "count" and rule.attribute is None:
        link, end = place.link(rule.link)
        words = count_words(_which(link, rule.where, end), Operator(rule.operator), rule.value)
        return _Had(*words) if words else None
    return None


def _member(rule: Member, place: _Place) -> str:
    audience = place.catalogue.audiences.get(rule.audience)
    pattern = (
        _("it is not in the audience “%(name)s”") if rule.negate else _("it is in the audience “%(name)s”")
    )
    return pattern % {"name": audience.label if audience else shown(rule.audience)}


def _aggregate(rule: Aggregate, place: _Place) -> str:
    link, end = place.link(rule.link)
    collection = link if rule.where is None else f"({_which(link, rule.where, end)})"
    attribute = end.attribute(rule.attribute) if rule.attribute else ""
    of_time = rule.attribute is not None and end.tells_time(rule.attribute)
    figure = figure_words(rule.function, collection, attribute, of_time=of_time)
    return _compared(figure, rule, place, of_time=of_time and rule.function in ("min", "max"))


def _compared(subject: str, rule: Condition | Aggregate, place: _Place, *, of_time: bool) -> str:
    return comparison_words(subject, Operator(rule.operator), rule.value, place.attribute, of_time=of_time)


def _nth(rule: Nth, place: _Place) -> str:
    row, one = _nth_row(rule, place)
    if rule.where is None:
        pattern = _("its %(row)s does not exist") if rule.negate else _("its %(row)s exists")
    else:
        pattern = (
            _("its %(row)s, if there is one, is not %(one)s") if rule.negate else _("its %(row)s is %(one)s")
        )
    return pattern % {"row": row, "one": one}


def _whose(noun: str, rule: Nth, place: _Place) -> str:
    row, one = _nth_row(rule, place)
    pattern = _("%(noun)s whose %(row)s is %(one)s")
    if rule.negate:
        pattern = _("%(noun)s whose %(row)s, if there is one, is not %(one)s")
    return pattern % {"noun": noun, "row": row, "one": one}


def _nth_row(rule: Nth, place: _Place) -> tuple[str, str]:
    """Which row it is, and the words for what it is asked to be."""
    _link, end = place.link(rule.link)
    row = row_words(rule, end.table_label(), end.attribute(rule.by), of_time=end.tells_time(rule.by))
    if rule.among is not None:
        row = _("%(row)s, among %(those)s,") % {
            "row": row,
            "those": _which(pgettext("linked rows", "those"), rule.among, end),
        }
    return row, _which(pgettext("linked row", "one"), rule.where, end)


_OTHERS: Mapping[type, Callable[..., str]] = {
    Aggregate: _aggregate,
    Nth: _nth,
    Filter: _filter,
    Member: _member,
}
"""The kinds of rules that nothing else is said of."""
