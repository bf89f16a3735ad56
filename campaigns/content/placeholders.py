"""A picture that stands for one which is not loaded: of its size, saying what it shows and from where it will come."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote, urlsplit

USUAL = (240, 120)
LARGEST = 1200
SMALLEST_WITH_WORDS = 24
LETTER, LINE = 7, 18
PIXELS = re.compile(r"\s*+(\d{1,5})(?:px)?\s*+")


def placeholder(source: str, *, alt: str, width: str | None, height: str | None) -> str:
    """The address of the picture, which holds it whole; `width` and `height` are as the HTML has them."""
    wide, high = _pixels(width, USUAL[0]), _pixels(height, USUAL[1])
    words = [" ".join(alt.split()), _host(source)] if min(wide, high) >= SMALLEST_WITH_WORDS else []
    lines = [_short(line, wide) for line in words if line]
    top = high // 2 + 5 - LINE * (len(lines) - 1) // 2
    text = "".join(_line(line, top + LINE * number) for number, line in enumerate(lines))
    size = f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"'
    ground = '<rect width="100%" height="100%" fill="#e5e7eb"/>'
    return "data:image/svg+xml," + quote(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{ground}{text}</svg>'
    )


def _line(text: str, y: int) -> str:
    style = 'text-anchor="middle" fill="#4b5563" font-family="sans-serif" font-size="13"'
    return f'<text x="50%" y="{y}" {style}>{escape(text)}</text>'


def _short(text: str, width: int) -> str:
    most = max(4, width // LETTER)
    shown = "".join(each for each in text if each.isprintable())
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _pixels(value: str | None, usual: int) -> int:
    digits = PIXELS.fullmatch(value or "")
    return min(int(digits[1]), LARGEST) or 1 if digits else usual


def _host(source: str) -> str:
    try:
        return urlsplit(source).hostname or ""
    except ValueError:
        return ""
