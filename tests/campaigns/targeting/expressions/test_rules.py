"""Expressions in their places inside rules."""

from __future__ import annotations

import pytest

from campaigns.targeting.rules import dump_rule, parse_rule
from campaigns.targeting.sentence import sentence
from tests.campaigns.targeting.conftest import Company
from tests.campaigns.targeting.generator import Rule

pytestmark = pytest.mark.django_db


def condition(attribute: object, operator: str, **more: object) -> Rule:
    return {"kind": "condition", "attribute": attribute, "operator": operator, **more}


def test_a_fault_in_a_rule_has_the_path_of_the_expression(company: Company) -> None:
    rule = {"kind": "all", "of": [condition({"expression": "agee + 1"}, "equal", value=1)]}
    assert company.refusals(rule) == [("/of/0/attribute/expression", "expression_unknown_attribute")]
    rule = condition("age", "in", value=[1, {"expression": "1 +"}])
    assert company.refusals(rule) == [("/value/1/expression", "expression_unfinished")]


@pytest.mark.parametrize("wrong", [{"expression": ""}, {"expression": 5}, {"expression": "1", "name": "x"}])
def test_a_misshapen_expression_is_refused(company: Company, wrong: object) -> None:
    assert company.refusals(condition(wrong, "equal", value=1)) != []


def test_the_operator_has_to_suit_what_the_expression_gives(company: Company) -> None:
    rule = condition({"expression": "Length(name)"}, "starts_with", value="a")
    assert company.refusals(rule) == [("/operator", "wrong_operator")]
    rule = condition("age", "equal", value={"expression": "Upper(name)"})
    assert company.refusals(rule) == [("/value", "incomparable")]


def people(company: Company, holds: object) -> set[tuple[object, ...]]:
    return {(row["id"],) for row in company.tables["person"].rows if holds(row)}  # type: ignore[operator]


def test_an_expression_stands_for_an_attribute(company: Company) -> None:
    rule = condition({"expression": "age * 2"}, "greater", value=60)
    assert company.selected(rule) == people(company, lambda row: (row["age"] or 0) * 2 > 60)


def test_a_negative_operator_holds_of_an_empty_value(company: Company) -> None:
    rule = condition({"expression": "age + 0"}, "not_equal", value=30)
    assert company.selected(rule) == people(company, lambda row: row["age"] != 30)


def test_an_expression_is_compared_with(company: Company) -> None:
    rule = condition("age", "between", value=[{"expression": "10 + 10"}, {"expression": "$whole * 10"}])
    assert company.selected(rule) == people(company, lambda row: 20 <= (row["age"] or 0) <= 30)


def test_a_truth_value_stands_with_is_true(company: Company) -> None:
    rule = condition({"expression": "age > 30 or vip"}, "is_true")
    assert company.selected(rule) == people(company, lambda row: (row["age"] or 0) > 30 or row["vip"] is True)


def test_inside_an_aggregate_it_is_of_each_linked_row(company: Company) -> None:
    rule = {"kind": "aggregate", "link": "orders", "function": "sum", "operator": "greater", "value": 300}
    doubled = company.selected({**rule, "attribute": {"expression": "total * 2"}})
    assert doubled == company.selected({**rule, "attribute": "total", "value": 150})


def test_a_figure_of_linked_rows_equals_the_rule_on_them(company: Company) -> None:
    rule = {"kind": "aggregate", "link": "orders", "function": "count", "operator": "greater", "value": 2}
    assert company.selected(rule) == company.selected(
        condition({"expression": "Count(orders)"}, "greater", value=2)
    )


def test_it_survives_the_document_and_is_put_into_words(company: Company) -> None:
    rule = condition({"expression": "DaysDiff(GetDate(), born)\n / 365"}, "less", value={"expression": "age"})
    parsed = parse_rule(rule)
    assert dump_rule(parsed) == rule
    words = sentence(parsed, company.catalogue, "person")
    assert words == "person where “DaysDiff(GetDate(), born) / 365” is less than “age”"
