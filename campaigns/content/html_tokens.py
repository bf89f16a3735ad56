"""Reads HTML as mail has it into tags and text with their positions, in linear time whatever it is given.

The standard library's parser takes quadratic time on unclosed tags (100 KB keep it busy for minutes), so
neither it nor what builds on it may read what people paste. This one never fails: what is no tag is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

NAME = re.compile(r"</?([A-Za-z][^\s/>\ufdd0]*+)")
ATTRIBUTE = re.compile(r"[\s/]*+([^\s/>=]++)(?:\s*+=\s*+(\"[^\"]*+\"|'[^']*+'|[^\s>\"']++))?")
RAW_TEXT = frozenset({"script", "style", "title", "textarea"})


@dataclass(frozen=True, slots=True)
class Attribute:
    """Half-open interval of the value in the source, without its quotes."""

    start: int
    end: int


@dataclass(slots=True)
class Tag:
    """A start or end tag; names are lower case; of an attribute that is repeated the first counts."""

    name: str
    start: int
    end: int
    closing: bool = False
    attributes: dict[str, Attribute] = field(default_factory=dict)

    def value(self, source: str, name: str) -> str | None:
        """The attribute's value with its character references resolved, None when it is missing."""
        attribute = self.attributes.get(name)
        return None if attribute is None else unescape(source[attribute.start : attribute.end])


@dataclass(frozen=True, slots=True)
class Text:
    """Half-open interval of text between tags; `raw` for what is no text to readers: scripts, styles, the
    title.
    """

    start: int
    end: int
    raw: bool = False


def tokens(source: str) -> Iterator[Tag | Text]:
    position = 0
    while position < len(source):
        token, position = _next(source, position)
        if token is not None:
            yield token
        if isinstance(token, Tag) and token.name in RAW_TEXT and not token.closing:
            end = _raw_end(source, token)
            yield Text(position, end, raw=True)
            position = end


def _next(source: str, position: int) -> tuple[Tag | Text | None, int]:
    if source[position] != "<":
        end = _or_end(source, source.find("<", position))
        return Text(position, end), end
    if source.startswith("<!--", position):
        return None, _after(source, "-->", position + 4)
    if source.startswith(("<!", "<?"), position):
        return None, _after(source, ">", position)
    if name := NAME.match(source, position):
        return _tag(source, name)
    return Text(position, position + 1), position + 1


def _tag(source: str, name: re.Match[str]) -> tuple[Tag, int]:
    tag = Tag(name[1].lower(), name.start(), name.end(), closing=source[name.start() + 1] == "/")
    position = name.end()
    while attribute := ATTRIBUTE.match(source, position):
        _add(tag, attribute)
        position = attribute.end()
    tag.end = _after(source, ">", position)
    return tag, tag.end


def _add(tag: Tag, found: re.Match[str]) -> None:
    start, end = found.span(2) if found[2] is not None else (found.end(1), found.end(1))
    if found[2] and found[2][0] in "\"'":
        start, end = start + 1, end - 1
    tag.attributes.setdefault(found[1].lower(), Attribute(start, end))


def _raw_end(source: str, tag: Tag) -> int:
    closing = re.compile("</" + re.escape(tag.name), re.IGNORECASE).search(source, tag.end)
    return closing.start() if closing else len(source)


def _after(source: str, text: str, position: int) -> int:
    found = source.find(text, position)
    return len(source) if found < 0 else found + len(text)


def _or_end(source: str, position: int) -> int:
    return len(source) if position < 0 else position
