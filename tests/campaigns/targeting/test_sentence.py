from __future__ import annotations

from typing import Any

import pytest

from campaigns.targeting.operators import Operator, operators_of
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.schema import Audience, Cardinality, Catalogue, Column, FieldType, Link, Table
from campaigns.targeting.sentence import attribute_words, phrase, sentence
from tests.campaigns.targeting.vocabulary import Rule
from tests.campaigns.targeting.world import Described, catalogue


def column(slug: str, kind: str, label: str) -> Column:
    return Column(slug, slug, FieldType(kind), label)


def table(slug: str, label: str, *columns: Column) -> Table:
    return Table(slug, "data", slug, label, {each.slug: each for each in columns}, ("id",))


INCOME = column("income", "integer", "income")
PROFILE = column("profile", "json", "profile")
LANGUAGE = Column("language", "language", FieldType.TEXT, "language", enumeration={"ko": "Korean"})
TABLES = {
    "household": table("household", "Household", INCOME, PROFILE, LANGUAGE),
    "purchase": table(
        "purchase",
        "Purchase",
        column("at", "datetime", "time of purchase"),
        column("amount", "decimal", "amount"),
    ),
    "product": table("product", "Product", column("department", "text", "department")),
}
LINKS = [
    Link("purchases", "purchases", "household", "purchase", (), Cardinality.MANY),
    Link("product", "product", "purchase", "product", (), Cardinality.ONE),
]
LOYAL = Audience("loyal", "Loyal", "household", "household", "id")
SHOP = Catalogue(TABLES, {(link.source, link.slug): link for link in LINKS}, audiences={"loyal": LOYAL})
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


def test_a_rule_is_told_of_a_row_and_an_attribute_by_its_labels() -> None:
    assert phrase(parse_rule(MANY), SHOP, "household").startswith("there are at least 3 purchases where ")
    assert phrase(parse_rule(GROCERY), SHOP, "purchase") == "department of product is “GROCERY”"
    assert attribute_words("product.department", SHOP, "purchase") == "department of product"
    assert attribute_words("gone", SHOP, "nowhere") == "gone"


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("income\n  +   1", "income + 1"),
        ("1" * 200, "1" * 200),
        ("1" * 201, "1" * 199 + "…"),
    ],
)
def test_a_formula_is_told_on_one_line(formula: str, shown: str) -> None:
    rule = condition({"expression": formula}, "equal", 1)
    assert said(rule) == f"Household where “{shown}” is 1"
    assert (
        said(condition("income", "equal", {"expression": formula})) == f"Household where income is “{shown}”"
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"now": 0}, "now"),
        ({"now": -1}, "1 hour ago"),
        ({"now": 1}, "1 hour from now"),
        ({"now": -2, "unit": "minute"}, "2 minutes ago"),
        ({"today": 0}, "today"),
        ({"today": -1}, "1 day before today"),
        ({"today": 1}, "1 day after today"),
    ],
)
def test_moments(value: dict[str, Any], words: str) -> None:
    rule = {"kind": "exists", "link": "purchases", "where": condition("at", "less", value)}
    assert said(rule) == f"Household with purchases where time of purchase is before {words}"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"this": "week", "shift": 0}, "in this week"),
        ({"this": "week", "shift": 1}, "in the following week"),
        ({"this": "month", "shift": -1}, "in the previous month"),
        ({"next": 1}, "in the next 1 day"),
    ],
)
def test_calendar_units(value: dict[str, Any], words: str) -> None:
    rule = {"kind": "exists", "link": "purchases", "where": {**RECENT, "value": value}}
    assert said(rule) == f"Household with purchases where time of purchase is {words}"


def test_an_aggregate_with_a_filter() -> None:
    assert said({**MANY, "function": "sum", "attribute": "amount"}) == (
        "Household where the total amount of (purchases where (department of product is “GROCERY” and "
        "time of purchase is in the last 90 days)) is at least 3"
    )


