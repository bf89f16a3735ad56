from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from campaigns.targeting.compile import compile_condition
from campaigns.targeting.problems import RuleError
from campaigns.targeting.render import render
from campaigns.targeting.rules import JsonAttribute, parse_rule
from campaigns.targeting.scope import Scope
from campaigns.targeting.statements import (
    MAX_ROWS,
    count_statement,
    counts_statement,
    distribution_statement,
    preview_statement,
    select_keys,
)
from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db

NAMED = {"kind": "condition", "attribute": "name", "operator": "is_not_empty"}
PAYING = {"kind": "condition", "attribute": "credit", "operator": "greater", "value": 0}


def rows_of(company: Company, tree: Any) -> list[tuple[Any, ...]]:
    statement = render(tree)
    return company.database.execute(statement.sql, statement.parameters).fetchall()  # type: ignore[arg-type]


def columns_of(company: Company, tree: Any) -> list[str]:
    statement = render(tree)
    cursor = company.database.execute(statement.sql, statement.parameters)  # type: ignore[arg-type]
    return [column.name for column in cursor.description or ()]


@pytest.mark.parametrize("limit", [0, -1, 10_001])
def test_a_limit_out_of_bounds_is_refused(company: Company, limit: int) -> None:
    with pytest.raises(RuleError):
        preview_statement(None, company.scope("person"), columns=["id"], limit=limit)


def test_the_limit_is_told(company: Company) -> None:
    with pytest.raises(RuleError) as caught:
        preview_statement(None, company.scope("person"), columns=["id"], limit=MAX_ROWS + 1)
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == ("", "bad_limit")
    assert (problem.message, problem.remedy) == ("10001 rows cannot be shown.", "Ask for 1 to 10000.")


def test_as_many_rows_as_are_allowed_are_shown(company: Company) -> None:
    tree = preview_statement(None, company.scope("person"), columns=["id"], limit=MAX_ROWS)
    assert set(rows_of(company, tree)) == company.everyone()


def test_a_table_without_a_key_has_no_rows_to_name(company: Company) -> None:
    tables = company.catalogue.tables
    keyless = replace(company.catalogue, tables={**tables, "city": replace(tables["city"], primary_key=())})
    with pytest.raises(RuleError) as caught:
        select_keys(None, company.scope("city", catalogue=keyless))
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == ("", "no_key")
    assert problem.message == "Table “city” has no key."
    assert problem.remedy == "Register the table with the fields that identify a row."


def test_a_preview_of_what_is_not_there_is_refused(company: Company) -> None:
    with pytest.raises(RuleError) as caught:
        preview_statement(None, company.scope("person"), columns=["id", "orders.total"])
    assert [problem.path for problem in caught.value.problems] == ["/1"]


def test_a_table_outside_the_catalogue_is_a_programming_error(company: Company) -> None:
    scope = company.scope("person")
    with pytest.raises(ValueError, match="not in the catalogue"):
        Scope(catalogue=scope.catalogue, table="people", now=scope.now, zone=scope.zone)


def test_a_naive_time_is_a_programming_error(company: Company) -> None:
    with pytest.raises(ValueError, match="aware"):
        company.scope("person", now=company.scope("person").now.replace(tzinfo=None))


def test_keys_come_under_fixed_names(company: Company) -> None:
    assert columns_of(company, select_keys(None, company.scope("person"))) == ["key"]
    assert columns_of(company, select_keys(None, company.scope("line"))) == ["key_1", "key_2", "key_3"]


def test_without_a_rule_everyone_is_meant(company: Company) -> None:
    assert set(rows_of(company, select_keys(None, company.scope("person")))) == company.everyone()


def test_a_preview_shows_the_first_rows_by_key(company: Company) -> None:
    columns = ["id", "city.country", JsonAttribute(name="extra", path=("plan",))]
    tree = preview_statement(parse_rule(NAMED), company.scope("person"), columns=columns, limit=20)
    found = rows_of(company, tree)

    cities = {city["code"]: city["country"] for city in company.tables["city"].rows}
    people = [row for row in company.tables["person"].rows if row["name"]][:20]
    assert [row[:2] for row in found] == [(row["id"], cities.get(row["city_code"])) for row in people]


@pytest.mark.parametrize("table", ["person", "line"])
def test_pages_one_behind_the_other_are_all_rows_once(company: Company, table: str) -> None:
    found, after = [], None
    while page := rows_of(
        company,
        preview_statement(None, company.scope(table), columns=[], limit=7, after=after, with_key=True),
    ):
        found += page
        after = page[-1]
    assert len(found) == len(company.everyone(table))
    assert set(found) == company.everyone(table)


def test_the_key_of_a_page_comes_under_names_of_its_own(company: Company) -> None:
    tree = preview_statement(None, company.scope("line"), columns=["price", "weight"], with_key=True)
    assert columns_of(company, tree) == ["c1", "c2", "k1", "k2", "k3"]


