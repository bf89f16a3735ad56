"""Derives the text part of a message from its HTML template, so that readers without HTML lose nothing.

Template markup is carried over where it stands between tags; what stands inside a tag goes with the tag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from campaigns.content.html_tokens import Tag, Text, tokens
from campaigns.content.scanning import Markup, scan

PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 table ul ol dl blockquote pre hr".split())  # noqa: SIM905 - reads better
LINES = frozenset("br div tr li dt dd center section article header footer tbody thead".split())  # noqa: SIM905
CELLS = frozenset({"td", "th"})
HOLDER = re.compile("\ufdd0(\\d+)\ufdd1")
BLANKS = re.compile(r"[ \t\r\n\f\u200b\u200c\ufeff\u00ad\u034f]+")


@dataclass(slots=True)
class _Writer:
    """Text so far; line breaks are held back until text follows, so that they never pile up."""

    pieces: list[str] = field(default_factory=list)
    breaks: int = 0
    blank: bool = False
    href: str = ""
    link_start: int = 0

    def newline(self, count: int) -> None:
        self.breaks, self.blank = max(self.breaks, count), False

    def text(self, text: str) -> None:
        words = BLANKS.sub(" ", text)
        if words.strip(" "):
            self._flush(words.startswith(" "))
            self.pieces.append(words.strip(" "))
            self.blank = words.endswith(" ")
        elif words:
            self.blank = not self.breaks

    def _flush(self, leading_blank: bool) -> None:
        if self.breaks and self.pieces:
            self.pieces.append("\n" * self.breaks)
        elif self.pieces and (self.blank or leading_blank):
            self.pieces.append(" ")
        self.breaks, self.blank = 0, False


def plain_text(html: str, *, where: str = "html") -> str:
    """A text template that says what `html` says: blocks as paragraphs, links as `label <address>`, images as
    their alt text.
    """
    source, kept = _hold(html, scan(html, where=where))
    writer = _Writer()
    for token in tokens(source):
        if isinstance(token, Text):
            writer.text("" if token.raw else unescape(source[token.start : token.end]))
        else:
            _write_tag(writer, token, source)
    return HOLDER.sub(lambda held: kept[int(held[1])], "".join(writer.pieces)).strip() + "\n"


def _hold(html: str, markup: list[Markup]) -> tuple[str, list[str]]:
    pieces, kept, position = [], [], 0
    for number, one in enumerate(markup):
        pieces += [html[position : one.start], f"\ufdd0{number}\ufdd1"]
        kept.append(html[one.start : one.end])
        position = one.end
    return "".join([*pieces, html[position:]]), kept


def _write_tag(writer: _Writer, tag: Tag, source: str) -> None:
    if tag.name == "a":
        _write_link(writer, tag, source)
    elif tag.name == "img":
        writer.text(tag.value(source, "alt") or "")
    elif tag.name in CELLS:
        writer.text(" ")
    elif tag.name in PARAGRAPHS:
        writer.newline(2)
    elif tag.name in LINES:
        writer.newline(1)
        _write_bullet(writer, tag)


def _write_bullet(writer: _Writer, tag: Tag) -> None:
    if tag.name == "li" and not tag.closing:
        writer.text("- ")


def _write_link(writer: _Writer, tag: Tag, source: str) -> None:
    if tag.closing:
        label = "".join(writer.pieces[writer.link_start :]).strip()
        if writer.href and writer.href != label:
            writer.text(f" <{writer.href}>" if label else writer.href)
        writer.href = ""
        return
    href = (tag.value(source, "href") or "").strip()
    writer.href = "" if href.lower().startswith(("#", "tel:", "mailto:")) else href
    writer.link_start = len(writer.pieces)
