"""Any rule as a sentence in plain words, with the labels of the catalogue, in the reader's language.

Names the catalogue does not know are shown as they are: what is wrong with a rule is for `check_rule` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.targeting.clauses import count_words, figure_words, row_words, sequence_words
from campaigns.targeting.operands import Expression
from campaigns.targeting.operators import Operator
from campaigns.targeting.particles import with_particles
from campaigns.targeting.phrases import (
    NOTHING,
    comparison_words,
    expression_words,
    value_words,
    whatever_case,
)
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
from campaigns.targeting.schema import Cardinality, Catalogue, Column, FieldType


def sentence(rule: Rule | None, catalogue: Catalogue, table: str) -> str:
    """Which rows of `table` the rule means, as in “Household with at least 3 purchases”."""
    place = _Place(catalogue, table)
    if rule is None:
        return _("every %(table)s") % {"table": place.table_label()}
    return with_particles(_which(place.table_label(), rule, place, alone=True))


def phrase(rule: Rule, catalogue: Catalogue, table: str) -> str:
    """What the rule says of a row of `table`, as in “the number of Purchases is at least 3”."""
    return with_particles(_phrase(rule, _Place(catalogue, table)))


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

    def column(self, wanted: str | JsonAttribute | Expression) -> Column | None:
        """The column that the attribute is; None for what is computed, inside another, or unknown."""
        if not isinstance(wanted, str):
            return None
        path, _dot, field = wanted.rpartition(".")
        place = self.link(path)[1] if path else self
        table = self.catalogue.tables.get(place.table)
        return table.columns.get(field) if table else None

    def tells_time(self, wanted: str | JsonAttribute | Expression) -> bool:
        """Whether the attribute is known to be a date, or a date and time."""
        column = self.column(wanted)
        return column is not None and column.type in (FieldType.DATE, FieldType.DATETIME)

    def leads_to_one(self, path: str) -> bool:
        """Whether the links are known to lead to one row at most."""
        place = self
        for step in path.split("."):
            link = self.catalogue.links.get((place.table, step))
            if link is None or link.cardinality is not Cardinality.ONE:
                return False
            place = _Place(self.catalogue, link.target)
        return True


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
    if isinstance(rule, Member):
        return _one_of(noun, rule, place)
    if isinstance(rule, All) and any(isinstance(_turned(part), Member) for part in rule.of):
        return _which_members(noun, rule, place, alone=alone)
    had = _had(rule, place)
    if had:
        pattern = _("%(noun)s with no %(what)s") if had.is_denied else _("%(noun)s with %(what)s")
        return pattern % {"noun": noun, "what": had.words}
    phrase = _phrase(rule, place) if alone else _nested(rule, place)
    return _("%(noun)s where %(phrase)s") % {"noun": noun, "phrase": phrase}


def _which_members(noun: str, rule: All, place: _Place, *, alone: bool) -> str:
    """First the audiences they are in, then what else holds of them."""
    parts = [_turned(part) for part in rule.of]
    members = [part for part in parts if isinstance(part, Member)]
    noun = _one_of(noun, members[0], place)
    for part in members[1:]:
        noun = _one_also_of(noun, part, place)
    others = tuple(part for part in parts if not isinstance(part, Member))
    return _which(noun, All(kind="all", of=others) if others else None, place, alone=alone)


def _one_of(noun: str, rule: Member, place: _Place) -> str:
    pattern = _("%(noun)s in the audience “%(name)s”")
    if rule.negate:
        pattern = _("%(noun)s not in the audience “%(name)s”")
    return pattern % {"noun": noun, "name": _audience_label(rule, place)}


def _one_also_of(noun: str, rule: Member, place: _Place) -> str:
    pattern = _("%(noun)s and in the audience “%(name)s”")
    if rule.negate:
        pattern = _("%(noun)s and not in the audience “%(name)s”")
    return pattern % {"noun": noun, "name": _audience_label(rule, place)}


def _phrase(rule: Rule, place: _Place) -> str:
    """What holds, as part of a sentence about “it”."""
    rule = _turned(rule)
    if isinstance(rule, All | Any_ | Except):
        return _group(rule, place)
    if isinstance(rule, Not):
        return _("it is not so that %(phrase)s") % {"phrase": _nested(rule.of, place)}
    if isinstance(rule, Condition):
        return _condition(rule, place)
    had = _had(rule, place)
    if had:
        return _there_is(had)
    return _OTHERS[type(rule)](rule, place)


def _condition(rule: Condition, place: _Place) -> str:
    column = place.column(rule.attribute)
    words = comparison_words(
        place.attribute(rule.attribute),
        Operator(rule.operator),
        rule.value,
        place.attribute,
        of_time=place.tells_time(rule.attribute),
        named=column.enumeration if column else NOTHING,
    )
    return words if rule.case_sensitive else whatever_case(words)


def _there_is(had: _Had) -> str:
    if had.is_one:
        pattern = _("there is no %(what)s") if had.is_denied else _("there is %(what)s")
    else:
        pattern = _("there are no %(what)s") if had.is_denied else _("there are %(what)s")
    return pattern % {"what": had.words}


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
    is_one: bool = False
    """Whether there cannot be several."""


def _had(rule: Rule, place: _Place) -> _Had | None:
    """What the rule says that something has; None if it does not speak of having."""
    if isinstance(rule, Sequence_):
        link, end = place.link(rule.link)
        steps = [(_which(link, step.where, end), step.within) for step in rule.steps]
        return _Had(sequence_words(steps, end.attribute(rule.at)), rule.negate)
    if isinstance(rule, Exists):
        link, end = place.link(rule.link)
        return _Had(_which(link, rule.where, end), rule.negate, place.leads_to_one(rule.link))
    if isinstance(rule, Aggregate) and rule.function == "count" and rule.attribute is None:
        link, end = place.link(rule.link)
        words = count_words(_which(link, rule.where, end), Operator(rule.operator), rule.value)
        return _Had(*words) if words else None
    return None


def _member(rule: Member, place: _Place) -> str:
    pattern = (
        _("it is not in the audience “%(name)s”") if rule.negate else _("it is in the audience “%(name)s”")
    )
    return pattern % {"name": _audience_label(rule, place)}


def _audience_label(rule: Member, place: _Place) -> str:
    audience = place.catalogue.audiences.get(rule.audience)
    return audience.label if audience else shown(rule.audience)


def _aggregate(rule: Aggregate, place: _Place) -> str:
    link, end = place.link(rule.link)
    collection = _collection(link, rule.where, end)
    attribute = end.attribute(rule.attribute) if rule.attribute else ""
    of_time = rule.attribute is not None and end.tells_time(rule.attribute)
    figure = figure_words(rule.function, collection, attribute, of_time=of_time)
    of_time = of_time and rule.function in ("min", "max")
    return comparison_words(figure, Operator(rule.operator), rule.value, place.attribute, of_time=of_time)


def _collection(link: str, kept: Rule | None, end: _Place) -> str:
    """Linked rows, those that are kept, as something of which a figure or a row is named."""
    return link if kept is None else f"({_which(link, kept, end)})"


def _nth(rule: Nth, place: _Place) -> str:
    link, end = place.link(rule.link)
    rows = _collection(link, rule.among, end)
    row = row_words(rule, rows, end.attribute(rule.by), of_time=end.tells_time(rule.by))
    if rule.where is None:
        pattern = _("%(row)s does not exist") if rule.negate else _("%(row)s exists")
        return pattern % {"row": row}
    pattern = _("%(row)s is one where %(phrase)s")
    if rule.negate:
        pattern = _("%(row)s, if there is one, is not one where %(phrase)s")
    return pattern % {"row": row, "phrase": _nested(rule.where, end)}


_OTHERS: Mapping[type, Callable[..., str]] = {
    Aggregate: _aggregate,
    Nth: _nth,
    Filter: _filter,
    Member: _member,
}
"""The kinds of rules that nothing else is said of."""
