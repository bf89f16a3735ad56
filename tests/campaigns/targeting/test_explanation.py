"""Every part of generated rules, asked of single rows: what is told is what the oracle says."""

from __future__ import annotations

import random
from functools import reduce
from typing import Any

import pytest

from campaigns.rule_nodes import nodes_of
from campaigns.targeting.explanation import Part, Role, Told, attributes_of, explanation_statement, link_of
from campaigns.targeting.operands import Expression
from campaigns.targeting.render import render
from campaigns.targeting.rules import parse_rule
from tests.campaigns.targeting.conftest import FULL, Company
from tests.campaigns.targeting.generator import RuleGenerator
from tests.campaigns.targeting.world import Described

pytestmark = pytest.mark.django_db
RULES = 2_000 if FULL else 30
ORDERS = {
    "kind": "exists",
    "link": "orders",
    "where": {"kind": "condition", "attribute": "total", "operator": "is_not_empty"},
}


def told(company: Company, rule: Any, table: str, row: Any) -> list[tuple[Told, Any]]:
    parts = [
        Part(node.path, node.rule, node.way) for node in nodes_of(parse_rule(rule), company.catalogue, table)
    ]
    key = {name: row[name] for name in company.tables[table].key}
    query, columns = explanation_statement(parts, company.scope(table), key)
    statement = render(query)
    rows = company.database.execute(statement.sql, statement.parameters).fetchall()  # type: ignore[arg-type]
    return list(zip(columns, rows[0], strict=True)) if rows else []


def at(rule: Any, path: str) -> Any:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]
    return reduce(lambda part, step: part[int(step)] if isinstance(part, list) else part[step], steps, rule)


def expected(company: Company, rule: Any, table: str, row: Any, way: str, each: Told) -> Any:
    """What the oracle says of one column."""
    oracle, part = company.oracle, at(rule, each.path)
    if each.role is Role.HOLDS:
        return oracle.holds(part, table, row)
    ends = oracle._ends(table, row, (way or part["link"]).split("."))
    if each.role is Role.ROWS:
        return len(ends)
    return sum(oracle.holds(part, t, r) for t, r in ends)


def test_nobody_has_this_key(company: Company) -> None:
    row = {**company.tables["person"].rows[0], company.tables["person"].key[0]: -1}
    assert told(company, ORDERS, "person", row) == []


def test_the_value_and_the_figure_that_decided_are_told(company: Company) -> None:
    row = next(row for row in company.tables["person"].rows if company.expected(ORDERS) and row["name"])
    rule = {
        "kind": "all",
        "of": [
            {"kind": "condition", "attribute": "name", "operator": "is_not_empty"},
            {"kind": "aggregate", "link": "orders", "function": "count", "operator": "greater", "value": 1},
        ],
    }
    values = {each.role: value for each, value in told(company, rule, "person", row)}
    orders = len(company.oracle._ends("person", row, ["orders"]))
    assert (values[Role.VALUE], values[Role.FIGURE], values[Role.ROWS]) == (row["name"], orders, orders)


def test_each_part_is_told_by_its_place_in_the_order_of_the_rule(company: Company) -> None:
    named = {"kind": "condition", "attribute": "name", "operator": "equal", "value": {"attribute": "nick"}}
    dear = {"kind": "condition", "attribute": "price", "operator": "greater", "value": 10}
    lines = {"kind": "aggregate", "link": "orders.lines", "function": "sum", "attribute": "price",
             "where": dear, "operator": "greater", "value": {"attribute": "age"}}  # fmt: skip
    rule = {"kind": "any", "of": [named, lines, {"kind": "exists", "link": "orders"}]}
    for row in company.tables["person"].rows[:12]:
        company.oracle._known.clear()
        ends = [end for _table, end in company.oracle._ends("person", row, ["orders", "lines"])]
        prices = [end["price"] for end in ends if end["price"] is not None and end["price"] > 10]
        assert told(company, rule, "person", row) == [
            (Told("", Role.HOLDS), company.oracle.holds(rule, "person", row)),
            (Told("/of/0", Role.HOLDS), company.oracle.holds(named, "person", row)),
            (Told("/of/0", Role.VALUE, "name"), row["name"] or None),
            (Told("/of/0", Role.VALUE, "nick"), row["nick"] or None),
            (Told("/of/1", Role.HOLDS), company.oracle.holds(lines, "person", row)),
            (Told("/of/1", Role.VALUE, "age"), row["age"]),
            (Told("/of/2", Role.HOLDS), company.oracle.holds(rule["of"][2], "person", row)),
            (Told("/of/1", Role.ROWS), len(ends)),
            (Told("/of/1/where", Role.ROWS), len(ends)),
            (Told("/of/1/where", Role.MEETING), len(prices)),
            (Told("/of/2", Role.ROWS), len(company.oracle._ends("person", row, ["orders"]))),
            (Told("/of/1", Role.FIGURE), sum(prices)),
        ]


def test_no_more_than_five_values_of_a_comparison_are_told() -> None:
    several = [{"attribute": name} for name in ("nick", "zip", "segment", "city_code", "name", "nick")]
    rule = {"kind": "condition", "attribute": "name", "operator": "in", "value": [*several, "x"]}
    assert attributes_of(parse_rule(rule)) == ["name", "nick", "zip", "segment", "city_code"]
    assert attributes_of(parse_rule({"kind": "all", "of": [rule]})) == []
    assert attributes_of(parse_rule({**rule, "value": [{"expression": "nick"}]})) == [
        "name",
        Expression(expression="nick"),
    ]


def test_the_links_of_a_part_are_those_to_the_rows_it_collects() -> None:
    assert link_of(parse_rule(ORDERS)) == "orders"
    assert link_of(parse_rule(ORDERS["where"])) == ""


@pytest.mark.slow
def test_every_part_of_generated_rules_is_as_the_oracle_says(
    company: Company, described: dict[str, Described], rule_seed: int
) -> None:
    generator, rng = RuleGenerator(rule_seed + 5_000, described), random.Random(rule_seed)
    asked = {Role.HOLDS: 0, Role.ROWS: 0, Role.MEETING: 0}
    for table, rule in generator.rules(RULES):
        ways = {node.path: node.way for node in nodes_of(parse_rule(rule), company.catalogue, table)}
        for row in rng.sample(company.tables[table].rows, 2):
            company.oracle._known.clear()
            for each, value in told(company, rule, table, row):
                if each.role in asked:
                    asked[each.role] += 1
                    assert value == expected(company, rule, table, row, ways[each.path], each), (
                        rule,
                        each,
                        row,
                    )
    print(f"seed {rule_seed}: {RULES} rules, {asked} answers, 0 differences")
    assert min(asked.values()) > RULES / 4
