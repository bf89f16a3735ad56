"""How much work one rendering may do. Whoever allocates charges here first; what the limits protect is the
process.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from io import StringIO

from liquid.exceptions import OutputStreamLimitError, ResourceLimitError

MAX_OUTPUT = 512 * 1024
MAX_ITERATIONS = 1_000
MAX_LOCALS = 4 * 1024 * 1024
WORK = 5_000_000


class Budget(threading.local):
    """Characters and items the current thread's rendering may still touch."""

    remaining = WORK

    def reset(self) -> None:
        self.remaining = WORK

    def spend(self, amount: int) -> None:
        self.remaining -= amount
        if self.remaining < 0:
            raise ResourceLimitError("the template does too much work", token=None)


budget = Budget()


class LimitedText(StringIO):
    """Collects rendered text up to MAX_OUTPUT bytes of UTF-8, counted as at most four for each character."""

    size = 0

    def write(self, text: str, /) -> int:
        budget.spend(len(text))
        self.size += len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        if self.size > MAX_OUTPUT:
            raise OutputStreamLimitError("the output is longer than 512 KB", token=None)
        return super().write(text)


def weight(value: object) -> int:
    """Characters of a text, or of all texts of a list; anything else weighs one."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list | tuple):
        return len(value) + sum(len(item) for item in value if isinstance(item, str))
    return 1


def refuse_heavy(value: object) -> None:
    if weight(value) > MAX_OUTPUT:
        raise ResourceLimitError("an intermediate value is longer than 512 KB", token=None)


def spend_all(values: Iterable[object]) -> None:
    for value in values:
        budget.spend(weight(value))
