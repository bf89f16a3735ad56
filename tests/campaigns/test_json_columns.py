"""Columns of type json hold texts that look like JSON and that jsonb cannot hold: such a row is empty there."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.catalogue import load_catalogue
from campaigns.limited_queries import answer
from campaigns.registration import register_table
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.attributes import find_attribute
from campaigns.targeting.render import Statement, render
from campaigns.targeting.rules import JsonAttribute
from campaigns.targeting.scope import Compilation
from campaigns.targeting.statements import distribution_statement
from orchestration.selection.joins import storable
from tests.campaigns.shop import execute

pytestmark = pytest.mark.django_db
PLAN = {"name": "kept", "path": ["plan"]}


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    execute("CREATE SCHEMA shop; CREATE TABLE shop.person (id int PRIMARY KEY, kept json, sorted jsonb)")
    execute(
        r"""INSERT INTO shop.person VALUES
            (1, '{"plan": "gold"}', '{"plan": "gold"}'), (2, '{"plan": "gold", "note": "\u0000"}', NULL),
            (3, '{"plan": "\ud800"}', NULL), (4, '{"plan": 1e1000000}', NULL), (5, 'null', 'null'),
            (6, NULL, NULL), (7, '{"plan": "\\u0000"}', NULL)"""
    )
    execute("CREATE TABLE shop.pet (id int PRIMARY KEY, person_id int REFERENCES shop.person, about json)")
    execute(
        r"""INSERT INTO shop.pet VALUES (1, 1, '{"a": 1}'), (2, 1, '{"a": 1.0}'), (3, 1, '{"a": "\u0000"}')"""
    )
    for name in ("person", "pet"):
        register_table("shop", name)


def question(rule: Any) -> RuleQuestion:
    return RuleQuestion(rule, "person", load_catalogue())


def counted(**condition: Any) -> int:
    number: int = question({"kind": "condition", **condition}).count().rows[0][0]
    return number


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"attribute": PLAN, "operator": "equal", "value": "gold"}, 1),
        ({"attribute": PLAN, "operator": "not_equal", "value": "gold"}, 6),
        ({"attribute": PLAN, "operator": "is_empty"}, 5),
        ({"attribute": {**PLAN, "type": "decimal"}, "operator": "is_empty"}, 7),
        ({"attribute": PLAN, "operator": "contains", "value": "\\u0000"}, 1),
        ({"attribute": "kept", "operator": "is_not_empty"}, 2),
        ({"attribute": "kept", "operator": "is_empty"}, 5),
    ],
)
def test_a_row_that_jsonb_cannot_hold_is_empty_and_fails_nobody(condition: Any, expected: int) -> None:
    assert counted(**condition) == expected


def test_figures_leave_such_rows_out() -> None:
    link = load_catalogue().links_of("person")[0].slug
    rule = {
        "kind": "aggregate", "link": link, "function": "count_distinct", "attribute": "about",
        "operator": "equal", "value": 1,
    }  # fmt: skip
    assert question(rule).count().rows == [(1,)]


@pytest.mark.parametrize("attribute", ["kept", JsonAttribute(name="kept", path=("plan",))])
def test_the_distribution_counts_them_among_the_empty(attribute: Any) -> None:
    found = answer(render(distribution_statement(attribute, question(None).scope))).rows
    assert {str(value): count for value, count, _total in found}["None"] == 5


def test_they_can_be_kept_in_a_working_table() -> None:
    state = Compilation.of(question(None).scope)
    subject = find_attribute(load_catalogue(), state.root(), "kept", "").of(state.root())
    kept = render(storable(subject)).sql
    found = answer(Statement(f"SELECT t.id FROM shop.person t WHERE {kept} IS NOT NULL ORDER BY 1", ()))
    assert found.rows == [(1,), (5,), (7,)]


def test_jsonb_is_asked_as_it_stands() -> None:
    rule = {
        "kind": "condition",
        "attribute": {**PLAN, "name": "sorted"},
        "operator": "equal",
        "value": "gold",
    }
    sql = question(rule).sql()
    assert "pg_input_is_valid" not in sql.lower()
    assert question(rule).count().rows == [(1,)]
