"""The page of docs/expressions.md: what is written by hand around tables that the registry fills."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from campaigns.targeting.expressions.functions import FAMILY_LABELS, Family, Function
from campaigns.targeting.expressions.registry import REFUSALS, functions_of

INTRODUCTION = Path(__file__).with_name("introduction.md")


def expressions_page() -> str:
    """The whole page in Markdown, in the language that is active."""
    return "\n".join(
        [INTRODUCTION.read_text(encoding="utf-8").rstrip(), "", *_functions(), "", *_refused(), ""]
    )


def _functions() -> Iterator[str]:
    yield "## Functions"
    for family in Family:
        functions = functions_of(family)
        if functions:
            yield from (
                "",
                f"### {FAMILY_LABELS[family]}",
                "",
                "| Function | Gives | What | Of empty | Example |",
            )
            yield "|---|---|---|---|---|"
            yield from map(_function, functions)


def _function(function: Function) -> str:
    gives = function.gives.value if function.gives else "that of its arguments"
    return _row(
        [f"`{function.signature}`", gives, function.description, function.of_empty, f"`{function.example}`"]
    )


def _refused() -> Iterator[str]:
    yield from ("## Refused", "", "| Function | Why | Instead |", "|---|---|---|")
    for refused in sorted(REFUSALS.values(), key=lambda each: each.name.lower()):
        yield _row([f"`{refused.name}`", refused.reason, refused.remedy])


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |"
