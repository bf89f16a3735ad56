"""Generated expressions calculated twice: by PostgreSQL for every row, and row by row by the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

import pytest

from campaigns.targeting.expressions.registry import FUNCTIONS
from tests.campaigns.targeting.expressions.conftest import Calculator, same
from tests.campaigns.targeting.expressions.generator import ExpressionGenerator
from tests.rounds import rounds

pytestmark = pytest.mark.django_db

NUMBER = rounds(1_200, 10_000)
SHARE = rounds(7, 1)


@cache
def generated(seed: int) -> tuple[ExpressionGenerator, Sequence[tuple[str, str, str]]]:
    """Made once for both tests: it takes as long as to compute half of them."""
    generator = ExpressionGenerator(seed)
    return generator, list(generator.expressions(NUMBER))


def test_every_function_is_called_ten_times(rule_seed: int) -> None:
    generator, _expressions = generated(rule_seed)
    assert {name for name in FUNCTIONS if generator.used[FUNCTIONS[name].name] < 10} == set()


@pytest.mark.slow
def test_expressions_give_what_the_oracle_gives(calculator: Calculator, rule_seed: int) -> None:
    ends = Counter[str]()
    for number, (table, text, _kind) in enumerate(generated(rule_seed)[1]):
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
