"""Text in any of the usual encodings as a stream of UTF-8, in bounded memory.

A byte that means nothing in the encoding becomes the byte 0xFF, which is never part of UTF-8: whoever reads the stream
finds it on its line and refuses that line alone.
"""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO, Literal

Encoding = Literal[
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "iso-8859-1",
    "iso-8859-15",
    "cp1250",
    "cp1251",
    "cp1252",
    "cp949",
    "euc-kr",
    "shift_jis",
    "euc-jp",
    "gb18030",
    "big5",
]

WIDE = ("utf-16", "utf-16-le", "utf-16-be")
PLAIN = ("utf-8", "utf-8-sig")
UTF8_MARK = b"\xef\xbb\xbf"
BROKEN = "tutti-broken"
BLOCK = 256 << 10
MANY_TIMES = 4
"""In text of two bytes a letter the zeros stand on one side; anywhere else they mean that it is no text."""


def _broken(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error(BROKEN, _broken)


class Utf8Stream(io.RawIOBase):
    """What another encoding says, as UTF-8. Offsets count the bytes of UTF-8; going back reads from the beginning."""

    def __init__(self, raw: BinaryIO, encoding: str) -> None:
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder(encoding)(BROKEN)
        self._ready = bytearray()
        self._at = 0
        self._is_over = False

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not self._is_over and (size < 0 or len(self._ready) < size):
            self._decode()
        end = len(self._ready) if size < 0 else size
        data = bytes(self._ready[:end])
        del self._ready[:end]
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if offset < self._at:
            self._raw.seek(0)
            self._decoder.reset()
            self._ready.clear()
            self._at, self._is_over = 0, False
        while self._at < offset and self.read(min(BLOCK, offset - self._at)):
            pass
        return self._at

    def close(self) -> None:
        self._raw.close()
        super().close()

    def _decode(self) -> None:
        block = self._raw.read(BLOCK)
        text = self._decoder.decode(block, final=not block)
        self._ready += text.encode("utf-8", "surrogateescape")
        self._is_over = not block


def as_utf8(raw: BinaryIO, encoding: str) -> BinaryIO:
    """The stream itself where it is UTF-8 already."""
    return raw if encoding in PLAIN else Utf8Stream(raw, encoding)  # type: ignore[return-value]  # reads and seeks


def guess_encoding(head: bytes) -> Encoding:
    """What the first bytes of a file are most likely written in; a mark at the beginning is believed."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    first, second = head[::2].count(0), head[1::2].count(0)
    if max(first, second) * 20 > len(head) and max(first, second) > MANY_TIMES * min(first, second):
        return "utf-16-le" if second > first else "utf-16-be"
    candidates: tuple[Encoding, ...] = ("utf-8", "cp949", "shift_jis")
    return next((each for each in candidates if _reads(head, each)), "cp1252")


def _reads(head: bytes, encoding: str) -> bool:
    """Whether it is text in this encoding, but for a character that the end of the sample cuts."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True
