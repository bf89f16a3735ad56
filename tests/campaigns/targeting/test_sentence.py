from __future__ import annotations

from typing import Any

import pytest

from campaigns.targeting.operators import Operator, operators_of
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.schema import Cardinality, Catalogue, Column, FieldType, Link, Table
from campaigns.targeting.sentence import sentence
from tests.campaigns.targeting.generator import Rule
from tests.campaigns.targeting.world import Described, catalogue


def column(slug: str, kind: str, label: str) -> Column:
    return Column(slug, slug, FieldType(kind), label)


def table(slug: str, label: str, *columns: Column) -> Table:
    return Table(slug, "data", slug, label, {each.slug: each for each in columns}, ("id",))


INCOME = column("income", "integer", "income")
PROFILE = column("profile", "json", "profile")
TABLES = {
    "household": table("household", "Household", INCOME, PROFILE),
    "purchase": table("purchase", "Purchase", column("at", "datetime", "time of purchase")),
    "product": table("product", "Product", column("department", "text", "department")),
}
LINKS = [
    Link("purchases", "purchases", "household", "purchase", (), Cardinality.MANY),
    Link("product", "product", "purchase", "product", (), Cardinality.ONE),
]
SHOP = Catalogue(TABLES, {(link.source, link.slug): link for link in LINKS})
GROCERY = {"kind": "condition", "attribute": "product.department", "operator": "equal", "value": "GROCERY"}
RECENT = {"kind": "condition", "attribute": "at", "operator": "in_period", "value": {"last": 90}}
BOTH = {"kind": "all", "of": [GROCERY, RECENT]}
COUNT = {"kind": "aggregate", "link": "purchases", "function": "count"}
MANY = {**COUNT, "where": BOTH, "operator": "greater_or_equal", "value": 3}


def said(rule: Any) -> str:
    return sentence(parse_rule(rule), SHOP, "household")


def condition(attribute: Any, operator: str, value: Any = None) -> dict[str, Any]:
    return {"kind": "condition", "attribute": attribute, "operator": operator, "value": value}


def test_names_that_nobody_knows_are_shown_as_they_are() -> None:
    assert said(condition("x.y.z", "equal", 1)) == "Household where z of y of x is 1"


def test_no_rule_is_everyone() -> None:
    assert sentence(None, SHOP, "household") == "every Household"


def test_an_aggregate_with_a_filter() -> None:
    assert said(MANY) == (
        "Household where the number of purchases where (department of product is “GROCERY” and "
        "time of purchase is in the last 90 days) is at least 3"
    )


def test_groups_are_told_apart() -> None:
    rich = condition("income", "greater", 50)
    rule = {"kind": "except", "of": [{"kind": "any", "of": [rich, {"kind": "not", "of": rich}]},
                                     {"kind": "exists", "link": "purchases", "negate": True}]}  # fmt: skip
    assert said(rule) == (
        "Household where (income is more than 50 or it is not so that income is more than 50), "
        "except where there is no purchases"
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"last": 1, "unit": "day"}, "in the last 1 day"),
        ({"next": 2, "unit": "week"}, "in the next 2 weeks"),
        ({"older_than": 3, "unit": "month"}, "more than 3 months ago"),
        ({"later_than": 4, "unit": "hour"}, "more than 4 hours ahead"),
        ({"this": "quarter"}, "this quarter"),
        ({"this": "year", "shift": -1}, "1 year before this year"),
        ({"last": 5, "anchor": "data_as_of"}, "in the last 5 days, counted from the variable “data_as_of”"),
    ],
)
def test_periods(value: dict[str, Any], words: str) -> None:
    rule = {"kind": "exists", "link": "purchases", "where": {**RECENT, "value": value}}
    assert said(rule) == f"Household where there is at least one purchases where time of purchase is {words}"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (condition("income", "between", [1, {"variable": "top"}]), "income is from 1 to the variable “top”"),
        (condition("income", "in", list(range(9))), "income is one of 0, 1, 2, 3, 4 and 4 more"),
        (condition("income", "equal", {"attribute": "income"}), "income is income"),
        (condition("income", "is_empty"), "income is empty"),
        (condition({"name": "profile", "path": ["a", "b"]}, "like", "x%"), "a.b of profile is like “x%”"),
        (condition("income", "less", {"today": -3}), "income is before 3 days before today"),
    ],
)
def test_comparisons(rule: dict[str, Any], words: str) -> None:
    assert said(rule) == f"Household where {words}"


def test_every_operator_has_a_sentence() -> None:
    asked = {operator for kind in FieldType for operator in operators_of(kind)}
    assert asked == set(Operator)
    asked -= {Operator.IN_PERIOD, Operator.NOT_IN_PERIOD}  # a period brings its own words
    assert len({said(condition("income", operator, 1)) for operator in asked}) == len(asked)


def test_every_generated_rule_has_a_sentence(
    described: dict[str, Described], rules: list[tuple[str, Rule]]
) -> None:
    known = catalogue(described)
    assert all(sentence(parse_rule(rule), known, table) for table, rule in rules[:300])
