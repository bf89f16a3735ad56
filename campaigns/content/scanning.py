"""Finds the template markup in a source, in linear time, before the template library sees it.

The library's own expressions need quadratic time on markup that never closes, so nothing may reach them that
this module has not walked through. Masking serves those who read the HTML around the markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.translation import gettext as _

from campaigns.content.problems import line_of, refusal
from campaigns.problems import Problem

MAX_SOURCE = 512 * 1024
MAX_MARKUP = 2_000
MAX_EXPRESSION = 2_000
MASK = "\ufdd0"
RESERVED = re.compile("[\x00\ufdd0-\ufdef]")
OPENING = re.compile(r"\{\{|\{%")
VERBATIM = re.compile(r"\{%-?\s{0,20}(raw|doc)\s{0,20}-?%\}")
VERBATIM_ENDS = {
    "raw": re.compile(r"\{%-?\s{0,20}endraw\s{0,20}-?%\}"),
    "doc": re.compile(r"\{%-?\s{0,20}enddoc\s{0,20}-?%\}"),
}
TAG_NAME = re.compile(r"\{%-?\s*+(\w+)")
UNRENDERED = frozenset({"comment", "capture"})


class Kind(Enum):
    OUTPUT = auto()
    TAG = auto()
    VERBATIM = auto()


@dataclass(frozen=True, slots=True)
class Markup:
    """Half-open interval of the source that the template library will interpret."""

    start: int
    end: int
    kind: Kind


def scan(source: str, *, where: str) -> list[Markup]:
    """All markup of `source` in order; raises ProblemsError where it is too much, too long or not closed."""
    if len(source) > MAX_SOURCE:
        raise refusal(_too_long(where))
    if match := RESERVED.search(source):
        raise refusal(_reserved(source, match.start(), where))
    found = []
    for markup in _walk(source, where):
        found.append(markup)
        if len(found) > MAX_MARKUP:
            raise refusal(_too_much(source, markup.start, where))
    return found


def mask(source: str, markup: list[Markup]) -> str:
    """`source` with every piece of markup replaced by as many mask characters: positions stay true."""
    return _masked(source, ((one.start, one.end) for one in markup))


def mask_unrendered(source: str, markup: list[Markup]) -> str:
    """As `mask`, and whole comment and capture blocks too: what they hold is not output where it stands."""
    return _masked(mask(source, markup), _unrendered(source, markup))


def _masked(source: str, intervals: Iterable[tuple[int, int]]) -> str:
    pieces, position = [], 0
    for start, end in intervals:
        pieces += [source[position:start], MASK * (end - start)]
        position = end
    return "".join([*pieces, source[position:]])


def _unrendered(source: str, markup: list[Markup]) -> Iterator[tuple[int, int]]:
    """Outermost comment and capture blocks."""
    name, start, depth = "", 0, 0
    for one in markup:
        found = TAG_NAME.match(source, one.start)
        tag = found[1] if found else ""
        if not depth and tag in UNRENDERED:
            name, start, depth = tag, one.start, 1
        elif depth:
            depth += (tag == name) - (tag == "end" + name)
            if not depth:
                yield start, one.end


def _walk(source: str, where: str) -> Iterator[Markup]:
    position = 0
    while opening := OPENING.search(source, position):
        markup = _markup_at(source, opening.start(), where)
        yield markup
        position = markup.end


def _markup_at(source: str, start: int, where: str) -> Markup:
    if verbatim := VERBATIM.match(source, start):
        return _verbatim(source, verbatim, where)
    closing, kind = ("}}", Kind.OUTPUT) if source[start + 1] == "{" else ("%}", Kind.TAG)
    end = source.find(closing, start + 2, start + 2 + MAX_EXPRESSION)
    if end < 0:
        raise refusal(_unclosed(source, start, closing, where))
    return Markup(start, end + len(closing), kind)


def _verbatim(source: str, opening: re.Match[str], where: str) -> Markup:
    closing = VERBATIM_ENDS[opening[1]].search(source, opening.end())
    if closing is None:
        raise refusal(_unclosed(source, opening.start(), "{% end" + opening[1] + " %}", where))
    return Markup(opening.start(), closing.end(), Kind.VERBATIM)


def _too_long(where: str) -> Problem:
    return Problem(
        "source_too_long",
        "/" + where,
        _("The text has more than %(limit)d characters.") % {"limit": MAX_SOURCE},
        _("Shorten it; put images on a server instead of into the text."),
    )


def _too_much(source: str, start: int, where: str) -> Problem:
    return Problem(
        "too_much_markup",
        "/" + where,
        _("There are more than %(limit)d template tags and outputs.") % {"limit": MAX_MARKUP},
        _("Use a loop for what repeats."),
        line=line_of(source, start),
    )


def _reserved(source: str, start: int, where: str) -> Problem:
    return Problem(
        "reserved_character",
        "/" + where,
        _("The character U+%(code)04X cannot be sent.") % {"code": ord(source[start])},
        _("Delete it; it is invisible in most editors."),
        line=line_of(source, start),
    )


def _unclosed(source: str, start: int, closing: str, where: str) -> Problem:
    return Problem(
        "unclosed_markup",
        "/" + where,
        _("“%(opening)s” is not closed within %(limit)d characters.")
        % {"opening": source[start : start + 20], "limit": MAX_EXPRESSION},
        _("Close it with “%(closing)s”.") % {"closing": closing},
        line=line_of(source, start),
    )
