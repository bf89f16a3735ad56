"""The functions of texts, as docs/expressions.md has them, on plain Python texts; None is empty."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any


def filled(text: str | None) -> str | None:
    return text or None


def strict(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *values: None if None in values else function(*values)


def one_for_one(letter: str, changed: str) -> str:
    return changed if len(changed) == 1 else letter


def lower(text: str) -> str:
    return "".join(letter.lower()[0] for letter in text)


def upper(text: str) -> str:
    return "".join(one_for_one(letter, letter.upper()) for letter in text)


def smart(text: str) -> str:
    made, inside = [], False
    for letter in text:
        made.append(lower(letter) if inside else one_for_one(letter, letter.title()))
        inside = letter.isalnum()
    return "".join(made)


def padded(text: str, length: Decimal, fill: str, *, left: bool) -> str | None:
    if not 0 <= length <= 1000:
        return None
    missing = max(0, int(length) - len(text))
    filling = (fill * missing)[:missing]
    return filled((filling + text if left else text + filling)[: int(length)])


def substring(text: str, start: Decimal, length: Decimal = Decimal(10**8)) -> str | None:
    if not 1 <= start <= 10**8:
        return None
    return filled(text[int(start) - 1 :][: max(0, int(length))])


def line(text: str, number: Decimal) -> str | None:
    lines = text.split("\n")
    return filled(lines[int(number) - 1].rstrip("\r")) if 1 <= number <= len(lines) else None


def character(code: Decimal) -> str | None:
    if not 1 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return None
    return chr(int(code))


def replaced(text: str | None, sought: str | None, by: str | None) -> str | None:
    if text is None or sought is None or len(text) * len(by or "") > 1_000_000:
        return None
    return filled(text.replace(sought, by or ""))


def joined(*texts: str | None) -> str | None:
    return filled(" ".join(text for text in texts if text))


def domain(text: str) -> str | None:
    return filled(text.rpartition("@")[2]) if "@" in text else None


def digest(algorithm: str) -> Callable[..., Any]:
    return strict(lambda text: hashlib.new(algorithm, text.encode()).hexdigest())


def known(*values: Any) -> bool:
    return None not in values


TEXTS: dict[str, Callable[..., Any]] = {
    "allnonnull2": known,
    "allnonnull3": known,
    "ascii": strict(lambda text: Decimal(ord(text[0]))),
    "char": strict(character),
    "charindex": strict(lambda text, sought: Decimal(text.find(sought) + 1)),
    "datalength": strict(lambda text: Decimal(len(text.encode()))),
    "getemaildomain": strict(domain),
    "getline": strict(line),
    "ismemonull": lambda text: text is None,
    "juxtwords": joined,
    "juxtwords3": joined,
    "left": strict(lambda text, n: filled(text[: max(0, int(n))])),
    "length": strict(lambda text: Decimal(len(text))),
    "line": strict(line),
    "lower": strict(lower),
    "lpad": strict(lambda text, n, fill: padded(text, n, fill, left=True)),
    "ltrim": strict(lambda text: filled(text.lstrip(" "))),
    "md5digest": digest("md5"),
    "memocontains": lambda text, sought: None not in (text, sought) and sought in text,
    "replace": replaced,
    "right": strict(lambda text, n: filled(text[-int(n) :]) if n > 0 else None),
    "rpad": strict(lambda text, n, fill: padded(text, n, fill, left=False)),
    "rtrim": strict(lambda text: filled(text.rstrip(" "))),
    "sha256digest": digest("sha256"),
    "sha512digest": digest("sha512"),
    "smart": strict(smart),
    "substring": strict(substring),
    "upper": strict(upper),
}