def test_a_rule_is_counted(company: Company) -> None:
    scope = company.scope("person")
    for rule, expected in ((None, company.everyone()), (PAYING, company.expected(PAYING))):
        tree = count_statement(None if rule is None else parse_rule(rule), scope)
        assert (rows_of(company, tree), columns_of(company, tree)) == ([(len(expected),)], ["count"])


def test_several_rules_are_counted_in_one_pass(company: Company) -> None:
    rules = [NAMED, {"kind": "not", "of": NAMED}, PAYING]
    scope = company.scope("person")
    tree = counts_statement([compile_condition(parse_rule(rule), scope) for rule in rules], scope)
    assert rows_of(company, tree) == [tuple(len(company.expected(rule)) for rule in rules)]
    assert columns_of(company, tree) == ["c1", "c2", "c3"]


def test_a_preview_through_two_links(company: Company) -> None:
    tree = preview_statement(None, company.scope("line"), columns=["order.person.name"], limit=500)
    assert len(rows_of(company, tree)) == min(500, len(company.tables["line"].rows))


def test_a_search_that_no_text_can_hold_is_refused(company: Company) -> None:
    with pytest.raises(RuleError) as caught:
        distribution_statement("name", company.scope("person"), search="a\x00")
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [("", "bad_character")]


def test_the_distribution_counts_every_value_and_the_empty_one(company: Company) -> None:
    found = rows_of(company, distribution_statement("city.country", company.scope("person"), limit=50))

    cities = {city["code"]: city["country"] for city in company.tables["city"].rows}
    expected = Counter(cities.get(row["city_code"]) or None for row in company.tables["person"].rows)
    assert {value: count for value, count, _total in found} == expected
    assert {total for _value, _count, total in found} == {len(company.everyone())}
    assert [count for _value, count, _total in found] == sorted(expected.values(), reverse=True)


def test_the_distribution_keeps_to_the_limit_and_still_knows_the_total(company: Company) -> None:
    found = rows_of(company, distribution_statement("name", company.scope("person"), limit=2))
    assert (len(found), found[0][2]) == (2, len(company.everyone()))


def test_without_a_limit_twenty_values_of_a_distribution_and_fifty_rows_of_a_preview(
    company: Company,
) -> None:
    scope = company.scope("person")
    assert len(rows_of(company, distribution_statement("id", scope))) == 20
    assert len(rows_of(company, preview_statement(None, scope, columns=["id"]))) == 50


def test_moments_behind_a_link_are_told_as_they_are_stored(company: Company) -> None:
    scope = company.scope("line")
    found = rows_of(company, distribution_statement("order.shipped", scope, limit=MAX_ROWS))
    tree = preview_statement(None, scope, columns=["order.shipped"], limit=MAX_ROWS)
    shipped = {(row["shop"], row["number"]): row["shipped"] for row in company.tables["order"].rows}
    moments = [shipped.get((row["shop"], row["number"])) for row in company.tables["line"].rows]
    assert {value: count for value, count, _total in found} == Counter(moments)
    assert Counter(value for (value,) in rows_of(company, tree)) == Counter(moments)


def test_the_distribution_is_searched_whatever_the_case(company: Company) -> None:
    found = rows_of(company, distribution_statement("name", company.scope("person"), search="ANN"))
    assert {value for value, _count, _total in found} <= {"Anna", "anna", "ANNA"}
    assert found


def test_the_distribution_of_a_rule_counts_its_rows_only(company: Company) -> None:
    scope = company.scope("person")
    found = rows_of(company, distribution_statement("name", scope, rule=parse_rule(NAMED), limit=100))
    assert None not in {value for value, _count, _total in found}


@pytest.mark.parametrize(
    "attribute", ["age", "score", "active", "born", "joined", "seen", "code", "extra", "segment"]
)
def test_every_type_has_a_distribution(company: Company, attribute: str) -> None:
    scope = company.scope("person")
    assert len(rows_of(company, distribution_statement(attribute, scope))) > 1
    assert rows_of(company, distribution_statement(attribute, scope, search="nowhere to be found")) == []


def test_a_row_whose_key_may_be_empty_is_selected_where_it_is_there(company: Company) -> None:
    """Whom a table of somebody else's has without a key is nobody."""
    city = company.catalogue.tables["city"]
    columns = {**city.columns, "country": replace(city.columns["country"], nullable=True)}
    by_country = replace(city, columns=columns, primary_key=("country",))
    scope = company.scope("city")
    changed = replace(scope.catalogue, tables={**scope.catalogue.tables, "city": by_country})
    found = company.run(render(select_keys(None, replace(scope, catalogue=changed))))
    countries = {row["country"] for row in company.tables["city"].rows}
    assert found == {(country,) for country in countries if country is not None}
    assert None in countries
