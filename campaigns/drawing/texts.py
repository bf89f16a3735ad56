"""Labels cut to lines that fit a box: SVG does not wrap text by itself."""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"


def width_of(text: str) -> int:
    """In narrow letters; a Chinese, Japanese or Korean one counts two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def wrapped(text: str, *, width: int, lines: int) -> tuple[str, ...]:
    """At most `lines` lines; the last ends with an ellipsis when something is left over."""
    found: list[str] = []
    words = text.split()
    while words and len(found) < lines:
        line = _line(words, width)
        found.append(line)
    if words and found:
        found[-1] = cut(f"{found[-1]} {' '.join(words)}", width)
    return tuple(found)


def _line(words: list[str], width: int) -> str:
    """Takes from `words` what fits into one line, at least a piece of the first."""
    line = words.pop(0)
    if width_of(line) > width:
        head = _fitting(line, width)
        words.insert(0, line[len(head) :])
        return head
    while words and width_of(f"{line} {words[0]}") <= width:
        line = f"{line} {words.pop(0)}"
    return line


def cut(text: str, width: int) -> str:
    if width_of(text) <= width:
        return text
    return _fitting(text, width - 1).rstrip() + ELLIPSIS


def _fitting(text: str, width: int) -> str:
    end = 0
    while end < len(text) and width_of(text[: end + 1]) <= width:
        end += 1
    return text[: max(end, 1)]
