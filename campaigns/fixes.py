"""What may be done about a problem by one click: offered only where it is clear what is meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from campaigns.json_patch import Operation, UnfitPatch, patched, value_at

_LONGEST = 80
_LIKE = 0.6


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit of the document in which the problem was found, with what a button for it says."""

    label: str
    operations: tuple[Operation, ...]

    def under(self, prefix: str) -> Fix:
        return replace(self, operations=tuple(each.under(prefix) for each in self.operations))

    def fits(self, data: Any) -> bool:
        """Whether it can be made in these data."""
        try:
            patched(data, self.operations)
        except UnfitPatch:
            return False
        return True

    def as_dict(self) -> dict[str, Any]:
        return {"label": self.label, "operations": [each.as_dict() for each in self.operations]}


Fixes = tuple[Fix, ...]


def writing(path: str, value: Any, label: str) -> Fix:
    """With this value at the place, whether or not one stands there."""
    return Fix(label, (Operation("add", path, value),))


def changing(path: str, old: Any, new: Any, label: str) -> Fix:
    return Fix(label, (Operation("test", path, old), Operation("replace", path, new)))


def leaving_out(path: str, label: str) -> Fix:
    return Fix(label, (Operation("remove", path),))


def instead(path: str, name: str, known: Iterable[str]) -> Fixes:
    """Another name in the place of one that means nothing, where there is no doubt which."""
    names = sorted(known)
    return naming(path, name, names[0] if len(names) == 1 else near(name, names))


def naming(path: str, old: str, new: str) -> Fixes:
    if not new:
        return ()
    return (changing(path, old, new, _("Use “%(name)s”") % {"name": new}),)


def near(name: str, known: Iterable[str]) -> str:
    """The one known name that is like `name`; empty where none is, or several are."""
    close = get_close_matches(name[:_LONGEST], sorted(known), n=2, cutoff=_LIKE)
    return close[0] if len(close) == 1 else ""


def free_name(name: str, taken: Collection[str], longest: int) -> str:
    """The name with the first number that makes it one nobody has."""
    base = name[: longest - 4].rstrip("-_")
    numbered = (f"{base}_{number}" for number in range(2, len(taken) + 3))
    return next(each for each in numbered if each not in taken)


def fitting(fixes: Fixes, data: Mapping[str, Any]) -> Fixes:
    """Those that can be made in the document, each made sure of the parts that it changes."""
    return tuple(_sure(fix, data) for fix in fixes if fix.fits(data))


def _sure(fix: Fix, data: Mapping[str, Any]) -> Fix:
    """A fix that finds other parts at its places, since somebody changed the document, changes nothing."""
    found = filter(None, (_PART.match(each.path) for each in fix.operations))
    parts = {part[0]: part for part in found}
    tests = tuple(test for part in parts.values() for test in _tests(part, data))
    return replace(fix, operations=(*tests, *fix.operations))


def _tests(part: re.Match[str], data: Mapping[str, Any]) -> Iterable[Operation]:
    for name in _KEYS[part["section"]]:
        path = f"{part[0]}/{name}"
        yield Operation("test", path, value_at(data, path))


_PART = re.compile("/(?P<section>activities|transitions)/[0-9]+")
_KEYS = {"activities": ("id",), "transitions": ("from", "to")}
"""What tells the parts of a section from each other."""