def test_groups_are_told_apart() -> None:
    rich = condition("income", "greater", 50)
    rule = {"kind": "except", "of": [{"kind": "any", "of": [rich, {"kind": "not", "of": rich}]},
                                     {"kind": "exists", "link": "purchases", "negate": True}]}  # fmt: skip
    assert said(rule) == (
        "Household where (income is more than 50 or it is not so that income is more than 50), "
        "except where there are no purchases"
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"last": 1, "unit": "day"}, "in the last 1 day"),
        ({"next": 2, "unit": "week"}, "in the next 2 weeks"),
        ({"older_than": 3, "unit": "month"}, "more than 3 months ago"),
        ({"later_than": 4, "unit": "hour"}, "more than 4 hours ahead"),
        ({"this": "quarter"}, "in this quarter"),
        ({"this": "year", "shift": -1}, "in the previous year"),
        ({"this": "year", "shift": -2}, "2 years before this year"),
        ({"this": "day", "shift": 1}, "tomorrow"),
        ({"last": 5, "anchor": "data_as_of"}, "in the last 5 days as of the variable “data_as_of”"),
    ],
)
def test_periods(value: dict[str, Any], words: str) -> None:
    rule = {"kind": "exists", "link": "purchases", "where": {**RECENT, "value": value}}
    assert said(rule) == f"Household with purchases where time of purchase is {words}"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (condition("income", "between", [1, {"variable": "top"}]), "income is from 1 to the variable “top”"),
        (condition("income", "in", list(range(9))), "income is one of 0, 1, 2, 3, 4 and 4 more"),
        (condition("income", "equal", {"attribute": "income"}), "income is income"),
        (condition("income", "is_empty"), "income is empty"),
        (
            condition({"name": "profile", "path": ["a", "b"]}, "like", "x%"),
            "a.b of profile matches the pattern “x%”",
        ),
        (condition("income", "less", {"today": -3}), "income is before 3 days before today"),
    ],
)
def test_comparisons(rule: dict[str, Any], words: str) -> None:
    assert said(rule) == f"Household where {words}"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([0, 7], "from today to 7 days after today"),
        ([-3, 4], "from 3 days before today to 4 days after today"),
        ([5, 5], "5 days after today"),
        ([30, 59], "30 to 59 days after today"),
    ],
)
def test_windows_of_days(days: list[int], words: str) -> None:
    rule = {"kind": "condition", "attribute": "at", "operator": "anniversary", "value": {"days": days}}
    assert said({"kind": "exists", "link": "purchases", "where": rule}).endswith(
        f"where the anniversary of time of purchase is {words}"
    )


@pytest.mark.parametrize(
    ("operator", "value", "words"),
    [
        ("equal", "ko", "is “Korean”"),
        ("equal", "de", "is “de”"),
        ("in", ["ko", "de"], "is one of “Korean”, “de”"),
        ("not_equal", {"attribute": "language"}, "is not language"),
        ("contains", "ko", "contains “ko”"),
    ],
)
def test_values_are_called_by_their_labels(operator: str, value: Any, words: str) -> None:
    assert said(condition("language", operator, value)) == f"Household where language {words}"


def test_a_comparison_whatever_the_case_says_so() -> None:
    rule = {**condition("language", "contains", "KO"), "case_sensitive": False}
    assert said(rule) == "Household where language contains “KO” (capital or small letters)"


def test_audiences_stand_beside_those_who_are_in_them() -> None:
    member = {"kind": "member", "audience": "loyal"}
    stranger = {"kind": "member", "audience": "strange", "negate": True}
    rich = condition("income", "greater", 50)
    assert said({"kind": "not", "of": member}) == "Household not in the audience “Loyal”"
    assert said({"kind": "all", "of": [member, {"kind": "not", "of": member}]}) == (
        "Household in the audience “Loyal” and not in the audience “Loyal”"
    )
    assert said({"kind": "all", "of": [rich, stranger, member, rich]}) == (
        "Household not in the audience “strange” and in the audience “Loyal” where income is more than 50 "
        "and income is more than 50"
    )
    assert said({"kind": "any", "of": [rich, member]}) == (
        "Household where income is more than 50 or it is in the audience “Loyal”"
    )


def test_what_cannot_be_several_is_said_of_one() -> None:
    has_product = {"kind": "exists", "link": "product"}
    both = {"kind": "all", "of": [has_product, {"kind": "not", "of": has_product}]}
    assert said({"kind": "exists", "link": "purchases", "where": both}) == (
        "Household with purchases where (there is product and there is no product)"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"operator": "greater_or_equal", "value": 3}, "with at least 3 purchases"),
        ({"operator": "greater", "value": 3}, "with at least 4 purchases"),
        ({"operator": "less", "value": 3}, "with fewer than 3 purchases"),
        ({"operator": "less_or_equal", "value": 3}, "with fewer than 4 purchases"),
        ({"operator": "equal", "value": 3}, "with exactly 3 purchases"),
        ({"operator": "greater", "value": 0}, "with purchases"),
        ({"operator": "greater_or_equal", "value": 1}, "with purchases"),
        ({"operator": "equal", "value": 0}, "with no purchases"),
        ({"operator": "less", "value": 1}, "with no purchases"),
        ({"operator": "equal", "value": 1}, "where the number of purchases is 1"),
        ({"operator": "greater_or_equal", "value": 0}, "where the number of purchases is at least 0"),
        ({"operator": "equal", "value": True}, "where the number of purchases is true"),
        ({"operator": "less", "value": "3"}, "where the number of purchases is less than “3”"),
        ({"operator": "not_equal", "value": 3}, "where the number of purchases is not 3"),
        (
            {"operator": "less", "value": {"attribute": "income"}},
            "where the number of purchases is less than income",
        ),
        (
            {"operator": "less", "value": 3, "attribute": "at"},
            "where the number of purchases with time of purchase is less than 3",
        ),
    ],
)
def test_counts(change: dict[str, Any], words: str) -> None:
    assert said({**COUNT, **change}) == f"Household {words}"


