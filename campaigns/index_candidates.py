"""Indexes that a rule could use on one table, read off the rule alone: whether one is worth it is `index_advice`'s part.

A good one holds every column that the rule asks of the table, so that the table itself need not be read: first
what is compared for equality, then one range, or where the conditions keep most rows what the link goes by; the
rest is carried along.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from campaigns.rule_nodes import Node, end_of, nodes_of
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.rules import All, Condition, Rule

_EQUAL = ("equal", "in", "is_true", "is_false")
_RANGES = ("greater", "greater_or_equal", "less", "less_or_equal", "between", "in_period")


@dataclass(slots=True)
class Asked:
    """What one part of a rule asks of a table: slugs of its own columns. `linked` is what a link goes by."""

    table: str
    conditions: list[Condition] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    @property
    def equal(self) -> list[str]:
        return _names(each for each in self.conditions if each.operator in _EQUAL)

    @property
    def ranges(self) -> list[str]:
        return _names(each for each in self.conditions if each.operator in _RANGES)

    @property
    def every_column(self) -> list[str]:
        return list(dict.fromkeys([*self.linked, *_names(self.conditions), *self.read]))

    def by_condition(self) -> tuple[list[str], list[str]]:
        """Columns in order for an index that finds rows by the conditions, and what it carries along."""
        key = [*self.equal, *self.ranges[:1]]
        return key, [each for each in self.every_column if each not in key]

    def by_link(self) -> tuple[list[str], list[str]]:
        """The same for one that is read in the order of the link."""
        return self.linked, [each for each in self.every_column if each not in self.linked]


def _names(conditions: Iterator[Condition] | Sequence[Condition]) -> list[str]:
    return list(dict.fromkeys(each.attribute for each in conditions if isinstance(each.attribute, str)))


def asked_of_tables(question: RuleQuestion) -> Iterator[Asked]:
    """What the rule's conditions on its own table ask, and what each part about linked rows asks of theirs."""
    if question.rule is None:
        return
    table = question.catalogue.tables[question.table]
    own = list(_certain(question.rule))
    if own:
        yield Asked(question.table, own, read=list(table.primary_key))
    for node in nodes_of(question.rule, question.catalogue, question.table):
        found = _of_link(node, question)
        if found:
            yield found


def _of_link(node: Node, question: RuleQuestion) -> Asked | None:
    path, known = getattr(node.rule, "link", ""), question.catalogue
    end = end_of(known, node.table, path) if path else None
    if end is None:
        return None
    before, _dot, last = path.rpartition(".")
    source = end_of(known, node.table, before) if before else node.table
    step = known.links[source or "", last].steps[-1]
    where = getattr(node.rule, "where", None) or getattr(node.rule, "among", None)
    names = (getattr(node.rule, each, None) for each in ("attribute", "by", "at"))
    read = [each for each in names if isinstance(each, str) and "." not in each]
    return Asked(end, list(_certain(where)) if where else [], [there for _here, there in step.on], read)


def _certain(rule: Rule) -> Iterator[Condition]:
    """Conditions on the row itself that have to hold, whatever else does."""
    if isinstance(rule, All):
        for part in rule.of:
            yield from _certain(part)
    elif isinstance(rule, Condition) and isinstance(rule.attribute, str) and _is_own(rule.attribute):
        yield rule


def _is_own(attribute: str) -> bool:
    return "." not in attribute and not attribute.startswith("@")
