"""The one hash and the sizes drawn with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any


def draw(seed: str, key: Any) -> int:
    """The first eight bytes of md5(seed, unit separator, key), as a signed number."""
    data = seed.encode() + b"\x1f" + str(key).encode()
    return int.from_bytes(hashlib.md5(data, usedforsecurity=False).digest()[:8], "big", signed=True)


def by_chance(seed: str, keys: Iterable[Any]) -> list[Any]:
    return sorted(keys, key=lambda key: (draw(seed, key), key))


def share(people: int, percent: str) -> int:
    return int((Decimal(people) * Decimal(percent) / 100).quantize(Decimal(1), ROUND_HALF_UP))
