"""Laws that hold whatever a rule means: negation, groups and counts agree with sets."""

from __future__ import annotations

import psycopg
import pytest

from campaigns.targeting.render import render
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.statements import count_statement
from tests.campaigns.targeting.conftest import Company
from tests.campaigns.targeting.generator import Rule, RuleGenerator
from tests.campaigns.targeting.world import Described

pytestmark = pytest.mark.django_db

Couple = tuple[Rule, Rule]


@pytest.fixture(scope="module")
def couples(described: dict[str, Described], rule_seed: int) -> list[Couple]:
    generator = RuleGenerator(rule_seed + 1_000, described)
    return [(generator.rule("person", 2), generator.rule("person", 2)) for _ in range(150)]


def test_a_rule_and_its_negation_split_everyone(company: Company, couples: list[Couple]) -> None:
    for rule, _other in couples:
        yes, no = company.selected(rule), company.selected({"kind": "not", "of": rule})
        assert (yes | no, yes & no) == (company.everyone(), set()), rule


def test_not_not_is_the_rule(company: Company, couples: list[Couple]) -> None:
    for rule, _other in couples:
        twice = {"kind": "not", "of": {"kind": "not", "of": rule}}
        assert company.selected(twice) == company.selected(rule), rule


def test_de_morgan(company: Company, couples: list[Couple]) -> None:
    for one, other in couples:
        neither = {"kind": "not", "of": {"kind": "any", "of": [one, other]}}
        both_not = {"kind": "all", "of": [{"kind": "not", "of": one}, {"kind": "not", "of": other}]}
        assert company.selected(neither) == company.selected(both_not), (one, other)


def test_groups_are_sets(company: Company, couples: list[Couple]) -> None:
    for one, other in couples:
        first, second = company.selected(one), company.selected(other)
        for kind, expected in (("all", first & second), ("any", first | second), ("except", first - second)):
            assert company.selected({"kind": kind, "of": [one, other]}) == expected, (kind, one, other)


def test_the_count_is_the_number_of_keys(company: Company, couples: list[Couple]) -> None:
    for rule, _other in couples:
        statement = render(count_statement(parse_rule(rule), company.scope("person")))
        assert company.run(statement) == {(len(company.selected(rule)),)}, rule


def test_values_bound_by_the_client_select_the_same(company: Company, couples: list[Couple]) -> None:
    cursor = psycopg.ClientCursor(company.database)
    for rule, _other in couples:
        statement = company.statement(rule, "person")
        found = cursor.execute(statement.sql, statement.parameters).fetchall()  # type: ignore[arg-type]
        assert set(found) == company.selected(rule), rule
