from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from campaigns.targeting.difference import CHANGES, difference_statement
from campaigns.targeting.render import render
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.statements import MAX_ROWS
from tests.campaigns.targeting.conftest import Company
from tests.campaigns.targeting.vocabulary import Rule

pytestmark = pytest.mark.django_db

Row = tuple[Any, ...]


def condition(attribute: str, operator: str, value: Any) -> Rule:
    return {"kind": "condition", "attribute": attribute, "operator": operator, "value": value}


YOUNG, OLD = condition("age", "less", 40), condition("age", "greater", 30)
NOBODY: Rule = {"kind": "all", "of": [condition("age", "less", 0), condition("age", "greater", 0)]}
DEAR, MANY = condition("price", "greater", 10), condition("quantity", "greater", 1)


def told(company: Company, before: Rule | None, after: Rule | None, table: str, limit: int) -> list[Row]:
    rules = [None if rule is None else parse_rule(rule) for rule in (before, after)]
    statement = render(difference_statement(*rules, company.scope(table), limit=limit))
    return company.database.execute(statement.sql, statement.parameters).fetchall()  # type: ignore[arg-type]


def rows_for(company: Company, before: Rule | None, after: Rule | None, table: str, limit: int) -> set[Row]:
    """The same by sets of keys."""
    was, will = (
        company.everyone(table) if rule is None else company.expected(rule, table) for rule in (before, after)
    )
    changes = dict(zip(CHANGES, (will - was, was - will, was & will), strict=True))
    return {(change, len(keys), *key) for change, keys in changes.items() for key in sorted(keys)[:limit]}


@pytest.mark.parametrize("limit", [0, -1, MAX_ROWS + 1])
def test_a_limit_out_of_bounds_is_a_programming_error(company: Company, limit: int) -> None:
    with pytest.raises(ValueError, match=f"{limit} rows"):
        difference_statement(None, None, company.scope("person"), limit=limit)


def test_where_nobody_is_meant_nothing_changes(company: Company) -> None:
    assert told(company, NOBODY, NOBODY, "person", 3) == []


@pytest.mark.parametrize("limit", [1, 3, MAX_ROWS])
@pytest.mark.parametrize(
    ("before", "after", "table"),
    [
        (YOUNG, OLD, "person"),
        (OLD, YOUNG, "person"),
        (YOUNG, YOUNG, "person"),
        (None, OLD, "person"),
        (OLD, None, "person"),
        (NOBODY, OLD, "person"),
        (DEAR, MANY, "line"),
        (MANY, DEAR, "line"),
    ],
)
def test_who_enters_leaves_and_stays_with_the_first_of_each(
    company: Company, before: Rule | None, after: Rule | None, table: str, limit: int
) -> None:
    found: Sequence[Row] = told(company, before, after, table, limit)
    assert len(found) == len(set(found))
    assert set(found) == rows_for(company, before, after, table, limit)
