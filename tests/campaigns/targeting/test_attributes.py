from __future__ import annotations

from typing import Any

import pytest
from sqlglot import exp

from campaigns.targeting.compile import check_rule, compile_condition
from campaigns.targeting.problems import RuleProblem
from campaigns.targeting.render import pretty, render
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.schema import Column, FieldType
from campaigns.targeting.statements import select_keys
from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db


def condition(attribute: Any, operator: str, value: Any = None) -> dict[str, Any]:
    return {"kind": "condition", "attribute": attribute, "operator": operator, "value": value}


def the_problem(company: Company, rule: Any) -> RuleProblem:
    (problem,) = check_rule(parse_rule(rule), company.scope("person"))
    return problem


@pytest.mark.parametrize(
    ("attribute", "code", "named"),
    [
        ("nmae", "unknown_attribute", "name"),
        ("city.contry", "unknown_attribute", "country"),
        ("citi.country", "unknown_link", "city"),
        ("orders.total", "collection", "orders"),
        ("city.people.name", "collection", "people"),
        ("@reach", "unknown_attribute", "@reach"),
        ("name.", "unknown_link", "name"),
        ("", "too_few", ""),
        ({"name": "name", "path": ["x"]}, "not_json", "name"),
        (".".join(["referrer"] * 21 + ["name"]), "too_many_links", "20"),
    ],
)
def test_an_attribute_that_is_not_there_is_refused(
    company: Company, attribute: Any, code: str, named: str
) -> None:
    if attribute == "":
        assert company.refusals(condition(attribute, "is_empty"))[0][0] == "/attribute"
        return
    problem = the_problem(company, condition(attribute, "is_empty"))
    assert (problem.path, problem.code) == ("/attribute", code)
    assert named in problem.message + problem.remedy


def test_an_unknown_link_lists_the_nearest(company: Company) -> None:
    problem = the_problem(company, {"kind": "exists", "link": "order"})
    assert (problem.path, problem.code, "orders" in problem.remedy) == ("/link", "unknown_link", True)


@pytest.mark.parametrize(
    ("step", "kind", "value"),
    [("plan", "text", "pro"), ("n", "decimal", 1), ("ok", "boolean", True), ("ok", "boolean", False)],
)
def test_inside_json_only_values_of_the_type_asked_for_count(
    company: Company, step: str, kind: str, value: Any
) -> None:
    inside = {"name": "extra", "path": [step], "type": kind}
    equal, empty = condition(inside, "equal", value), condition(inside, "is_empty")

    assert company.selected(equal) == company.expected(equal) != set()
    held = [row["extra"] for row in company.tables["person"].rows]
    others = {type(each.get(step)) for each in held if isinstance(each, dict)}
    assert len(others) > 2  # there are values of other types for it to leave out
    assert company.selected(empty) == company.expected(empty) != set()


def test_a_column_that_is_not_carried_is_mended_by_the_one_meant(company: Company) -> None:
    reach = Column("reach", "reach", FieldType.INTEGER, "Reach")
    scope = company.scope("person", columns={"reach": (reach, exp.Literal.number(1))})
    (problem,) = check_rule(parse_rule(condition("@raech", "is_empty")), scope)
    assert [(fix.label, [(each.path, each.value) for each in fix.operations]) for fix in problem.fixes] == [
        ("Use “@reach”", [("/attribute", "@raech"), ("/attribute", "@reach")])
    ]


def test_a_column_that_the_population_carries_is_used(company: Company) -> None:
    column = Column("reach", "reach", FieldType.INTEGER, "Reach")
    doubled = exp.Mul(this=exp.column("age", table="t", quoted=True), expression=exp.Literal.number(2))
    scope = company.scope("person", columns={"reach": (column, exp.Paren(this=doubled))})
    statement = render(select_keys(parse_rule(condition("@reach", "greater", 60)), scope))

    expected = {(row["id"],) for row in company.tables["person"].rows if row["age"] and row["age"] * 2 > 60}
    assert company.run(statement) == expected


def test_a_carried_column_hides_no_field_of_the_same_name(company: Company) -> None:
    own = company.catalogue.tables["person"].columns["age"]
    scope = company.scope("person", columns={"age": (own, exp.Literal.number(1))})

    assert '"age"' in pretty(compile_condition(parse_rule(condition("age", "less", 3)), scope))
    assert '"age"' not in pretty(compile_condition(parse_rule(condition("@age", "less", 3)), scope))


def test_a_carried_column_is_not_seen_from_linked_rows(company: Company) -> None:
    column = Column("reach", "reach", FieldType.INTEGER, "Reach")
    scope = company.scope("person", columns={"reach": (column, exp.Literal.number(1))})
    rule = parse_rule({"kind": "exists", "link": "orders", "where": condition("@reach", "less", 3)})

    assert [problem.path for problem in check_rule(rule, scope)] == ["/where/attribute"]


def test_a_broken_to_one_link_neither_drops_nor_doubles(company: Company) -> None:
    rule = condition("area.wealth", "greater", 0)
    statement = company.statement(rule, "person")
    rows = company.database.execute(statement.sql, statement.parameters).fetchall()  # type: ignore[arg-type]

    assert len(rows) == len(set(rows)) > 0
