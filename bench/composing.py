"""Counting while somebody types: how long each count takes, and how soon one that is called off ends.

Makes the shop of the other benchmarks in the database of DATABASE_URL, which must hold nothing else; then
types values into conditions, one letter a question, as the rule editor asks them.
`python -m bench.composing`; TUTTI_BENCH_SCALE=0.1 is a tenth.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402

from bench.shop import make_shop  # noqa: E402
from campaigns.cancellable import Question, call_off  # noqa: E402
from campaigns.catalogue import load_catalogue  # noqa: E402
from campaigns.node_counts import Limits, State, count_nodes  # noqa: E402
from campaigns.rule_questions import RuleQuestion  # noqa: E402

Rule = dict[str, Any]
CALLED_OFF = 20


def condition(attribute: str, operator: str, value: Any) -> Rule:
    return {"kind": "condition", "attribute": attribute, "operator": operator, "value": value}


def typed(text: str) -> Iterator[str]:
    yield from (text[:end] for end in range(1, len(text) + 1))


def questions() -> Iterator[tuple[str, Rule]]:
    """What is asked after each key, by what kind of condition is being written."""
    for word in ("person", "p123456", "example"):
        for part in typed(word):
            yield "text", condition("email", "contains", part)
    for number in typed("98765"):
        yield "number", condition("id", "less", int(number))
        bought = condition("amount", "greater", int(number[:3]))
        yield "linked rows", {"kind": "exists", "link": "orders", "where": bought}


def asked(rule: Rule, name: str, limits: Limits) -> Any:
    question = RuleQuestion(rule, "person", load_catalogue())
    return count_nodes(question, paths=[""], asked_as=Question(1, name), limits=limits)


def typing(rounds: int) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {}
    for turn in range(rounds):
        for number, (kind, rule) in enumerate(questions()):
            begun = time.perf_counter()
            (count,) = asked(rule, f"typing-{turn}-{number}", Limits(each=60, all=60))
            if count.state is not State.COUNTED:
                raise SystemExit(f"{kind} was not counted: {count.reason}")
            seconds.setdefault(kind, []).append(time.perf_counter() - begun)
    return seconds


def calling_off() -> list[float]:
    """From the wish to the end of the statement, of counts over all orders."""
    bought = condition("amount", "not_equal", 1)
    rule = {
        "kind": "aggregate",
        "link": "orders",
        "function": "count",
        "operator": "greater",
        "value": 1,
        "where": bought,
    }
    found = []
    with ThreadPoolExecutor(1) as elsewhere:
        for turn in range(CALLED_OFF):
            running = elsewhere.submit(_closing, lambda n=turn: asked(rule, f"called-{n:04}", Limits(60, 60)))
            time.sleep(0.1)
            begun = time.perf_counter()
            while not call_off(Question(1, f"called-{turn:04}")) and not running.done():
                time.sleep(0.005)
            running.result()
            found.append(time.perf_counter() - begun)
    return found


def _closing(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connection.close()


def line(what: str, seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"{what:<22} {len(ordered):>4} times   median {median(ordered):.3f} s   p95 {p95:.3f} s"


def main() -> None:
    people = make_shop()
    sys.stdout.write(f"{people:,} people\n")
    for kind, seconds in typing(3).items():
        sys.stdout.write(line(kind, seconds) + "\n")
    sys.stdout.write(line("called off", calling_off()) + "\n")


if __name__ == "__main__":
    main()
