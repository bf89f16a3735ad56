"""Strict YAML: the part of it that says no more than JSON can, read without surprises.

Only what JSON itself would read as number, true, false or null is one; everything else is text, dates and
`yes` too. Refused at their line: tags, anchors and aliases, repeated keys, a second document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from campaigns.plain_data import MAX_LEVELS, too_deep
from campaigns.sources import Source, refuse_line, refuse_repeated
from campaigns.validation import pointer

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,4000})")
FLOAT = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}

_Start = yaml.MappingStartEvent | yaml.SequenceStartEvent


def read_yaml(text: str) -> Source:
    """The source in `text`; raises ProblemsError naming the line."""
    build = _Build()
    for event in _events(text):
        build.take(event)
    return Source(build.result, build.lines, _has_comments(text))


def _events(text: str) -> Iterator[yaml.Event]:
    """libyaml's events; it keeps no stack of calls, so depth cannot hurt it."""
    try:
        yield from yaml.parse(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = _("This is not YAML (%(reason)s).") % {"reason": error.problem or error.context}
        refuse_line("not_yaml", mark.line + 1 if mark else 1, message, _("Correct the text at this line."))
    except yaml.YAMLError:
        refuse_line(
            "not_yaml", 1, _("The text holds characters that YAML does not allow."), _("Remove them.")
        )


@dataclass(slots=True)
class _Level:
    """One object or list that is being read."""

    value: dict[str, Any] | list[Any]
    key: str | None = None


@dataclass(slots=True)
class _Build:
    result: Any = None
    lines: dict[str, int] = field(default_factory=dict)
    _levels: list[_Level] = field(default_factory=list)
    _documents: int = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        match event:
            case yaml.AliasEvent():
                _refuse_reference(event.anchor or "", line)
            case yaml.DocumentStartEvent():
                self._begin(line)
            case yaml.ScalarEvent():
                self._scalar(event, line)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._open(event, line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._levels.pop()

    def _begin(self, line: int) -> None:
        self._documents += 1
        if self._documents > 1:
            message = _("A second document begins here.")
            refuse_line("second_document", line, message, _("Keep one campaign in a file."))

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        _refuse_marks(event, line)
        level = self._levels[-1] if self._levels else None
        if level and isinstance(level.value, dict) and level.key is None:
            self._key(level, event.value, line)
        else:
            self._add(_plain(event, line), line)

    def _key(self, level: _Level, name: str, line: int) -> None:
        if name in level.value:
            refuse_repeated(name, line)
        level.key = name
        self.lines[self._place()] = line

    def _open(self, event: _Start, line: int) -> None:
        _refuse_marks(event, line)
        if len(self._levels) >= MAX_LEVELS:
            problem = too_deep()
            refuse_line("too_deep", line, problem.message, problem.remedy)
        value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._add(value, line)
        self._levels.append(_Level(value))

    def _add(self, value: Any, line: int) -> None:
        if not self._levels:
            self.result = value
            return
        level = self._levels[-1]
        self.lines.setdefault(self._place(), line)
        if isinstance(level.value, list):
            level.value.append(value)
        elif level.key is None:
            refuse_line("odd_key", line, _("The name of a value has to be text."), _("Write a plain name."))
        else:
            level.value[level.key] = value
            level.key = None

    def _place(self) -> str:
        """Where the next value goes. The keys of outer objects are kept in the values opened for them."""
        return self._prefix() + pointer(_step(self._levels[-1]))

    def _prefix(self) -> str:
        return pointer(*(_open_step(level) for level in self._levels[:-1]))


def _step(level: _Level) -> str | int:
    return len(level.value) if isinstance(level.value, list) else str(level.key)


def _open_step(level: _Level) -> str | int:
    """The step to the part of `level` that is open: what was added to it last."""
    return len(level.value) - 1 if isinstance(level.value, list) else next(reversed(level.value))


def _plain(event: yaml.ScalarEvent, line: int) -> Any:
    text: str = event.value
    if event.style:
        return text
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if FLOAT.fullmatch(text) else text


def _refuse_marks(event: yaml.ScalarEvent | _Start, line: int) -> None:
    if event.anchor:
        _refuse_reference(event.anchor, line)
    if event.tag:
        message = _("The tag “%(tag)s” is not read.") % {"tag": event.tag[:80]}
        refuse_line("tag", line, message, _("Remove the tag; the type follows from the place."))


def _refuse_reference(name: str, line: int) -> None:
    message = _("“%(name)s” is an anchor or an alias, which are not read.") % {"name": name[:80]}
    refuse_line("alias", line, message, _("Write the value out where it is needed."))


def _has_comments(text: str) -> bool:
    """Whether a `#` begins a comment: the scanner drops comments, so what it spans is taken out of the
    text.
    """
    spans = (
        token for token in yaml.scan(text, Loader=yaml.CSafeLoader) if isinstance(token, yaml.ScalarToken)
    )
    end, rest = 0, []
    for token in spans:
        rest.append(text[end : token.start_mark.index])
        end = token.end_mark.index
    return "#" in "".join([*rest, text[end:]])
