"""Generated expressions calculated twice: by PostgreSQL for every row, and row by row by the oracle."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from campaigns.targeting.expressions.registry import FUNCTIONS
from tests.campaigns.targeting.expressions.conftest import Calculator, same
from tests.campaigns.targeting.expressions.generator import ExpressionGenerator

pytestmark = pytest.mark.django_db

FULL = os.environ.get("TUTTI_FAULTS") == "full"
NUMBER = 10_000 if FULL else 1_200
SHARE = 1 if FULL else 7


def test_every_function_is_called_ten_times(rule_seed: int) -> None:
    generator = ExpressionGenerator(rule_seed)
    list(generator.expressions(1_200))

    assert {name for name in FUNCTIONS if generator.used[FUNCTIONS[name].name] < 10} == set()


@pytest.mark.slow
def test_expressions_give_what_the_oracle_gives(calculator: Calculator, rule_seed: int) -> None:
    ends = Counter[str]()
    for number, (table, text, _kind) in enumerate(ExpressionGenerator(rule_seed).expressions(NUMBER)):
        told = f"seed {rule_seed}, expression {number} over {table}: {text}"
        share = (SHARE, number % SHARE)
        found, expected = calculator.both(text, table, share)
        differing = {
            key: (found[key], value) for key, value in expected.items() if not same(found[key], value)
        }
        assert not differing, f"{told}: {list(differing.items())[:3]}"
        ends["values"] += len(expected)
        ends["varied"] += len(set(map(str, expected.values()))) > 1

    print(
        f"seed {rule_seed}: {NUMBER} expressions, {ends['values']} values, 0 differences, {ends['varied']} varied"
    )
    assert ends["varied"] > NUMBER / 2
