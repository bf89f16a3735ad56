# ruff: noqa: E402 - Django is set up before what needs its settings is imported
"""Counting while somebody types, beside the same counts by hand, and how soon one that is called off ends.

Types values into conditions, one letter a question, as the rule editor asks them: `python -m bench.composing`. Says what
it does, then prints one line of JSON: seconds by kind of condition and side.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import django

django.setup()

from django.db import connection

from bench.shop import make_shop
from bench.turns import ROUNDS, say
from campaigns.cancellable import Question, call_off
from campaigns.catalogue import load_catalogue
from campaigns.node_counts import Limits, State, count_nodes
from campaigns.rule_questions import RuleQuestion

Rule = dict[str, Any]
Seconds = dict[str, dict[str, list[float]]]
CALLED_OFF = 20
BY_HAND = {
    "text": "SELECT count(*) FROM shop.person WHERE email ILIKE '%%' || %s || '%%'",
    "number": "SELECT count(*) FROM shop.person WHERE id < %s",
    "linked rows": """
        SELECT count(*) FROM shop.person AS p
         WHERE EXISTS (SELECT FROM shop.orders AS o WHERE o.person_id = p.id AND o.amount > %s)""",
}


@dataclass(frozen=True)
class Typed:
    """What is asked after one key: the kind of condition, its value so far, and the rule that it makes."""

    kind: str
    value: Any
    rule: Rule


def condition(attribute: str, operator: str, value: Any) -> Rule:
    return {"kind": "condition", "attribute": attribute, "operator": operator, "value": value}


def typed(text: str) -> Iterator[str]:
    yield from (text[:end] for end in range(1, len(text) + 1))


def questions() -> Iterator[Typed]:
    for word in ("person", "p123456", "example"):
        for part in typed(word):
            yield Typed("text", part, condition("email", "contains", part))
    for number in map(int, typed("98765")):
        yield Typed("number", number, condition("id", "less", number))
        amount = int(str(number)[:3])
        bought = condition("amount", "greater", amount)
        yield Typed("linked rows", amount, {"kind": "exists", "link": "orders", "where": bought})


def asked(rule: Rule, name: str, limits: Limits) -> Any:
    question = RuleQuestion(rule, "person", load_catalogue())
    return count_nodes(question, paths=[""], asked_as=Question(1, name), limits=limits)


def typing() -> Seconds:
    """Seconds of every count by kind and side; a count that differs from the one by hand ends the benchmark."""
    seconds: Seconds = {kind: {"engine": [], "baseline": []} for kind in BY_HAND}
    for turn in range(ROUNDS):
        for number, each in enumerate(questions()):
            begun = time.perf_counter()
            (count,) = asked(each.rule, f"typing-{turn}-{number}", Limits(each=600, all=600))
            seconds[each.kind]["engine"].append(time.perf_counter() - begun)
            begun = time.perf_counter()
            by_hand = counted_by_hand(each)
            seconds[each.kind]["baseline"].append(time.perf_counter() - begun)
            if count.state is not State.COUNTED or count.count != by_hand:
                raise SystemExit(f"{each}: {count}, by hand {by_hand}")
        say(f"round {turn + 1}: typed")
    return seconds


def counted_by_hand(question: Typed) -> int:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND[question.kind], [question.value])
        return int(cursor.fetchone()[0])


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
            running = elsewhere.submit(
                _closing, lambda n=turn: asked(rule, f"called-{n:04}", Limits(600, 600))
            )
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


def main() -> None:
    people = make_shop()
    print(json.dumps({"people": people, "typing": typing(), "called_off": calling_off()}))


if __name__ == "__main__":
    main()
