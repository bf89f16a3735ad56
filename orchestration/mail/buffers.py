"""Collects a rendered body as encoded bytes: what is the same for everybody was encoded when the template was
compiled.

The template writes texts; a `StaticText` brings its encoded form along, anything else is a person's value and
is encoded here. Marks inside of static texts stand for the person's own links.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from django.utils.translation import gettext as _
from liquid.ast import Node
from liquid.builtin.content import ContentNode

from campaigns.content.environment import BoundedContext, walk
from campaigns.content.limits import MAX_OUTPUT
from campaigns.content.templates import Template
from orchestration.mail.quoted_printable import CONTENT, PLAIN, SOFT, Piece, piece
from orchestration.transport import Unsendable

MARK = re.compile("\ufdd0(\\d+)\ufdd1")


def mark(number: int) -> str:
    """Stands in a template's source for the URL at `number` in the list a buffer is made with."""
    return f"\ufdd0{number}\ufdd1"


class StaticText(str):
    """A template's own text. As a str it is what it always was, so that captures and filters see no
    difference.
    """

    __slots__ = ("__dict__",)

    @cached_property
    def segments(self) -> tuple[str | int, ...]:
        """Texts and the numbers of the marks between them."""
        parts = MARK.split(_line_feeds(self))
        return tuple(int(part) if odd % 2 else part for odd, part in enumerate(parts))

    @cached_property
    def eight_bit(self) -> tuple[bytes | int, ...]:
        return tuple(part if isinstance(part, int) else _crlf(part) for part in self.segments)

    @cached_property
    def quoted(self) -> tuple[Piece | int, ...]:
        return tuple(part if isinstance(part, int) else piece(part) for part in self.segments)


def make_static(template: Template) -> Template:
    """Marks the template's own texts as static, in place."""
    nodes: list[Node] = list(walk(template.bound.nodes, BoundedContext(template.bound)))
    for node in nodes:
        if isinstance(node, ContentNode):
            node.text = StaticText(node.text)
    return template


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("utf-8")


class EightBitBuffer:
    """UTF-8 with CRLF. Lines may turn out too long for SMTP: whoever takes the value looks."""

    __slots__ = ("parts", "size", "urls")

    def __init__(self, urls: Sequence[bytes]) -> None:
        self.parts: list[bytes] = []
        self.size = 0
        self.urls = urls

    def write(self, text: str, /) -> int:
        if type(text) is StaticText:
            self._write_static(text)
        else:
            self.parts.append(
                _crlf(_line_feeds(text)) if "\n" in text or "\r" in text else text.encode("utf-8")
            )
        self.size += len(text)
        if self.size > MAX_OUTPUT:
            raise _too_long()
        return len(text)

    def _write_static(self, text: StaticText) -> None:
        for part in text.eight_bit:
            self.parts.append(self.urls[part] if isinstance(part, int) else part)

    def getvalue(self) -> bytes:
        return b"".join(self.parts)


class QuotedPrintableBuffer:
    """Quoted-printable with lines of at most 76 characters, CRLF between them."""

    __slots__ = ("column", "parts", "size", "urls")

    def __init__(self, urls: Sequence[bytes]) -> None:
        self.parts: list[bytes] = []
        self.size = 0
        self.column = 0
        self.urls = urls

    def write(self, text: str, /) -> int:
        if type(text) is StaticText:
            for part in text.quoted:
                self._append(_url_piece(self.urls[part]) if isinstance(part, int) else part)
        elif self.column + len(text) <= CONTENT and PLAIN.fullmatch(text):
            self.parts.append(text.encode("ascii"))
            self.column += len(text)
        else:
            self._append(piece(_line_feeds(text)))
        self.size += len(text)
        if self.size > MAX_OUTPUT:
            raise _too_long()
        return len(text)

    def _append(self, one: Piece) -> None:
        if self.column + one.fits > CONTENT and self.column and one.first:
            self.parts.append(SOFT)
            self.column = 0
        self.parts += (one.first, one.rest)
        self.column = one.column if one.rest or one.fits > CONTENT else self.column + one.fits

    def getvalue(self) -> bytes:
        return b"".join(self.parts)


def _url_piece(url: bytes) -> Piece:
    return (
        Piece(url, len(url), b"", len(url))
        if b"=" not in url and len(url) <= CONTENT
        else piece(url.decode())
    )


def _too_long() -> Unsendable:
    return Unsendable("too_long", _("The message is longer than 512 KB."))
