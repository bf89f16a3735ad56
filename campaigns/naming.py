"""Slugs and labels made from the names things have in the database or in a file's header."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import count

SLUG_LENGTH = 63


def slug_of(name: str, *, taken: Collection[str] = (), fallback: str = "field") -> str:
    """A slug like `name` that is not among `taken`; `fallback` where no letter of it is ASCII."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if not plain:
        plain = fallback
    elif plain[0].isdigit():
        plain = f"{fallback}_{plain}"
    return _first_free(plain[:SLUG_LENGTH], taken)


def label_of(name: str) -> str:
    """`household_id` as a person would write it: “Household id”."""
    words = " ".join(name.replace("_", " ").split())
    return words[:1].upper() + words[1:] if words else name


def _first_free(slug: str, taken: Collection[str]) -> str:
    if slug not in taken:
        return slug
    suffixes = (f"_{number}" for number in count(2))
    return next(made for s in suffixes if (made := slug[: SLUG_LENGTH - len(s)] + s) not in taken)
