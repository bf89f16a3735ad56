"""The one hash behind every random choice: same seed, same people, in Python and in SQL.

The first 8 bytes, big-endian and signed, of md5(seed ‖ 0x1f ‖ canonical key). The canonical key is the key as
text: an integer in decimal, a UUID in lower case with hyphens, text as it is. Everything is UTF-8.
"""

from __future__ import annotations

from hashlib import md5
from uuid import UUID

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.bound import bound

_SEPARATOR = "\x1f"
_HEX_DIGITS = 16


def canonical_key(key: int | UUID | str) -> str:
    return key if isinstance(key, str) else str(key)


def key_hash(seed: str, key: int | UUID | str) -> int:
    """A signed 64-bit number."""
    digest = md5(f"{seed}{_SEPARATOR}{canonical_key(key)}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def key_hash_sql(seed: str, key: exp.Expr) -> exp.Expr:
    """The same number in PostgreSQL, as a bigint; `key` is an integer, uuid or text expression."""
    text = exp.DPipe(this=bound(seed + _SEPARATOR), expression=trees.cast(key, "text"))
    digits = trees.call("LEFT", trees.call("MD5", text), exp.Literal.number(_HEX_DIGITS))
    bits = exp.DPipe(this=exp.Literal.string("x"), expression=digits)
    return trees.cast(trees.cast(exp.Paren(this=bits), "bit(64)"), "bigint")
