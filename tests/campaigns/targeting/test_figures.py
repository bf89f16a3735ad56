"""The figure of an aggregate for every row at once, and whether its rule holds by it, as decisions keep both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.compile import compile_condition, figure_of, groups_of
from campaigns.targeting.linked_pass import asks_for_rows
from campaigns.targeting.render import render
from campaigns.targeting.rules import Aggregate, parse_rule
from campaigns.targeting.scope import Row
from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db

LINES: dict[str, Any] = {"kind": "aggregate", "link": "orders.lines"}
RULES: list[dict[str, Any]] = [
    {**LINES, "function": "sum", "attribute": "weight", "operator": "greater", "value": 2},
    {**LINES, "function": "count", "operator": "less", "value": 3},
    {**LINES, "function": "count", "operator": "not_equal", "value": 2},
    {**LINES, "function": "max", "attribute": "position", "operator": "equal", "value": 2},
    {**LINES, "function": "min", "attribute": "price", "operator": "not_between", "value": [10, 50]},
    {"kind": "aggregate", "link": "orders", "function": "count", "operator": "less", "value": {"attribute": "age"}},
]  # fmt: skip


def held(company: Company, data: dict[str, Any]) -> tuple[set[Any], dict[Any, Any]]:
    """Who the rule holds for by the figures of all rows, and everybody's figure."""
    rule = parse_rule(data)
    assert isinstance(rule, Aggregate)
    scope = replace(company.scope("person"), alias="p")
    groups = groups_of(rule, scope, "g")
    figure, holds = figure_of(rule, scope, groups.figure)
    key = trees.column("p", "id")
    query = trees.select([key, trees.named(figure.sql, "figure"), trees.named(holds, "holds")],
                         trees.relation(Row(company.catalogue.tables["person"], "p")))  # fmt: skip
    joined = groups.select.subquery("g", copy=False)
    query.set("joins", [exp.Join(this=joined, side="LEFT", on=groups.owner)])
    statement = render(query)
    rows = company.database.execute(statement.sql, statement.parameters).fetchall()  # type: ignore[arg-type]
    return {(row[0],) for row in rows if row[2]}, {row[0]: row[1] for row in rows}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule['link']} {rule['function']}")
def test_by_its_figure_a_rule_holds_for_whom_it_selects(company: Company, rule: dict[str, Any]) -> None:
    holds, figures = held(company, rule)
    assert holds == company.selected(rule) == company.expected(rule)
    assert len(figures) == len(company.everyone())
    assert 0 < len(holds) < len(figures)


def test_who_has_no_rows_has_the_figure_zero_where_it_counts_or_sums(company: Company) -> None:
    _holds, figures = held(company, RULES[1])
    assert min(figures.values()) == 0


@pytest.mark.parametrize(
    ("rule", "asks"),
    [
        ({"kind": "condition", "attribute": "age", "operator": "greater", "value": 3}, False),
        ({"kind": "exists", "link": "orders"}, True),
        ({"kind": "not", "of": {"kind": "exists", "link": "orders"}}, True),
    ],
)
def test_a_condition_that_looks_for_other_rows_is_known(
    company: Company, rule: dict[str, Any], asks: bool
) -> None:
    assert asks_for_rows(compile_condition(parse_rule(rule), company.scope("person"))) is asks
