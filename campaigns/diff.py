"""What differs between two documents, as data and as sentences. The layout is no difference."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.document import Document
from campaigns.parts import Kind, PartKey, arrow_name, parts_of, same
from campaigns.validation import pointer

Place = tuple[str | int, ...]


class Absent:
    """The value of a field that is not there."""


ABSENT = Absent()


class Verb(StrEnum):
    """What happened to a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that differs; `path` is a JSON pointer within the part, either value may be ABSENT."""

    path: str
    old: Any
    new: Any

    def as_dict(self) -> dict[str, Any]:
        """`old` or `new` is left out where the field was, or is, not there."""
        sides = {"old": self.old, "new": self.new}
        return {"path": self.path} | {side: value for side, value in sides.items() if value is not ABSENT}


@dataclass(frozen=True, slots=True)
class Change:
    """One part that was added, removed or changed; `fields` says how where it was changed."""

    verb: Verb
    key: PartKey
    label: str
    fields: tuple[FieldChange, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return {
            "change": str(self.verb),
            "part": str(self.key.kind),
            "name": self.key.name,
            "label": self.label,
            "fields": [field.as_dict() for field in self.fields],
            "sentence": sentence(self),
        }


def diff_documents(old: Document | None, new: Document | None) -> tuple[Change, ...]:
    """Every part that differs, in the order people read a document."""
    before, after = parts_of(old), parts_of(new)
    titles = {part.id: part.label or part.id for side in (old, new) if side for part in side.activities}
    keys = sorted(before.keys() | after.keys(), key=lambda key: key.place)
    return tuple(
        _change(key, before.get(key), after.get(key), titles)
        for key in keys
        if not same(before.get(key), after.get(key))
    )


def _change(
    key: PartKey, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, titles: Mapping[str, str]
) -> Change:
    label = _label(key, new or old or {}, titles)
    if old is None:
        return Change(Verb.ADDED, key, label)
    if new is None:
        return Change(Verb.REMOVED, key, label)
    return Change(Verb.CHANGED, key, label, tuple(_fields(old, new, ())))


def _label(key: PartKey, part: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """What people call the part; of a transition, what they call both its ends, by id where an end is not there;
    of a note, how it begins.
    """
    if key.kind is Kind.TRANSITION:
        ends = {end: titles.get(part[end], part[end]) for end in ("from", "to")}
        return arrow_name({**part, **ends})
    if key.kind is Kind.NOTE:
        return Truncator(" ".join(part.get("text", "").split())).chars(40) or key.name
    return str(part.get("label") or key.name)


def _fields(old: Any, new: Any, place: Place) -> Iterator[FieldChange]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            yield from _fields(old.get(key, ABSENT), new.get(key, ABSENT), (*place, key))
    elif isinstance(old, list) and isinstance(new, list):
        for number in range(max(len(old), len(new))):
            yield from _fields(_item(old, number), _item(new, number), (*place, number))
    elif ABSENT in (old, new) or not same(old, new):
        yield FieldChange(pointer(*place), old, new)


def _item(values: list[Any], number: int) -> Any:
    return values[number] if number < len(values) else ABSENT


_NOUNS: Mapping[Kind, Promise] = {
    Kind.HEADER: gettext_lazy("The campaign"),
    Kind.VARIABLE: gettext_lazy("The variable “%(label)s”"),
    Kind.SCHEDULE: gettext_lazy("The schedule"),
    Kind.ERRORS: gettext_lazy("The error policy"),
    Kind.ACTIVITY: gettext_lazy("The activity “%(label)s”"),
    Kind.TRANSITION: gettext_lazy("The transition “%(label)s”"),
    Kind.NOTE: gettext_lazy("The note “%(label)s”"),
}
_VERBS: Mapping[Verb, Promise] = {
    Verb.ADDED: gettext_lazy("%(part)s is new."),
    Verb.REMOVED: gettext_lazy("%(part)s is gone."),
    Verb.CHANGED: gettext_lazy("%(part)s was changed: %(fields)s."),
}


def sentences(changes: Iterable[Change]) -> list[str]:
    return [sentence(change) for change in changes]


def sentence(change: Change) -> str:
    """The change in the reader's language."""
    part = str(_NOUNS[change.key.kind]) % {"label": change.label}
    fields = "; ".join(_field_sentence(field) for field in change.fields)
    return str(_VERBS[change.verb]) % {"part": part, "fields": fields}


def _field_sentence(field: FieldChange) -> str:
    words = {"field": field.path.lstrip("/"), "old": _shown(field.old), "new": _shown(field.new)}
    if field.old is ABSENT:
        return _("%(field)s is now %(new)s") % words
    if field.new is ABSENT:
        return _("%(field)s is no longer %(old)s") % words
    return _("%(field)s from %(old)s to %(new)s") % words


def _shown(value: Any) -> str:
    text = f"“{value}”" if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return Truncator(text).chars(60)
