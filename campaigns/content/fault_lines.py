"""The line of a fault that the template library places at the end of an expression, which has no line of its own."""

from __future__ import annotations

import re

from liquid.exceptions import LiquidError

from campaigns.content.environment import TEXT
from campaigns.content.problems import line_of
from campaigns.content.scanning import TAG_NAME, Kind, Markup, scan

UNFINISHED = re.compile(r"expected tag end(\w+)")


def line_of_fault(source: str, message: str) -> int:
    """Where the markup stands that is refused with the same message by itself; of a block without an end, its beginning."""
    markup = scan(source, where="template")
    unfinished = UNFINISHED.match(message)
    found = _open_block(source, markup, unfinished[1]) if unfinished else _refused(source, markup, message)
    return line_of(source, found.start) if found else 1


def _open_block(source: str, markup: list[Markup], name: str) -> Markup | None:
    waiting: list[Markup] = []
    for each in markup:
        found = TAG_NAME.match(source, each.start)
        if found and found[1] == name:
            waiting.append(each)
        elif found and found[1] == f"end{name}" and waiting:
            waiting.pop()
    return waiting[-1] if waiting else None


def _refused(source: str, markup: list[Markup], message: str) -> Markup | None:
    pieces = (each for each in markup if each.kind is not Kind.VERBATIM)
    return next((each for each in pieces if _fault(source[each.start : each.end]) == message), None)


def _fault(piece: str) -> str:
    try:
        TEXT.from_string(piece)
    except LiquidError as error:
        return str(error.message)
    return ""
