"""What came out, for a person to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.mutation.attempt import Outcome
from tests.mutation.mutants import Mutant


@dataclass(frozen=True)
class Tried:
    """A mutant and how it fared."""

    mutant: Mutant
    outcome: Outcome


def lines(tried: Sequence[Tried]) -> Iterator[str]:
    yield from _table("module", tried, lambda each: each.mutant.source.module)
    yield ""
    yield from _table("kind", tried, lambda each: each.mutant.kind)
    yield ""
    yield _row("total", tried)


def told(each: Tried) -> str:
    """One mutant, by its place and its change."""
    mutant = each.mutant
    return f"{mutant.source.module}:{mutant.line}: {mutant.kind}: {mutant.told}"


def _table(head: str, tried: Sequence[Tried], key: Callable[[Tried], str]) -> Iterator[str]:
    yield f"{head:<48}{'mutants':>8}{'caught':>8}{'timeout':>8}{'survived':>9}{'score':>7}"
    for name in sorted({key(each) for each in tried}):
        yield _row(name, [each for each in tried if key(each) == name])


def _row(name: str, tried: Sequence[Tried]) -> str:
    caught, timeout, survived = (_number(tried, fate) for fate in ("caught", "timeout", "survived"))
    score = (caught + timeout) / len(tried) if tried else 1.0
    return f"{name:<48}{len(tried):>8}{caught:>8}{timeout:>8}{survived:>9}{score:>7.2f}"


def _number(tried: Iterable[Tried], fate: str) -> int:
    return sum(each.outcome.fate == fate for each in tried)
