"""How a text travels as SMS: in which alphabet, in how many segments, and what makes it need the larger alphabet.

The GSM 7-bit alphabet (3GPP TS 23.038) takes 160 characters in one message and 153 in each segment of several; those of
its extension table take two places. A single character outside of it sends the whole text as UCS-2, where 70 units fit
in one message and 67 in each of several, and what lies beyond the first plane of Unicode takes two units. What takes two
places is never parted. The editor counts with the same tables in TypeScript; shared examples hold the two together.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
FIRST_PLANE = 0xFFFF


class Alphabet(StrEnum):
    """What a text is written in while it travels."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


SINGLE = {Alphabet.GSM7: 160, Alphabet.UCS2: 70}
SEVERAL = {Alphabet.GSM7: 153, Alphabet.UCS2: 67}
"""A part of several has room for a header that says which part it is."""


@dataclass(frozen=True, slots=True)
class Segments:
    """`units` are places of the alphabet; `left` is how many are left in the last segment. `outside` are the characters
    that the GSM alphabet lacks, each once, in the order of the text.
    """

    alphabet: Alphabet
    characters: int
    units: int
    count: int
    left: int
    outside: tuple[str, ...]


def normal(text: str) -> str:
    """`text` as it is sent: composed characters, line feeds, no blanks at its ends."""
    composed = unicodedata.normalize("NFC", text)
    return composed.replace("\r\n", "\n").replace("\r", "\n").strip()


def segments_of(text: str) -> Segments:
    """Counts `text` as it stands; `normal` makes it what is sent."""
    outside = tuple(dict.fromkeys(each for each in text if each not in BASIC and each not in EXTENDED))
    alphabet = Alphabet.UCS2 if outside else Alphabet.GSM7
    widths = [_width(each, alphabet) for each in text]
    count, left = _filled(widths, alphabet)
    return Segments(alphabet, len(text), sum(widths), count, left, outside)


def _width(character: str, alphabet: Alphabet) -> int:
    if alphabet is Alphabet.GSM7:
        return 2 if character in EXTENDED else 1
    return 2 if ord(character) > FIRST_PLANE else 1


def _filled(widths: Iterable[int], alphabet: Alphabet) -> tuple[int, int]:
    """How many segments they need, and the room left in the last one."""
    widths = list(widths)
    total = sum(widths)
    if total <= SINGLE[alphabet]:
        return (1 if widths else 0), SINGLE[alphabet] - total
    count, left = 1, SEVERAL[alphabet]
    for width in widths:
        if width > left:
            count, left = count + 1, SEVERAL[alphabet]
        left -= width
    return count, left
