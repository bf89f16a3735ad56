"""HTML of an MJML source, by mrml. What must come through as it stands is taken out before and put back afterwards:
template markup, and characters that mrml spells differently within attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from django.utils.translation import gettext as _
from mjml import mjml2html

from campaigns.content.html_tokens import Tag, tokens
from campaigns.content.mjml_structure import structure_problems
from campaigns.content.problems import line_of, refusal
from campaigns.content.scanning import MAX_SOURCE, mask, scan
from campaigns.problems import Problem, ProblemsError, errors_of

NO_FONTS: dict[str, str] = {}
"""Else the server of a font's maker would see who reads the message."""
SPELLED_DIFFERENTLY = re.compile(r"[^\x00-\x7f\ufdd0]+|\\")
"""Not what masks the markup."""
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
PLACE = re.compile(r"at position (\d+)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Half-open interval of the source that is put back, as `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Protected:
    """A source whose pieces, in their order, are named by words that stand nowhere else in it."""

    source: str
    pieces: Sequence[Piece]
    word: str

    def text(self) -> str:
        parts, position = [], 0
        for number, piece in enumerate(self.pieces):
            parts += [self.source[position : piece.start], self._name(number)]
            position = piece.end
        return "".join([*parts, self.source[position:]])

    def restored(self, html: str) -> tuple[str, list[Piece]]:
        """With its pieces again, and those of them that are not in it."""
        found = set()

        def text_of(match: re.Match[str]) -> str:
            found.add(int(match[1]))
            return self.pieces[int(match[1])].text

        restored = re.sub(rf"{self.word}(\d+)x", text_of, html)
        return restored, [piece for number, piece in enumerate(self.pieces) if number not in found]

    def line_at(self, place: int) -> int:
        """The line of the source that a place of `text` is in."""
        shift = 0
        for number, piece in enumerate(self.pieces):
            if piece.start + shift >= place:
                break
            shift += len(self._name(number)) - (piece.end - piece.start)
        return line_of(self.source, place - shift)

    def _name(self, number: int) -> str:
        return f"{self.word}{number}x"


@lru_cache(maxsize=16)
def html_of_mjml(source: str, *, where: str = "mjml") -> str:
    """The HTML template that an MJML template makes; raises ProblemsError, naming the line."""
    if errors := errors_of(structure_problems(source, where=where)):
        raise ProblemsError(list(errors))
    protected = _protected(source, where)
    html, lost = protected.restored(_rendered(protected, where))
    comments = [match.span() for match in COMMENT.finditer(source)]
    for piece in lost:
        if not any(start <= piece.start < end for start, end in comments):
            raise refusal(_lost(piece.text, where, line_of(source, piece.start)))
    if len(html) > MAX_SOURCE:
        raise refusal(_too_large(where))
    return html


def _rendered(protected: Protected, where: str) -> str:
    try:
        return str(mjml2html(protected.text(), fonts=NO_FONTS))
    except ValueError as error:
        place = PLACE.search(str(error))
        line = protected.line_at(int(place[1])) if place else 1
        raise refusal(_unreadable(str(error), where, line)) from error


def _protected(source: str, where: str) -> Protected:
    pieces = sorted(_pieces(source, where), key=lambda piece: piece.start)
    word = next(word for number in count() if (word := f"tutti{number}x") not in source)
    return Protected(source, pieces, word)


def _pieces(source: str, where: str) -> Iterator[Piece]:
    markup = scan(source, where=where)
    yield from (Piece(one.start, one.end, source[one.start : one.end]) for one in markup)
    masked = mask(source, markup)
    for run in SPELLED_DIFFERENTLY.finditer(masked):
        yield Piece(run.start(), run.end(), run[0])
    for token in tokens(masked):
        if isinstance(token, Tag):
            yield from _quotes_in_quotes(masked, token)


def _quotes_in_quotes(masked: str, tag: Tag) -> Iterator[Piece]:
    for value in tag.attributes.values():
        if masked[value.start - 1] == "'":
            for match in re.finditer('"', masked[value.start : value.end]):
                place = value.start + match.start()
                yield Piece(place, place + 1, "&quot;")


def _unreadable(error: str, where: str, line: int) -> Problem:
    return Problem(
        "mjml_syntax",
        "/" + where,
        _("The MJML cannot be read: %(error)s.") % {"error": error},
        _("Check this line and the one before it; template tags stand in texts and values only."),
        line=line,
    )


def _lost(text: str, where: str, line: int) -> Problem:
    return Problem(
        "mjml_lost",
        "/" + where,
        _("“%(text)s” would not come into the message where it stands.") % {"text": text[:60]},
        _("Move it into the text of a component, or into <mj-raw>."),
        line=line,
    )


def _too_large(where: str) -> Problem:
    message = _("The HTML made of it has more than %(limit)d characters.") % {"limit": MAX_SOURCE}
    return Problem("source_too_long", "/" + where, message, _("Shorten it, or use a loop for what repeats."))
