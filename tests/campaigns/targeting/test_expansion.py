"""Saved filters in rules: whom they select, and how they are refused."""

from __future__ import annotations

import dataclasses
import json
import random
from typing import Any

import pytest

from campaigns.targeting.compile import check_rule
from campaigns.targeting.expansion import MOST_NESTED, bind, parameters_in
from campaigns.targeting.limits import MAX_NODES
from campaigns.targeting.problems import RuleError
from campaigns.targeting.render import render
from campaigns.targeting.rules import dump_rule, parse_rule
from campaigns.targeting.saved_filters import SavedFilter
from campaigns.targeting.sentence import sentence
from campaigns.targeting.statements import select_keys
from tests.campaigns.targeting.conftest import Company
from tests.campaigns.targeting.generator import Rule

pytestmark = pytest.mark.django_db

RICH = {
    "label": "Rich",
    "table": "person",
    "parameters": [
        {"name": "least", "type": "number", "label": "At least", "default": 100},
        {"name": "zones", "type": "text", "many": True},
    ],
    "rule": {
        "kind": "all",
        "of": [
            {
                "kind": "condition",
                "attribute": "credit",
                "operator": "greater",
                "value": {"parameter": "least"},
            },
            {"kind": "condition", "attribute": "zip", "operator": "in", "value": {"parameter": "zones"}},
        ],
    },
}
HAS_NAME = {"kind": "condition", "attribute": "name", "operator": "is_not_empty"}


def saved(**changes: Any) -> SavedFilter:
    return SavedFilter.model_validate(RICH | changes)


def use(slug: str = "rich", **parameters: Any) -> Rule:
    return {"kind": "filter", "filter": slug, "parameters": parameters}


def refusals(company: Company, rule: Any, **filters: SavedFilter) -> list[tuple[str, str]]:
    scope = company.scope("person", catalogue=dataclasses.replace(company.catalogue, filters=filters))
    return [(each.path, each.code) for each in check_rule(parse_rule(rule), scope)]


@pytest.mark.parametrize(
    ("parameters", "place", "code"),
    [
        ({}, "/parameters/zones", "missing_parameter"),
        ({"zones": "1"}, "/parameters/zones", "wrong_parameter"),
        ({"zones": []}, "/parameters/zones", "wrong_parameter"),
        ({"zones": ["1"], "least": True}, "/parameters/least", "wrong_parameter"),
        ({"zones": ["1"], "least": {"last": 3}}, "/parameters/least", "wrong_parameter"),
        ({"zones": ["1"], "most": 3}, "/parameters/most", "unknown_parameter"),
        ({"zones": ["1"], "least": "much"}, "", "wrong_type"),
        ({"zones": ["1"], "least": {"variable": "nowhere"}}, "", "unknown_variable"),
        ({"zones": ["1"], "least": {"parameter": "x"}}, "", "unbound_parameter"),
    ],
)
def test_values_that_do_not_suit_are_refused_at_their_place(
    company: Company, parameters: dict[str, Any], place: str, code: str
) -> None:
    rule = {"kind": "not", "of": use(**parameters)}
    (found,) = refusals(company, rule, rich=saved())
    assert found == ("/of" + place, code)


@pytest.mark.parametrize(
    ("kind", "wrong", "suitable", "remedy"),
    [
        ("text", 3, "x", "Give a text."),
        ("number", True, 2.5, "Give a number."),
        ("date", 20301231, "2030-12-31", "Give a date as 2030-12-31, or a relative date."),
        ("date", 1.5, {"today": -1}, "Give a date as 2030-12-31, or a relative date."),
        ("boolean", "true", False, "Give true or false."),
    ],
)
def test_a_parameter_takes_values_of_its_type_only(
    company: Company, kind: str, wrong: Any, suitable: Any, remedy: str
) -> None:
    filters = {
        many: saved(
            parameters=[{"name": "it", "type": kind, "label": "It", "many": many == "many"}], rule=HAS_NAME
        )
        for many in ("one", "many")
    }
    catalogue = dataclasses.replace(company.catalogue, filters=filters)

    def told(slug: str, value: Any) -> list[tuple[str, str, str]]:
        found = check_rule(parse_rule(use(slug, it=value)), company.scope("person", catalogue=catalogue))
        return [(each.path, each.message, each.remedy) for each in found]

    message = "This does not suit the parameter “It”."
    assert told("one", wrong) == [("/parameters/it", message, remedy)]
    assert told("many", [wrong]) == [("/parameters/it", message, f"{remedy} It is a list of such values.")]
    assert told("one", suitable) == told("many", [suitable, suitable]) == []


