"""Quoted-printable in pieces: static texts are encoded once, values are put between them, and every line
stays within 76.

A piece is prepared without knowing the column it will begin at: its first line is either fitted behind what
stands on the line, or moved to the next by a soft break.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CONTENT = 75
"""Characters of a line besides the `=` that may have to end it."""
SOFT = b"=\r\n"
PLAIN = re.compile(r"[!-<>-~](?:[ -<>-~]*[!-<>-~])?")
PRINTABLE = frozenset(range(ord(" "), ord("~") + 1)) - {ord("=")}
ENCODED = tuple(bytes((byte,)) if byte in PRINTABLE else b"=%02X" % byte for byte in range(256))


@dataclass(frozen=True, slots=True)
class Piece:
    """An encoded text: `first` is its first line, `rest` what follows with its line breaks, `column` where it
    ends.
    """

    first: bytes
    fits: int
    """The width of `first`, or more than a line when it is wrapped itself."""
    rest: bytes
    column: int


def piece(text: str) -> Piece:
    """`text` has LF as its only line break."""
    lines = text.split("\n")
    first = _wrapped(lines[0])
    rest = b"".join(b"\r\n" + _wrapped(line) for line in lines[1:])
    whole = first + rest
    column = len(whole) - whole.rfind(b"\n") - 1
    return Piece(first, len(first) if SOFT not in first else CONTENT + 1, rest, column)


def _wrapped(line: str) -> bytes:
    """One line of text as one or more of at most 76; a blank at its end is encoded: servers strip it."""
    codes = [ENCODED[byte] for byte in line.encode("utf-8")]
    if codes and codes[-1] == b" ":
        codes[-1] = b"=20"
    lines, width = [bytearray()], 0
    for code in codes:
        if width + len(code) > CONTENT:
            lines.append(bytearray())
            width = 0
        lines[-1] += code
        width += len(code)
    return SOFT.join(lines)
