"""A document taken apart into what people speak of: the header, each variable, each activity, each arrow, each note."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from campaigns.activity_types import MAIN
from campaigns.document import Document, as_data, canonical_text


class Kind(StrEnum):
    """The kinds of parts, in the order they are shown."""

    HEADER = "header"
    VARIABLE = "variable"
    SCHEDULE = "schedule"
    ERRORS = "errors"
    ACTIVITY = "activity"
    TRANSITION = "transition"
    NOTE = "note"


class PartKey(NamedTuple):
    """Which part; `name` is empty where there is only one of the kind."""

    kind: Kind
    name: str = ""

    @property
    def place(self) -> tuple[int, str]:
        return list(Kind).index(self.kind), self.name


Parts = Mapping[PartKey, Mapping[str, Any]]


def parts_of(document: Document | None) -> Parts:
    """Every part in canonical form; the layout is none. No document has no parts."""
    if document is None:
        return {}
    data = as_data(document)
    single = {
        PartKey(Kind.HEADER): data["campaign"],
        PartKey(Kind.SCHEDULE): data.get("schedule", {}),
        PartKey(Kind.ERRORS): data.get("errors", {}),
    }
    variables = {PartKey(Kind.VARIABLE, name): value for name, value in data.get("variables", {}).items()}
    activities = {PartKey(Kind.ACTIVITY, part["id"]): part for part in data.get("activities", [])}
    arrows = {PartKey(Kind.TRANSITION, arrow_name(part)): part for part in data.get("transitions", [])}
    notes = {PartKey(Kind.NOTE, name): note for name, note in data.get("notes", {}).items()}
    return single | variables | activities | arrows | notes


def arrow_name(arrow: Mapping[str, Any]) -> str:
    """“a → b”, with the port where it is not the main one."""
    port = arrow.get("port", MAIN)
    source = arrow["from"] if port == MAIN else f"{arrow['from']}.{port}"
    return f"{source} → {arrow['to']}"


def same(one: Any, other: Any) -> bool:
    """Whether two plain values are written alike; unlike Python, true is not 1."""
    return canonical_text(one) == canonical_text(other)
