"""Writes any text into a header as RFC 2047 asks: encoded words of at most 75 characters on lines of at most
76.

A character is never cut in two, and blanks stand inside of the words, because readers drop those between
them.
"""

from __future__ import annotations

from binascii import b2a_base64

WORD = 75
LINE = 76
OVERHEAD = len("=?utf-8?b??=")
FOLD = b"\r\n "
SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
BLANK = ord(" ")
Q_OF_BYTE = tuple(
    b"_" if byte == BLANK else bytes((byte,)) if byte in SAFE else b"=%02X" % byte for byte in range(256)
)


def encoded_words(text: str, *, column: int) -> bytes:
    """`text` as words joined by folds; `column` is where on its line the first one begins."""
    data = text.encode("utf-8")
    quoted = sum(len(Q_OF_BYTE[byte]) for byte in data)
    write = _q_words if quoted <= (len(data) + 2) // 3 * 4 else _b_words
    return FOLD.join(write(text, data, min(WORD, LINE - column)))


def _b_words(_text: str, data: bytes, first: int) -> list[bytes]:
    words, position, room = [], 0, first
    while position < len(data):
        end = _character_end(data, position + (room - OVERHEAD) // 4 * 3)
        words.append(b"=?utf-8?b?" + b2a_base64(data[position:end], newline=False) + b"?=")
        position, room = end, WORD
    return words


def _character_end(data: bytes, end: int) -> int:
    while end < len(data) and data[end] & 0xC0 == 0x80:  # noqa: PLR2004 - a continuation byte of UTF-8
        end -= 1
    return end


def _q_words(text: str, _data: bytes, first: int) -> list[bytes]:
    words: list[bytes] = []
    current, room = b"", first - OVERHEAD
    for character in text:
        encoded = b"".join(Q_OF_BYTE[byte] for byte in character.encode("utf-8"))
        if len(current) + len(encoded) > room:
            words.append(b"=?utf-8?q?" + current + b"?=")
            current, room = b"", WORD - OVERHEAD
        current += encoded
    return [*words, b"=?utf-8?q?" + current + b"?="]
