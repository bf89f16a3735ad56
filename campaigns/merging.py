"""Two people changed one draft: which parts each of them changed, seen from the draft both began with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from campaigns.document import Document
from campaigns.parts import PartKey, parts_of, same


class Fate(StrEnum):
    """Who changed a part."""

    YOURS = "yours"
    THEIRS = "theirs"
    SAME = "same"
    """Both made the same change."""
    BOTH = "both"
    """Both changed it, each in another way: somebody has to choose."""


_UNKNOWN = object()
_REMEDIES: Mapping[Fate, Promise] = {
    Fate.YOURS: gettext_lazy("Only you changed it: keep it."),
    Fate.THEIRS: gettext_lazy("Only the other person changed it: take it over."),
    Fate.SAME: gettext_lazy("Both of you changed it alike: nothing to do."),
    Fate.BOTH: gettext_lazy("Both of you changed it: choose one."),
}


@dataclass(frozen=True, slots=True)
class PartConflict:
    """One part that somebody changed, with all three forms of it; None where it is not there."""

    key: PartKey
    fate: Fate
    base: Mapping[str, Any] | None
    theirs: Mapping[str, Any] | None
    yours: Mapping[str, Any] | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "part": str(self.key.kind),
            "name": self.key.name,
            "changed_by": str(self.fate),
            "remedy": str(_REMEDIES[self.fate]),
            "base": self.base,
            "theirs": self.theirs,
            "yours": self.yours,
        }


def compare(base: Document | None, *, theirs: Document, yours: Document) -> tuple[PartConflict, ...]:
    """Every part that one of the two changed. Without a base, what differs counts as changed by both."""
    before, there, here = parts_of(base), parts_of(theirs), parts_of(yours)
    keys = sorted({*before, *there, *here}, key=lambda key: key.place)
    found = (
        PartConflict(key, fate, before.get(key), there.get(key), here.get(key))
        for key in keys
        if (fate := _fate(before.get(key) if base else _UNKNOWN, there.get(key), here.get(key)))
    )
    return tuple(found)


def _fate(base: Any, theirs: Any, yours: Any) -> Fate | None:
    if same(theirs, yours):
        return None if base is _UNKNOWN or same(base, theirs) else Fate.SAME
    if base is _UNKNOWN:
        return Fate.BOTH
    if same(base, theirs):
        return Fate.YOURS
    return Fate.THEIRS if same(base, yours) else Fate.BOTH


def is_mergeable(parts: Iterable[PartConflict]) -> bool:
    """Whether nobody has to choose."""
    return all(part.fate is not Fate.BOTH for part in parts)
