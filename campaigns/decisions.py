"""How to read what was kept of a decision: beside each person of a port stands a list of texts, and a layout says what
each of them is. Whoever writes such lists and whoever tells them share nothing but this.

A part is a setting that decided, named by its JSON pointer into the settings: a rule, or values that were compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from campaigns.targeting.explanation import Role
from campaigns.targeting.expressions.attribute import Wanted
from campaigns.targeting.operands import Expression
from campaigns.targeting.rules import JsonAttribute
from campaigns.targeting.schema import FieldType

LONGEST_KEPT = 201
"""A text that long is longer than what is ever shown of a value, and is known to have been cut."""

FLAGS = 60
"""So many flags are one text: the digits of a number with as many bits."""


class Fact(StrEnum):
    """What an entry says that is no part of a rule."""

    FOUND = "found"
    """Whether the table had the person's row at all."""
    COMPARED = "compared"
    """The value of an attribute that the activity compared."""
    KEPT = "kept"
    """The key of the one who was kept of the same people."""
    IN_SET = "in_set"
    MATCHES = "matches"
    """How many rows were found that the person stands for."""
    IN_WINDOW = "in_window"
    NOT_RETURNED = "not_returned"
    WITHIN_LIMIT = "within_limit"
    """No text is kept for it: whoever left by the complement was not within the limit."""


Says = Role | Fact
_SAYS: Mapping[str, Says] = {each.value: each for each in (*Role, *Fact)}


@dataclass(frozen=True, slots=True)
class Entry:
    """What text `number` of a list says of the place `path` in a part, or its `bit` where it holds flags. `type` is that
    of a value; `about` names what else it speaks of: a set, or the part that a limit came after.
    """

    number: int
    part: str
    says: Says
    path: str = ""
    attribute: Wanted | None = None
    type: FieldType = FieldType.TEXT
    about: str = ""
    bit: int | None = None

    def is_set(self, texts: Sequence[str | None]) -> bool:
        """Whether the flag that this entry speaks of is set in a list."""
        return bool(int(texts[self.number] or 0) >> (self.bit or 0) & 1)


@dataclass(frozen=True, slots=True)
class Layout:
    """What the lists of one port say. `rules` are those that stand in no setting, by part, as data."""

    entries: Sequence[Entry]
    rules: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None

    def made_at(self, moment: datetime) -> Layout:
        return replace(self, at=moment)


def layout_to_data(layout: Layout) -> dict[str, Any]:
    return {
        "at": layout.at.isoformat() if layout.at else None,
        "rules": dict(layout.rules),
        "entries": [_entry_to_data(entry) for entry in layout.entries],
    }


def layout_from_data(data: Mapping[str, Any]) -> Layout:
    at = datetime.fromisoformat(data["at"]) if data["at"] else None
    return Layout([_entry_from_data(each) for each in data["entries"]], data["rules"], at)


def by_part(entries: Iterable[Entry]) -> Mapping[str, Sequence[Entry]]:
    """Entries by the part they are about, in their order."""
    parts: dict[str, list[Entry]] = {}
    for entry in entries:
        parts.setdefault(entry.part, []).append(entry)
    return parts


def _entry_to_data(entry: Entry) -> dict[str, Any]:
    attribute = entry.attribute
    data = {
        "n": entry.number,
        "part": entry.part,
        "says": entry.says.value,
        "path": entry.path,
        "attribute": attribute if attribute is None or isinstance(attribute, str) else attribute.model_dump(),
        "type": entry.type.value,
        "about": entry.about,
        "bit": entry.bit,
    }
    return {name: value for name, value in data.items() if value not in ("", None)}


def _entry_from_data(data: Mapping[str, Any]) -> Entry:
    return Entry(
        number=data["n"],
        part=data.get("part", ""),
        says=_SAYS[data["says"]],
        path=data.get("path", ""),
        attribute=_attribute(data.get("attribute")),
        type=FieldType(data["type"]),
        about=data.get("about", ""),
        bit=data.get("bit"),
    )


def _attribute(data: Any) -> Wanted | None:
    if data is None or isinstance(data, str):
        return data
    return Expression(**data) if "expression" in data else JsonAttribute(**data)
