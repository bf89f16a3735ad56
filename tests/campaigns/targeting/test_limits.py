from __future__ import annotations

from typing import Any

import pytest

from campaigns.targeting.limits import MAX_LEVELS, MAX_NODES
from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db

LEAF = {"kind": "condition", "attribute": "name", "operator": "is_not_empty"}


def nested(rule: Any, wrap: Any, levels: int) -> Any:
    for _ in range(levels):
        rule = wrap(rule)
    return rule


WRAPS = {
    "not": lambda rule: {"kind": "not", "of": rule},
    "groups": lambda rule: {"kind": "any", "of": [rule, LEAF]},
    "exists": lambda rule: {"kind": "exists", "link": "referrals", "where": rule},
    "aggregate": lambda rule: {"kind": "aggregate", "link": "referrals", "function": "count", "where": rule,
                               "operator": "less", "value": 2},
    "compared aggregate": lambda rule: {"kind": "aggregate", "link": "referrals", "function": "count", "where": rule,
                                        "operator": "less", "value": {"attribute": "age"}},
    "nth": lambda rule: {"kind": "nth", "link": "referrals", "by": "age", "where": rule},
    "nth among": lambda rule: {"kind": "nth", "link": "referrals", "by": "age", "among": rule},
}  # fmt: skip


def test_a_rule_too_deep_is_refused_before_it_is_walked(company: Company) -> None:
    assert company.refusals(nested(LEAF, WRAPS["not"], 100_000)) == [("", "too_deep")]


def test_one_level_too_many_is_refused(company: Company) -> None:
    assert company.refusals(nested(LEAF, WRAPS["exists"], MAX_LEVELS)) == [("", "too_deep")]


def test_too_many_parts_are_refused(company: Company) -> None:
    rule = {"kind": "condition", "attribute": "name", "operator": "in", "value": ["x"] * MAX_NODES}
    assert company.refusals(rule) == [("", "too_large")]


def test_lists_in_lists_are_no_way_around(company: Company) -> None:
    assert company.refusals(nested([], lambda inner: [inner], 100_000)) == [("", "too_deep")]


@pytest.mark.parametrize("wrap", sorted(WRAPS))
def test_a_rule_as_deep_as_allowed_runs(company: Company, wrap: str) -> None:
    assert company.selected(nested(LEAF, WRAPS[wrap], MAX_LEVELS - 1)) <= company.everyone()


def test_sequences_as_deep_as_allowed_run(company: Company) -> None:
    def step(rule: Any) -> Any:
        return {"kind": "sequence", "link": "referrals", "at": "born", "steps": [{"where": rule}, {}]}

    assert company.selected(nested(LEAF, step, (MAX_LEVELS - 1) // 2)) <= company.everyone()


def test_a_list_as_long_as_allowed_runs(company: Company) -> None:
    people = [str(number) for number in range(MAX_NODES - 2)]
    rule = {"kind": "condition", "attribute": "id", "operator": "in", "value": people}
    assert company.selected(rule) == company.everyone()


def test_many_conditions_in_one_group_run(company: Company) -> None:
    assert company.selected({"kind": "all", "of": [LEAF] * 2_000}) == company.selected(LEAF)
