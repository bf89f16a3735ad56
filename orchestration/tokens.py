"""The short signed tokens of tracked links, the open pixel and the unsubscribe link.

A token is 32 characters: message id, link number and 112 bits of a keyed hash, whose key differs for each
purpose. It holds no address, never expires, and survives a change of SECRET_KEY as long as the old one is in
SECRET_KEY_FALLBACKS. Whom a message went to and where a link leads is looked up by those who read tokens.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django.conf import settings
from django.utils.encoding import force_bytes

PAYLOAD = struct.Struct(">QH")
MAC_BYTES = 14
LENGTH = 32
SHAPE = re.compile(r"[A-Za-z0-9_-]{32}")
HONEYPOT = 0
"""The number of the link that no person can see: following it is what software does."""

PROOF = 0
"""Stands where the message would: no row of the ledger has this number, so a proof's link concerns nobody."""


class Purpose(StrEnum):
    """What a token may be used for. The value is part of the key: never change one."""

    CLICK = "click"
    OPEN = "open"
    UNSUBSCRIBE = "unsubscribe"


PATHS = {Purpose.CLICK: "/c/", Purpose.OPEN: "/o/", Purpose.UNSUBSCRIBE: "/u/"}
"""Where the views that read the tokens stand below the public base URL; kept short on purpose."""


@dataclass(frozen=True, slots=True)
class TokenContent:
    """What a valid token says; `link` is 0 where there is none."""

    message: int
    link: int


def make_token(purpose: Purpose, *, message: int, link: int = 0) -> str:
    return next(make_tokens(purpose, ((message, link),)))


def make_tokens(purpose: Purpose, contents: Iterable[tuple[int, int]]) -> Iterator[str]:
    """Tokens of many (message id, link number) pairs, encoded at once: 24 bytes fill 32 characters."""
    base = _hash(settings.SECRET_KEY, purpose)
    signed = bytearray()
    for message, link in contents:
        payload = PAYLOAD.pack(message, link)
        keyed = base.copy()
        keyed.update(payload)
        signed += payload + keyed.digest()
    text = urlsafe_b64encode(signed).decode("ascii")
    return (text[start : start + LENGTH] for start in range(0, len(text), LENGTH))


def read_token(purpose: Purpose, token: str) -> TokenContent | None:
    """None for whatever was not made by `make_token` for this very purpose."""
    if not SHAPE.fullmatch(token):
        return None
    signed = urlsafe_b64decode(token)
    payload, mac = signed[: PAYLOAD.size], signed[PAYLOAD.size :]
    if not any(_matches(secret, purpose, payload, mac) for secret in _secrets()):
        return None
    return TokenContent(*PAYLOAD.unpack(payload))


def url_of(purpose: Purpose, token: str, *, base: str) -> str:
    """`base` is the public base URL without a slash at its end."""
    return base + PATHS[purpose] + token


def _secrets() -> list[str | bytes]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _matches(secret: str | bytes, purpose: Purpose, payload: bytes, mac: bytes) -> bool:
    keyed = _hash(secret, purpose).copy()
    keyed.update(payload)
    return hmac.compare_digest(keyed.digest(), mac)


@lru_cache(maxsize=32)
def _hash(secret: str | bytes, purpose: Purpose) -> hashlib.blake2b:
    key = hashlib.blake2b(force_bytes(secret), digest_size=32, person=purpose.value.encode()).digest()
    return hashlib.blake2b(key=key, digest_size=MAC_BYTES, person=purpose.value.encode())