@pytest.mark.parametrize("value", [[{"last": 3}], [None], None, {"kind": "all"}])
def test_what_is_no_value_at_all_is_said_to_be_none(value: Any) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule({"kind": "not", "of": use(zones=value)})
    (problem,) = caught.value.problems
    assert problem.path.startswith("/of/parameters/zones")
    assert (problem.code, problem.message) == (
        "unknown_value",
        "This is no value that a rule can compare with.",
    )


def test_a_period_is_a_parameter_of_its_own_kind(company: Company) -> None:
    recent = saved(
        parameters=[{"name": "when", "type": "period"}],
        rule={
            "kind": "condition",
            "attribute": "born",
            "operator": "in_period",
            "value": {"parameter": "when"},
        },
    )
    scope = company.scope(
        "person", catalogue=dataclasses.replace(company.catalogue, filters={"recent": recent})
    )
    (problem,) = check_rule(parse_rule(use("recent", when="2030")), scope)
    assert (problem.path, problem.remedy) == (
        "/parameters/when",
        "Give a period such as {last: 30, unit: day}.",
    )
    assert not check_rule(parse_rule(use("recent", when={"last": 3})), scope)


def test_a_filter_nobody_shares_is_unknown_and_the_nearest_is_named(company: Company) -> None:
    scope = company.scope(
        "person", catalogue=dataclasses.replace(company.catalogue, filters={"rich": saved()})
    )
    (problem,) = check_rule(parse_rule(use("rch")), scope)
    assert (problem.path, problem.code) == ("/filter", "unknown_filter")
    assert "rich" in problem.remedy


def test_a_filter_of_another_table_is_refused(company: Company) -> None:
    rule = {"kind": "exists", "link": "orders", "where": use(zones=["1"])}
    assert refusals(company, rule, rich=saved()) == [("/where/filter", "wrong_filter_table")]


def test_the_refusal_names_both_tables_by_their_labels(company: Company) -> None:
    known = dataclasses.replace(company.catalogue, filters={"rich": saved()})
    rule = parse_rule({"kind": "exists", "link": "orders", "where": use(zones=["1"])})
    (problem,) = check_rule(rule, company.scope("person", catalogue=known))
    its, here = (known.tables[each].label for each in ("person", "order"))
    assert its
    assert f"is about {its}, and this is a place for {here}." in problem.message


def test_what_is_wrong_inside_is_told_where_the_filter_is_used(company: Company) -> None:
    broken = saved(parameters=[], rule={"kind": "condition", "attribute": "gone", "operator": "is_empty"})
    rule = {"kind": "all", "of": [HAS_NAME, use()]}
    assert refusals(company, rule, rich=broken) == [("/of/1", "unknown_attribute")]


def test_filters_that_use_each_other_end_in_a_refusal(company: Company) -> None:
    one, two = saved(parameters=[], rule=use("two")), saved(parameters=[], rule=use("one"))
    assert refusals(company, use("one"), one=one, two=two) == [("", "filter_circle")]


def test_filters_nested_too_deeply_are_refused(company: Company) -> None:
    chain = {f"f{n}": saved(parameters=[], rule=use(f"f{n + 1}")) for n in range(MOST_NESTED + 1)}
    chain[f"f{MOST_NESTED + 1}"] = saved(parameters=[], rule=HAS_NAME)
    assert refusals(company, use("f1"), **chain) == [("", "filters_too_deep")]
    assert refusals(company, use("f2"), **chain) == []


def test_filters_within_filters_cannot_multiply_without_end(company: Company) -> None:
    inner = saved(parameters=[], rule={"kind": "any", "of": [HAS_NAME] * 900})
    outer = saved(parameters=[], rule={"kind": "any", "of": [use("inner")] * 50})
    codes = {code for _place, code in refusals(company, use("outer"), inner=inner, outer=outer)}
    assert codes == {"too_large"}
    many = {"kind": "any", "of": [use("one")] * 300}
    assert ("/of/200", "too_many_filters") in refusals(company, many, one=saved(parameters=[], rule=HAS_NAME))
    assert MAX_NODES == 10_000


