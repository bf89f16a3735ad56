"""The comparison with the oracle notices faults: by some rule each mutant selects other rows."""

from __future__ import annotations

import pytest

from campaigns.targeting.render import Statement
from tests.campaigns.targeting.conftest import Company
from tests.campaigns.targeting.generator import Rule
from tests.campaigns.targeting.mutation import MUTANTS, Mutant

pytestmark = pytest.mark.django_db
Rules = list[tuple[str, Rule]]


@pytest.fixture(scope="session")
def sound(company: Company, rules: Rules) -> list[Statement]:
    return [company.statement(rule, table) for table, rule in rules]


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_a_rule_tells_the_mutant_from_the_oracle(
    mutant: Mutant, company: Company, rules: Rules, sound: list[Statement]
) -> None:
    assert any(
        _differs(mutant, company, rule, statement) for rule, statement in zip(rules, sound, strict=True)
    )


def _differs(mutant: Mutant, company: Company, rule: tuple[str, Rule], sound: Statement) -> bool:
    table, tree = rule
    with mutant.at_work():
        statement = company.statement(tree, table)
    return statement != sound and company.run(statement) != company.expected(tree, table)
