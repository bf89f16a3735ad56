from __future__ import annotations

from typing import Any

import pytest

from campaigns.targeting.render import render
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.statements import select_keys
from tests.campaigns.targeting.conftest import Company
from tests.campaigns.targeting.vocabulary import Rule

pytestmark = pytest.mark.django_db

FIGURE: Rule = {
    "kind": "aggregate",
    "link": "orders",
    "function": "count",
    "operator": "greater",
    "value": 0,
}
NEVER: Rule = {**FIGURE, "operator": "equal"}


def condition(attribute: Any, operator: str, value: Any) -> Rule:
    return {"kind": "condition", "attribute": attribute, "operator": operator, "value": value}


def group(kind: str, *rules: Rule) -> Rule:
    return {"kind": kind, "of": list(rules)}


PLAIN = condition("name", "greater", "a")


def times_asked(company: Company, rule: Rule, **scope: Any) -> int:
    """How many parameters the statement has: the constant of a repeated condition is there twice."""
    statement = render(select_keys(parse_rule(rule), company.scope("person", **scope)))
    return list(statement.parameters).count("a")


@pytest.mark.parametrize(
    "rule",
    [
        group("any", PLAIN, FIGURE),
        {"kind": "not", "of": group("all", PLAIN, FIGURE)},
        group("all", PLAIN, {"kind": "exists", "link": "orders"}),
        group("all", group("any", PLAIN, PLAIN), FIGURE),
        group("all", condition("name", "greater", {"attribute": "nick"}), FIGURE),
        group("all", condition("city.country", "greater", "a"), FIGURE),
    ],
    ids=["any", "not all", "no figure", "a group", "two attributes", "behind a link"],
)
def test_what_does_not_hold_for_all_that_matter_is_not_repeated(company: Company, rule: Rule) -> None:
    assert "MATERIALIZED" not in company.statement(rule, "person").sql
    assert company.selected(rule) == company.expected(rule)


@pytest.mark.parametrize("figure", [FIGURE, NEVER], ids=["some", "none"])
@pytest.mark.parametrize("form", ["all", "nested", "not any", "except", "not plain"])
def test_a_plain_condition_beside_a_figure_narrows_it(company: Company, figure: Rule, form: str) -> None:
    rule = {
        "all": group("all", PLAIN, figure),
        "nested": group("all", PLAIN, group("any", figure, condition("id", "less", 3))),
        "not any": {"kind": "not", "of": group("any", PLAIN, figure)},
        "except": group("except", figure, PLAIN),
        "not plain": group("all", {"kind": "not", "of": PLAIN}, figure),
    }[form]
    assert times_asked(company, rule) == 2
    assert company.selected(rule) == company.expected(rule)


def test_nobody_narrows_what_is_asked_of_a_few(company: Company) -> None:
    rule = group("all", PLAIN, FIGURE)
    few = render(select_keys(parse_rule(rule), company.scope("person", asks_few=True)))
    assert list(few.parameters).count("a") == 1
    assert "MATERIALIZED" not in few.sql
    assert company.run(few) == company.expected(rule)


def test_a_wrong_condition_is_told_once(company: Company) -> None:
    rule = group("all", condition("name", "greater", 7), FIGURE)
    assert company.refusals(rule) == [("/of/0/value", "wrong_type")]
