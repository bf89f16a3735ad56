"""Generated rules decided twice: as SQL by PostgreSQL, and row by row by the oracle."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.campaigns.targeting.conftest import FULL, Company
from tests.campaigns.targeting.generator import RuleGenerator
from tests.campaigns.targeting.vocabulary import KINDS, PAIRS, Rule
from tests.campaigns.targeting.world import Described

pytestmark = pytest.mark.django_db

NUMBER = 20_000 if FULL else 1_200


@pytest.mark.slow
@pytest.mark.timeout(6 * 3_600 if FULL else 3_600)
def test_rules_select_whom_the_oracle_selects(
    company: Company, described: dict[str, Described], rule_seed: int
) -> None:
    between, generator = Counter[bool](), RuleGenerator(rule_seed, described)
    for number, (table, rule) in enumerate(generator.rules(NUMBER)):
        expected = company.expected(rule, table)
        found = company.selected(rule, table)
        assert found == expected, _told(rule_seed, number, table, rule)
        if not number % 1_000:
            print(f"seed {rule_seed}: {number} rules so far, 0 differences", flush=True)
        between[0.01 <= len(expected) / len(company.tables[table].rows) <= 0.99] += 1

    share = between[True] / NUMBER
    print(f"seed {rule_seed}: {NUMBER} rules, 0 differences, {share:.0%} select 1-99 %")
    print(f"nodes: {dict(generator.kinds)}, least used pair {min(generator.used.values())} times")
    assert share >= 0.6


def test_no_operator_of_any_type_and_no_kind_of_node_is_rare(
    described: dict[str, Described], rule_seed: int
) -> None:
    generator = RuleGenerator(rule_seed, described)
    list(generator.rules(NUMBER))

    assert {pair: generator.used[pair] for pair in PAIRS if generator.used[pair] < 10} == {}
    assert {kind: generator.kinds[kind] for kind in KINDS if generator.kinds[kind] < 100} == {}


def _told(seed: int, number: int, table: str, rule: Rule) -> str:
    return f"seed {seed}, rule {number} over {table}: {json.dumps(rule, ensure_ascii=False)}"