def test_a_parameter_outside_a_filter_is_refused(company: Company) -> None:
    rule = {"kind": "condition", "attribute": "name", "operator": "equal", "value": {"parameter": "x"}}
    assert company.refusals(rule) == [("/value", "unbound_parameter")]


def test_a_parameter_named_twice_is_no_filter() -> None:
    twice = {"name": "x", "type": "text"}
    with pytest.raises(ValueError, match="named twice"):
        saved(parameters=[twice, twice])


def test_a_filter_that_was_frozen_needs_no_other(company: Company) -> None:
    frozen = saved(parameters=[], rule=HAS_NAME).model_dump(mode="json", exclude_defaults=True)
    node = {"kind": "filter", "filter": "gone", "frozen": frozen}
    assert dump_rule(parse_rule(node)) == node
    assert company.selected(node) == company.selected(HAS_NAME) != company.everyone()


def test_the_parameters_of_a_frozen_filter_are_its_own() -> None:
    inner = {"label": "In", "table": "person", "rule": {"kind": "all", "of": [{"parameter": "least"}]}}
    rule = {"kind": "filter", "filter": "in", "parameters": {"x": {"parameter": "least"}}, "frozen": inner}
    bound = bind(saved(rule=rule), {"least": 7})
    assert bound["parameters"] == {"x": 7}
    assert bound["frozen"] == inner
    assert parameters_in(inner["rule"]) == {"least"}
    assert parameters_in({"kind": "filter", "frozen": inner}) == set()


def test_the_negation_of_a_filter_reaches_into_it(company: Company) -> None:
    scope = company.scope(
        "person", catalogue=dataclasses.replace(company.catalogue, filters={"rich": saved()})
    )
    written = select_keys(
        parse_rule({"kind": "not", "of": bind(saved(), {"least": 5, "zones": ["1"]})}), scope
    )
    referred = select_keys(parse_rule({"kind": "not", "of": use(least=5, zones=["1"])}), scope)
    assert render(referred) == render(written)


def test_the_sentence_names_the_filter_and_its_values(company: Company) -> None:
    known = dataclasses.replace(company.catalogue, filters={"rich": saved()})
    words = sentence(parse_rule(use(least=5, zones=["1", "2"])), known, "person")
    assert "the filter “Rich” holds (At least: 5; zones: “1”, “2”)" in words
    assert sentence(parse_rule(use(least=3)), known, "person").endswith(
        "the filter “Rich” holds (At least: 3)"
    )
    assert "the filter “poor” holds" in sentence(parse_rule(use("poor")), known, "person")


def test_filters_select_whom_the_oracle_selects(
    company: Company, rules: list[tuple[str, Rule]], rule_seed: int
) -> None:
    rng = random.Random(rule_seed)
    compared = 0
    for table, rule in rng.sample(rules, 80):
        node = wrapped(rule, table, rng)
        told = json.dumps(node, ensure_ascii=False)
        assert company.selected(node, table) == company.expected(node, table), told
        compared += bool(node["parameters"])
    assert compared > 20


def wrapped(rule: Rule, table: str, rng: random.Random) -> Rule:
    """A filter that stands for the rule: some of its values are parameters, and some of those have defaults."""
    described: list[dict[str, Any]] = []
    given: dict[str, Any] = {}
    taken = _parametrised(rule, described, given, rng)
    frozen = {"label": "Wrapped", "table": table, "rule": taken, "parameters": described}
    return {"kind": "filter", "filter": "wrapped", "parameters": given, "frozen": frozen}


_TYPES = {bool: "boolean", str: "text", int: "number", float: "number"}


def _parametrised(part: Any, described: list[Any], given: dict[str, Any], rng: random.Random) -> Any:
    if isinstance(part, list):
        return [_parametrised(each, described, given, rng) for each in part]
    if not isinstance(part, dict):
        return part
    whole = {name: _parametrised(each, described, given, rng) for name, each in part.items()}
    value = whole.get("value")
    if type(value) not in _TYPES or len(described) == 20 or whole["operator"].endswith("like"):
        return whole
    name = f"p{len(described)}"
    parameter = {"name": name, "type": _TYPES[type(value)]}
    if rng.random() < 0.3:
        parameter["default"] = value
    else:
        given[name] = value
    described.append(parameter)
    return whole | {"value": {"parameter": name}}
