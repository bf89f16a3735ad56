"""Which mutants are tried: of every module its share, drawn by a seed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from tests.mutation.mutants import Mutant


def sampled(mutants: Mapping[str, Sequence[Mutant]], number: int, seed: int) -> list[Mutant]:
    """About `number` of all, at least one of each module that has any; the same for the same seed."""
    total = sum(map(len, mutants.values()))
    return [
        mutant
        for module, found in mutants.items()
        if found
        for mutant in _drawn(found, max(1, round(number * len(found) / total)), f"{seed} {module}")
    ]


def _drawn(found: Sequence[Mutant], number: int, seed: str) -> list[Mutant]:
    chosen = random.Random(seed).sample(range(len(found)), min(number, len(found)))
    return [found[at] for at in sorted(chosen)]
