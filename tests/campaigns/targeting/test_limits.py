from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from campaigns.targeting.compile import check_rule
from campaigns.targeting.limits import (
    MAX_DEEP,
    MAX_LEVELS,
    MAX_NODES,
    MAX_TABLES,
    check_size,
    levels_of,
    measured,
)
from campaigns.targeting.problems import RuleError
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.saved_filters import SavedFilter
from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db

LEAF = {"kind": "condition", "attribute": "name", "operator": "is_not_empty"}


def test_the_limits_are_those_that_the_documentation_names() -> None:
    assert (MAX_NODES, MAX_LEVELS, MAX_TABLES, MAX_DEEP) == (10_000, 100, 500, 100)


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


def refusal_of(data: object) -> tuple[str, str]:
    with pytest.raises(RuleError) as caught:
        check_size(data)
    (problem,) = caught.value.problems
    return problem.code, problem.message


@pytest.mark.parametrize("wrap", [lambda inner: {"of": inner}, lambda inner: {"of": [inner]}])
def test_a_hundred_levels_are_no_fault_and_one_more_is(wrap: Any) -> None:
    check_size(nested({}, wrap, MAX_LEVELS - 1))
    told = ("too_deep", "The rule is nested more than 100 levels deep.")
    assert refusal_of(nested({}, wrap, MAX_LEVELS)) == told


def test_ten_thousand_parts_are_no_fault_and_one_more_is() -> None:
    check_size({"value": ["x"] * (MAX_NODES - 2)})
    told = ("too_large", "The rule has more than 10000 parts.")
    assert refusal_of({"value": ["x"] * (MAX_NODES - 1)}) == told


@pytest.mark.parametrize(
    ("data", "parts", "levels"),
    [
        ({}, 1, 1),
        ({"kind": "x", "n": 3}, 1, 1),
        ({"of": {}}, 2, 2),
        ({"of": [{}, {"of": {}}]}, 5, 3),
        ({"value": [1, 2]}, 4, 2),
        ({"value": ([1], 2)}, 5, 3),
    ],
)
def test_parts_and_levels_are_counted(data: object, parts: int, levels: int) -> None:
    assert measured(data) == (parts, levels)


@pytest.mark.parametrize(("place", "levels"), [("", 0), ("/of", 1), ("/of/1", 1), ("/of/1/where/of/0", 3)])
def test_levels_lead_to_a_place(place: str, levels: int) -> None:
    assert levels_of(place) == levels


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


def test_filters_and_groups_written_out_are_not_deeper_than_a_rule_may_be(company: Company) -> None:
    """Three filters that are each as deep as allowed would be walked by recursion, by PostgreSQL too."""
    inner = SavedFilter(label="inner", table="person", rule=nested(LEAF, WRAPS["groups"], MAX_LEVELS - 2))
    used = nested({"kind": "filter", "filter": "inner"}, WRAPS["groups"], MAX_LEVELS - 2)
    outer = SavedFilter(label="outer", table="person", rule=used)
    known = replace(company.catalogue, filters={"inner": inner, "outer": outer})
    asked = [{"kind": "filter", "filter": name} for name in ("inner", "outer")]
    found = [
        check_rule(parse_rule(rule), replace(company.scope("person"), catalogue=known)) for rule in asked
    ]
    assert [[problem.code for problem in problems] for problems in found] == [[], ["too_deep"]]


@pytest.mark.parametrize("group", ["all", "any"])
@pytest.mark.parametrize("wrap", ["exists", "aggregate", "nth"])
def test_too_many_looks_into_linked_tables_are_refused(company: Company, group: str, wrap: str) -> None:
    """PostgreSQL would plan such a statement for minutes, and take gigabytes for it."""
    rule = {"kind": group, "of": [WRAPS[wrap](LEAF)] * (MAX_TABLES + 1)}
    assert company.refusals(rule) == [("", "too_many_tables")]


def test_as_many_looks_as_allowed_run(company: Company) -> None:
    rule = {"kind": "any", "of": [WRAPS["exists"](LEAF)] * MAX_TABLES}
    assert company.selected(rule) == company.selected(WRAPS["exists"](LEAF))


def test_links_behind_links_without_end_are_refused(company: Company) -> None:
    there_and_back = {"kind": "exists", "link": "referrals.referrer", "where": LEAF}
    rule = nested(LEAF, lambda rule: {**there_and_back, "where": rule}, MAX_LEVELS - 1)
    assert company.refusals(rule) == [("", "links_too_deep")]
