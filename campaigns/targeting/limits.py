"""How large a rule may be, checked before anything walks it by recursion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.targeting.problems import RuleError, refusal

MAX_NODES = 10_000
MAX_LEVELS = 100
MAX_TABLES = 500
"""How often a rule may look into tables behind links; PostgreSQL's time of planning grows with the cube of it."""
MAX_DEEP = 100
"""How many links, each behind the other, one query may follow: these take it longer still."""


def check_size(data: object) -> None:
    """Refuses data with too many parts or levels; each object is a level, and each list inside a list."""
    stack: list[tuple[object, int]] = [(data, 1)]
    seen = 0
    while stack:
        value, level = stack.pop()
        seen += 1
        if level > MAX_LEVELS or seen > MAX_NODES:
            raise _too_big(level)
        stack.extend((child, level + _depth(value, child)) for child in _members(value))


def measured(data: object) -> tuple[int, int]:
    """The parts and the levels of a rule whose size was checked."""
    stack: list[tuple[object, int]] = [(data, 1)]
    seen = deepest = 0
    while stack:
        value, level = stack.pop()
        seen, deepest = seen + 1, max(deepest, level)
        stack.extend((child, level + _depth(value, child)) for child in _members(value))
    return seen, deepest


@dataclass(slots=True)
class Lookups:
    """How often a rule, written out, looks into linked tables, and how deep one such look stands in another."""

    number: int = 0
    deepest: int = 0

    def note(self, deep: int) -> None:
        self.number += 1
        self.deepest = max(self.deepest, deep)

    @property
    def are_too_many(self) -> bool:
        return self.number > MAX_TABLES

    def check(self) -> None:
        """Raises RuleError where PostgreSQL would need too long, and too much memory, to plan the statement."""
        if self.are_too_many:
            message = _("The rule looks into linked tables more than %(most)d times.")
            remedy = _("Ask what belongs together inside one “where”, or save a part as an audience.")
            raise refusal("", "too_many_tables", message % {"most": MAX_TABLES}, remedy)
        if self.deepest > MAX_DEEP:
            message = _("The rule follows %(number)d links, each behind the other; %(most)d are allowed.")
            remedy = _("Link the tables more directly, or save a part as an audience.")
            raise refusal("", "links_too_deep", message % {"number": self.deepest, "most": MAX_DEEP}, remedy)


def levels_of(place: str) -> int:
    """How many levels lead to a place of a rule, a JSON pointer: each object is one."""
    return sum(not step.isdecimal() for step in place.split("/")[1:])


def _members(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from (child for child in value.values() if isinstance(child, dict | list | tuple))
    elif isinstance(value, list | tuple):
        yield from value


def _depth(parent: object, child: object) -> int:
    return 0 if isinstance(parent, dict) and not isinstance(child, dict) else 1


def _too_big(level: int) -> RuleError:
    if level > MAX_LEVELS:
        message = _("The rule is nested more than %(levels)d levels deep.") % {"levels": MAX_LEVELS}
        return refusal(
            "", "too_deep", message, _("Flatten the groups, or move a part into a predefined filter.")
        )
    message = _("The rule has more than %(nodes)d parts.") % {"nodes": MAX_NODES}
    return refusal("", "too_large", message, _("Load a long list as a table and use “exists” on it."))
