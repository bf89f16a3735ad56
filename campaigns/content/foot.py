"""Puts words at the foot of a message, where its author would put them."""

from __future__ import annotations

from campaigns.content.html_tokens import Tag, tokens
from campaigns.content.scanning import mask, scan

_BEFORE = {"html": "body", "mjml": "mj-body"}
_IN_MJML = "<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>\n"


def with_foot(source: str, where: str, words: str) -> str:
    """The source of a field with the words at its end; empty where its end cannot be found."""
    if where == "text":
        return f"{source.rstrip()}\n\n{words}\n"
    end = _end_of(_BEFORE[where], source, where)
    if where == "mjml":
        return f"{source[:end]}{_IN_MJML.replace('{}', words)}{source[end:]}" if end is not None else ""
    end = len(source) if end is None else end
    before = source[:end].rstrip()
    return f"{before}\n<p>{words}</p>\n{source[end:]}"


def _end_of(name: str, source: str, where: str) -> int | None:
    """Where the last end tag of this name begins, outside of all template markup."""
    found = tokens(mask(source, scan(source, where=where)))
    ends = (each.start for each in found if isinstance(each, Tag) and each.closing and each.name == name)
    return max(ends, default=None)
