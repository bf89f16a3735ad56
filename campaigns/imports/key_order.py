"""A file in the order of its keys, as most exports are, can repeat one only where a row falls behind.

So few keys have to be looked for, where otherwise all are sorted to find those that several rows have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from operator import lt
from typing import Protocol, TypeVar

from campaigns.imports.plans import Plan
from campaigns.targeting.schema import FieldType

MOST_BEHIND = 10_000
"""A file with more rows out of order is looked through as a whole."""

Keys = Sequence[int]


def follows(plan: Plan) -> bool:
    """Whether a plan's key is one that can be followed: one column of whole numbers, and the first cell."""
    keys = [column for column in plan.columns if column.key]
    return len(keys) == 1 and keys == [*plan.columns[:1]] and keys[0].type is FieldType.INTEGER


class KeyOrder:
    """Follows the keys of a file's records."""

    def __init__(self, plan: Plan) -> None:
        self._delimiter = plan.delimiter.encode()
        self._largest: int | None = -(2**64) if follows(plan) else None

    def behind(self, run: bytes) -> Keys | None:
        """Keys of records, each ended by a line feed, that are no larger than all before; None where they are not known."""
        if (before := self._largest) is None:
            return None
        keys = numbers(record.partition(self._delimiter)[0] for record in run.split(b"\n")[:-1])
        if keys is None:
            self._largest = None
            return None
        self._largest = max(before, max(keys, default=before))
        return _behind(keys, before)


def numbers(cells: Iterable[str | bytes]) -> list[int] | None:
    """Fit cells as numbers; None where one is in quotes, or has more zeros before it than Python reads."""
    try:
        return [int(cell) for cell in cells]
    except ValueError:
        return None


def _behind(keys: Keys, before: int) -> Keys:
    if all(map(lt, chain([before], keys), keys)):
        return ()
    largest = accumulate(keys, max, initial=before)
    return [key for key, most in zip(keys, largest, strict=False) if key <= most]


class HasBehind(Protocol):
    """Something that was read, with the keys it may repeat."""

    @property
    def behind(self) -> Keys | None: ...


Read = TypeVar("Read", bound=HasBehind)


class Behind:
    """Gathers the keys of the rows that fall behind. `keys` is None where any may be repeated."""

    def __init__(self, *, from_start: bool) -> None:
        self.keys: list[int] | None = [] if from_start else None

    def noted(self, batches: Iterable[Read]) -> Iterator[Read]:
        for batch in batches:
            self.note(batch.behind)
            yield batch

    def note(self, behind: Keys | None) -> None:
        if self.keys is None or behind is None or len(self.keys) + len(behind) > MOST_BEHIND:
            self.keys = None
        else:
            self.keys += behind
