from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from campaigns.targeting.compile import check_rule
from campaigns.targeting.problems import RuleError
from campaigns.targeting.rules import parse_rule
from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db

LAST: dict[str, Any] = {"kind": "nth", "link": "orders", "by": "at"}
PAID = {"kind": "condition", "attribute": "paid", "operator": "is_true"}


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"by": "paid"}, "/by", "no_order"),
        ({"by": "nothing"}, "/by", "unknown_attribute"),
        ({"by": "lines.price"}, "/by", "collection"),
        ({"link": "orders.nothing"}, "/link", "unknown_link"),
        ({"among": {**PAID, "attribute": "paidd"}}, "/among/attribute", "unknown_attribute"),
        ({"where": {**PAID, "attribute": "paidd"}}, "/where/attribute", "unknown_attribute"),
        ({"by": 3}, "/by", "wrong_form"),
        ({"n": 0}, "/n", "out_of_range"),
        ({"n": 1_001}, "/n", "out_of_range"),
        ({"n": True}, "/n", "wrong_form"),
        ({"descending": "yes"}, "/descending", "wrong_form"),
        ({"order": "at"}, "/order", "unknown_key"),
    ],
)
def test_a_place_in_no_order_is_refused(
    company: Company, change: dict[str, Any], path: str, code: str
) -> None:
    assert company.refusals({**LAST, **change}) == [(path, code)]


def test_a_table_without_a_key_has_no_order_to_rely_on(company: Company) -> None:
    tables = dict(company.catalogue.tables)
    tables["order"] = replace(tables["order"], primary_key=())
    scope = company.scope("person", catalogue=replace(company.catalogue, tables=tables))

    (problem,) = check_rule(parse_rule(LAST), scope)
    assert (problem.path, problem.code, bool(problem.remedy)) == ("/link", "no_key", True)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule({"kind": "nth", "link": "orders"})
    assert [problem.path for problem in caught.value.problems] == ["/by"]


def test_of_equal_rows_the_greater_key_is_the_later(company: Company) -> None:
    """The same value for all leaves the key to decide: shop, then number, by code point."""
    last = {**LAST, "link": "orders.lines", "by": "order.person.id"}
    for descending in (True, False):
        for number in (1, 2):
            where = {"kind": "condition", "attribute": "position", "operator": "equal", "value": 0}
            rule = {**last, "descending": descending, "n": number, "where": where}
            assert company.selected(rule) == company.expected(rule)


def test_from_the_last_and_from_the_first_mirror_each_other(company: Company) -> None:
    two = {"kind": "aggregate", "link": "orders", "function": "count", "attribute": "at", "operator": "equal",
           "value": 2}  # fmt: skip
    last = {**LAST, "where": PAID}
    second = {**LAST, "where": PAID, "descending": False, "n": 2}

    both = {"kind": "all", "of": [two, last]}
    found = company.selected(both)
    assert found
    assert found == company.selected({"kind": "all", "of": [two, second]})


def test_columns_with_the_names_that_the_subquery_gives_are_told_apart(company: Company) -> None:
    """A rule on the n-th row may ask its links, and the links of those, in turn."""
    inner = {"kind": "nth", "link": "lines", "by": "price", "where": {
        "kind": "condition", "attribute": "product.department", "operator": "is_not_empty"}}  # fmt: skip
    rule = {**LAST, "where": {"kind": "any", "of": [inner, {"kind": "exists", "link": "person.card"}]}}
    assert company.selected(rule) == company.expected(rule)
    assert company.expected(rule)


def test_an_expression_puts_in_order_as_the_field_that_it_is(company: Company) -> None:
    rule = {**LAST, "by": "total", "where": PAID}
    assert company.selected({**rule, "by": {"expression": "total + 0"}}) == company.selected(rule)
