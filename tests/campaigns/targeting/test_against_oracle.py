"""Generated rules decided twice: as SQL by PostgreSQL, and row by row by the oracle."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.campaigns.targeting.conftest import Company
from tests.campaigns.targeting.generator import PAIRS, Rule, RuleGenerator
from tests.campaigns.targeting.world import Described

pytestmark = pytest.mark.django_db


def test_every_operator_meets_every_type_of_its_own_ten_times(
    described: dict[str, Described], rule_seed: int
) -> None:
    generator = RuleGenerator(rule_seed, described)
    list(generator.rules(2_000))

    rare = {pair: generator.used[pair] for pair in PAIRS if generator.used[pair] < 10}
    assert rare == {}


@pytest.mark.slow
def test_2000_rules_select_whom_the_oracle_selects(
    company: Company, rules: list[tuple[str, Rule]], rule_seed: int
) -> None:
    between = Counter[bool]()
    for number, (table, rule) in enumerate(rules):
        expected = company.expected(rule, table)
        found = company.selected(rule, table)
        assert found == expected, _told(rule_seed, number, table, rule)
        between[0.01 <= len(expected) / len(company.tables[table].rows) <= 0.99] += 1

    share = between[True] / len(rules)
    print(f"seed {rule_seed}: {len(rules)} rules, 0 differences, {share:.0%} select 1-99 %")
    assert share >= 0.6


def _told(seed: int, number: int, table: str, rule: Rule) -> str:
    return f"seed {seed}, rule {number} over {table}: {json.dumps(rule, ensure_ascii=False)}"
