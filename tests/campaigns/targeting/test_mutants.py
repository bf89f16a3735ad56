"""The comparison with the oracle notices faults: by some rule each mutant selects other rows."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from inspect import unwrap
from types import CodeType
from typing import Any

import psycopg
import pytest

from campaigns.targeting.render import Statement
from tests.campaigns.targeting.conftest import Company
from tests.campaigns.targeting.mutation import MUTANTS, Mutant
from tests.campaigns.targeting.vocabulary import Rule

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Sound:
    """A rule as the compiler without faults writes it, and the functions it went through."""

    table: str
    rule: Rule
    statement: Statement
    functions: frozenset[CodeType]


@pytest.fixture(scope="session")
def sound(company: Company, rules: list[tuple[str, Rule]]) -> list[Sound]:
    return [_compiled(company, table, rule) for table, rule in rules]


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_a_rule_tells_the_mutant_from_the_oracle(
    mutant: Mutant, company: Company, sound: list[Sound]
) -> None:
    changed: Any = unwrap(mutant.function)
    concerned = [each for each in sound if changed.__code__ in each.functions]
    assert any(_differs(mutant, company, each) for each in concerned)


def _compiled(company: Company, table: str, rule: Rule) -> Sound:
    functions: set[CodeType] = set()
    sys.setprofile(lambda frame, _event, _argument: functions.add(frame.f_code))
    try:
        statement = company.statement(rule, table)
    finally:
        sys.setprofile(None)
    return Sound(table, rule, statement, frozenset(functions))


def _differs(mutant: Mutant, company: Company, sound: Sound) -> bool:
    with mutant.at_work():
        statement = company.statement(sound.rule, sound.table)
    return statement != sound.statement and _runs_otherwise(company, statement, sound)


def _runs_otherwise(company: Company, statement: Statement, sound: Sound) -> bool:
    try:
        return company.run(statement) != company.expected(sound.rule, sound.table)
    except psycopg.Error:
        return True
