"""How large a rule may be, checked before anything walks it by recursion."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from campaigns.targeting.problems import refuse

MAX_NODES = 10_000
MAX_LEVELS = 200


def check_size(data: object) -> None:
    """Refuses data with too many members or too many levels; each object and each list is one level."""
    stack: list[tuple[object, int]] = [(data, 1)]
    seen = 0
    while stack:
        value, level = stack.pop()
        seen += 1
        if level > MAX_LEVELS or seen > MAX_NODES:
            _refuse(level)
        stack.extend((child, level + 1) for child in _members(value))


def _members(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from (child for child in value.values() if isinstance(child, dict | list | tuple))
    elif isinstance(value, list | tuple):
        yield from value


def _refuse(level: int) -> None:
    if level > MAX_LEVELS:
        message = _("The rule is nested more than %(levels)d levels deep.") % {"levels": MAX_LEVELS}
        refuse("", "too_deep", message, _("Flatten the groups, or move a part into a predefined filter."))
    message = _("The rule has more than %(nodes)d parts.") % {"nodes": MAX_NODES}
    refuse("", "too_large", message, _("Load a long list as a table and use “exists” on it."))
