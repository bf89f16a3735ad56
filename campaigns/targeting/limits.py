"""How large a rule may be, checked before anything walks it by recursion."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from campaigns.targeting.problems import RuleError, refusal

MAX_NODES = 10_000
MAX_LEVELS = 100


def parts_in(data: object) -> int:
    """How many parts `check_size` would count."""
    stack, seen = [data], 0
    while stack:
        value = stack.pop()
        seen += 1
        stack.extend(_members(value))
    return seen


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
