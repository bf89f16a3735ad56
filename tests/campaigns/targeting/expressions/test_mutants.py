"""The comparison with the oracle notices faults in what expressions are written as."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from campaigns.targeting.expressions import (
    casts,
    comparing,
    dates,
    logic,
    numbers,
    pieces,
    reading,
    texts,
    typed,
)
from tests.campaigns.targeting.expressions.conftest import Calculator, same
from tests.campaigns.targeting.expressions.generator import ExpressionGenerator
from tests.campaigns.targeting.mutation import Mutant

pytestmark = pytest.mark.django_db

# The word that an expression has to hold for the mutant to matter, and the mutant.
ROWS: list[tuple[str, str, Callable[..., Any], str, str]] = [
    ("/", "division by zero is no care", numbers.divide, "exp.Nullif(this=right", "exp.Abs(this=right"),
    ("*", "products are whole", numbers.multiply, "pieces.number(pieces.DECIMALS)", "pieces.number(0)"),
    ("monthsdiff", "months are never complete", dates._complete_months, "exp.GT(", "exp.GTE("),
    (
        "daysdiff",
        "days in another order",
        dates._days_between,
        "this=writing.day(later)",
        "this=writing.day(earlier)",
    ),
    ("hour", "parts by the clock of UTC", typed.Writing.local, "zone or self.zone", '"UTC"'),
    ("todatetime", "the second of two equal hours", typed._first_shown, "(early, late)", "(late, early)"),
    ("weekday", "Monday is 1", dates._weekday, "pieces.number(1)", "pieces.number(0)"),
    ("||", "empty texts are texts", pieces.filled, 'text("")', 'text("x")'),
    ("juxtwords", "words without a blank", texts._joined, 'pieces.text(" ")', 'pieces.text("")'),
    ("substring", "positions from 0", texts._substring, "pieces.whole(start, 1,", "pieces.whole(start, 2,"),
    ("<>", "empty is not unequal", comparing.compared, "pieces.is_not_true(holds)", "exp.Not(this=holds)"),
    ("iif", "the wrong branch", logic._choose, "value.sql, otherwise.sql", "otherwise.sql, value.sql"),
    ("coalesce", "0 is a value", logic._coalesce, "value.is_number", "False"),
    ("todate", "every month has 31 days", casts.to_date, "DATE_PATTERN", "NUMBER_PATTERN"),
    ("area.", "broken links give the last row", reading._through_links, "desc=False", "desc=True"),
]
MUTANTS = [(word, Mutant(name, function, old, new)) for word, name, function, old, new in ROWS]


@pytest.fixture(scope="session")
def expressions(rule_seed: int) -> list[tuple[str, str]]:
    found = ExpressionGenerator(rule_seed).expressions(2_000)
    return sorted(((table, text) for table, text, _kind in found), key=lambda each: len(each[1]))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("word", "mutant"), MUTANTS, ids=[each.name.replace(" ", "-") for _word, each in MUTANTS]
)
def test_an_expression_tells_the_mutant_from_the_oracle(
    calculator: Calculator, expressions: list[tuple[str, str]], word: str, mutant: Mutant
) -> None:
    concerned = [(table, text) for table, text in expressions if word in text.lower()]
    assert any(_differs(calculator, mutant, table, text) for table, text in concerned[:150])


def _differs(calculator: Calculator, mutant: Mutant, table: str, text: str) -> bool:
    try:
        with mutant.at_work():
            found, expected = calculator.both(text, table)
    except psycopg.Error:
        return True
    return any(not same(found[key], value) for key, value in expected.items())