@pytest.mark.parametrize(
    ("function", "attribute", "words"),
    [
        ("min", "amount", "the lowest amount of purchases is less than"),
        ("min", "at", "the earliest time of purchase of purchases is before"),
        ("max", "at", "the latest time of purchase of purchases is before"),
        ("stddev", "amount", "the standard deviation of amount of purchases is less than"),
        ("string", "product.department", "the list of department of product in purchases is less than"),
        (
            "count_distinct",
            "at",
            "the number of different values of time of purchase in purchases is less than",
        ),
    ],
)
def test_figures(function: str, attribute: str, words: str) -> None:
    rule = {**COUNT, "function": function, "attribute": attribute, "operator": "less", "value": "x"}
    assert said(rule) == f"Household where {words} “x”"


LAST = {"kind": "nth", "link": "purchases", "by": "at", "where": GROCERY}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "the last of purchases by time of purchase is one where"),
        ({"descending": False}, "the first of purchases by time of purchase is one where"),
        ({"by": "amount"}, "the one of purchases with the highest amount is one where"),
        ({"by": "amount", "descending": False}, "the one of purchases with the lowest amount is one where"),
        ({"n": 3}, "number 3 of purchases by time of purchase, counted from the last, is one where"),
        ({"n": 3, "descending": False}, "number 3 of purchases by time of purchase is one where"),
        (
            {"n": 2, "by": "amount"},
            "number 2 of purchases by amount, counted from the highest, is one where",
        ),
        ({"negate": True}, "the last of purchases by time of purchase, if there is one, is not one where"),
    ],
)
def test_the_nth_row(change: dict[str, Any], words: str) -> None:
    assert said({**LAST, **change}) == f"Household where {words} department of product is “GROCERY”"


def test_the_nth_row_among_some() -> None:
    assert said({**LAST, "among": RECENT}) == (
        "Household where the last of (purchases where time of purchase is in the last 90 days) by time of "
        "purchase is one where department of product is “GROCERY”"
    )


def test_the_nth_row_of_which_nothing_is_asked() -> None:
    bare = {"kind": "nth", "link": "purchases", "by": "at"}
    assert said(bare) == "Household where the last of purchases by time of purchase exists"
    assert said({"kind": "not", "of": bare}).endswith("does not exist")


def test_a_sequence() -> None:
    steps = [
        {"where": GROCERY},
        {"where": BOTH, "within": {"n": 30}},
        {"within": {"n": 0}},
        {},
    ]
    assert said({"kind": "sequence", "link": "purchases", "at": "at", "steps": steps}) == (
        "Household with purchases where department of product is “GROCERY” and then, within 30 days, purchases "
        "where (department of product is “GROCERY” and time of purchase is in the last 90 days) and then, on the "
        "same day, purchases and then purchases (in the order of time of purchase)"
    )


def test_what_linked_rows_are_asked_is_not_mixed_with_what_follows() -> None:
    rich = condition("income", "greater", 50)
    assert said({"kind": "all", "of": [MANY, {**LAST, "negate": True}, rich]}) == (
        "Household where (there are at least 3 purchases where (department of product is “GROCERY” and time of "
        "purchase is in the last 90 days)) and (the last of purchases by time of purchase, if there is one, is not "
        "one where department of product is “GROCERY”) and income is more than 50"
    )


def test_what_is_denied_of_linked_rows_is_said_so() -> None:
    bought = {"kind": "exists", "link": "purchases", "where": GROCERY}
    assert said({"kind": "not", "of": bought}) == (
        "Household with no purchases where department of product is “GROCERY”"
    )


def test_what_is_denied_of_linked_rows_is_not_mixed_with_what_follows() -> None:
    nothing = {"kind": "not", "of": {"kind": "exists", "link": "purchases", "where": GROCERY}}
    assert said({"kind": "all", "of": [nothing, condition("income", "greater", 50)]}) == (
        "Household where (there are no purchases where department of product is “GROCERY”) and income is more than 50"
    )


def test_a_group_of_one_is_its_part() -> None:
    assert said({"kind": "all", "of": [condition("income", "is_empty")]}) == "Household where income is empty"
    for kind in ("all", "any"):
        assert said({"kind": "not", "of": {"kind": kind, "of": [{"kind": "all", "of": [MANY]}]}}) == (
            "Household where it is not so that there are at least 3 purchases where (department of product is "
            "“GROCERY” and time of purchase is in the last 90 days)"
        )


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
