"""What a browser sends for a form becomes the data its schema means.

Nothing is judged but what could not be kept otherwise: a rule written as text that cannot be read. Values of
the wrong form are kept as they were typed, so that the schema's own validation names them at their place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.text import slugify

from campaigns.document_text import Form, read_source
from campaigns.forms.durations import joined_duration
from campaigns.forms.formulas import ATTRIBUTE, FORMULA_MARK, read_formula
from campaigns.forms.schemas import Kind, Node, Schema
from campaigns.problems import Problem, ProblemsError
from campaigns.validation import pointer

_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
PRESENT = "?"
"""Sent after the name of an optional group that is switched on, and of each entry of a list."""
UNIT = "~"
"""Sent after the name of a duration: what its number counts."""


class Absent:
    """There is no value here."""


ABSENT = Absent()


class Sent(Protocol):
    """What a browser sent, in its order: Django's QueryDict."""

    def __iter__(self) -> Iterator[str]: ...
    def get(self, key: str, default: Any = None, /) -> Any: ...
    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Read:
    """The data, and the rules that could not be read, each at its place."""

    data: Any
    problems: Sequence[Problem] = ()


def read_form(schema: Node, sent: Sent, *, place: str) -> Read:
    """The data sent for the form that `draw_form` drew at this place."""
    reading = _Reading(sent)
    data = reading.value(Schema.of(schema), place)
    return Read({} if isinstance(data, Absent) else data, reading.problems)


@dataclass
class _Reading:
    sent: Sent
    problems: list[Problem] = field(default_factory=list)

    def value(self, schema: Schema, name: str) -> Any:
        return _READ.get(schema.kind, _Reading._text)(self, schema, name)

    def _text(self, schema: Schema, name: str) -> Any:
        text = self.sent.get(name, "").replace("\r\n", "\n")
        if schema.widget == ATTRIBUTE and text.lstrip().startswith(FORMULA_MARK):
            return read_formula(text)
        return text if text.strip() else ABSENT

    def _number(self, schema: Schema, name: str) -> Any:
        """A whole number as one; any other as it was typed, so that it stays exact and is judged later."""
        text = self.sent.get(name, "").strip()
        if not text:
            return ABSENT
        is_whole = schema.node.get("type") == "integer" and _INTEGER.fullmatch(text)
        return int(text) if is_whole else text

    def _duration(self, schema: Schema, name: str) -> Any:
        amount = self.sent.get(name, "").strip()
        return joined_duration(amount, self.sent.get(name + UNIT, "")) if amount else ABSENT

    def _toggle(self, schema: Schema, name: str) -> Any:
        return name in self.sent

    def _choices(self, schema: Schema, name: str) -> Any:
        return self.sent.getlist(name) or ABSENT

    def _rule(self, schema: Schema, name: str) -> Any:
        text = self.sent.get(name, "")
        if not text.strip():
            return ABSENT
        try:
            return read_source(text.encode(), Form.YAML).data
        except ProblemsError as error:
            self.problems += [problem.under("/" + name) for problem in error.problems]
            return ABSENT

    def _group(self, schema: Schema, name: str) -> Any:
        if schema.is_optional and name + PRESENT not in self.sent:
            return ABSENT
        return self._members(schema, name)

    def _members(self, schema: Schema, name: str, leave_out: str = "") -> dict[str, Any]:
        read = {
            key: self.value(child, name + pointer(key))
            for key, child in schema.properties
            if key != leave_out
        }
        return _with_ids({key: each for key, each in read.items() if not isinstance(each, Absent)}, schema)

    def _union(self, schema: Schema, name: str) -> Any:
        chosen = self.sent.get(f"{name}/{schema.discriminator}", "")
        member = next((member for choice, member in schema.variants if choice.value == chosen), None)
        if member is None:
            return ABSENT
        return {schema.discriminator: chosen} | self._members(member, name, schema.discriminator)

    def _list(self, schema: Schema, name: str) -> Any:
        items = schema.items
        found = [self.value(items, entry) for entry in self._entries(name)]
        kept = [each for each in found if not isinstance(each, Absent)]
        return kept or ABSENT

    def _entries(self, name: str) -> list[str]:
        """The names of the entries in the order they stand on the page, whatever their numbers."""
        start = name + "/"
        marked = (key for key in self.sent if key.startswith(start) and key.endswith(PRESENT))
        entries = (key.removesuffix(PRESENT) for key in marked)
        return [entry for entry in entries if "/" not in entry[len(start) :] and "__" not in entry]


_READ: Mapping[Kind, Callable[[_Reading, Schema, str], Any]] = {
    Kind.NUMBER: _Reading._number,
    Kind.DURATION: _Reading._duration,
    Kind.TOGGLE: _Reading._toggle,
    Kind.CHOICES: _Reading._choices,
    Kind.RULE: _Reading._rule,
    Kind.GROUP: _Reading._group,
    Kind.UNION: _Reading._union,
    Kind.LIST: _Reading._list,
}


def _with_ids(data: dict[str, Any], schema: Schema) -> dict[str, Any]:
    """An id that was left empty follows from the label."""
    for key, child in schema.properties:
        if child.widget in ("port", "column") and key in ("id", "name") and key not in data:
            separator = "-" if child.widget == "port" else "_"
            derived = slugify(str(data.get("label", ""))).replace("-", separator)[:40].strip("-_")
            if derived and not (child.widget == "column" and derived[0].isdigit()):
                return {**data, key: derived}
    return data
