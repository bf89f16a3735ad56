"""The advice, followed: on 200,000 rows the plan uses the index and costs less."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.catalogue import load_catalogue
from campaigns.index_advice import Advice, advice_on, index_statement, plan_apart
from campaigns.registration import register_table
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.schema import Column, FieldType, Table
from tests.campaigns.shop import execute

pytestmark = pytest.mark.django_db
MAKE = """
CREATE SCHEMA fair;
CREATE TABLE fair.guest (guest_id bigint PRIMARY KEY, city text, born date, note text);
CREATE TABLE fair.booking (booking_id bigint PRIMARY KEY, guest_id bigint REFERENCES fair.guest, price numeric(10, 2),
                           made date, remark text);
INSERT INTO fair.guest SELECT n, 'city ' || n % 500, date '1950-01-01' + n % 20000, repeat('x', 100)
  FROM generate_series(1, 50000) n;
INSERT INTO fair.booking SELECT n, n % 50000 + 1, n % 1000, date '2015-01-01' + n % 3000, repeat('y', 150)
  FROM generate_series(1, 200000) n;
ANALYZE fair.guest; ANALYZE fair.booking;
"""
LATE = {"kind": "condition", "attribute": "made", "operator": "greater", "value": "2023-03-01"}
BOOKED_LATE = {"kind": "exists", "link": "booking", "where": LATE}
IN_CITY = {"kind": "condition", "attribute": "city", "operator": "equal", "value": "city 7"}
SPENT = {
    "kind": "aggregate", "link": "booking", "function": "sum", "attribute": "price", "operator": "greater", "value": 3000,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fair(db: None, settings: Any) -> None:
    execute(MAKE)
    # No VACUUM inside of a test's transaction: what it would have found is written down.
    execute(
        "UPDATE pg_class SET relallvisible = relpages WHERE oid IN ('fair.guest'::regclass, 'fair.booking'::regclass)"
    )
    for name in ("guest", "booking"):
        register_table("fair", name)
    settings.RULE_SLOW_SECONDS = 0.001


def asked(rule: Any) -> RuleQuestion:
    return RuleQuestion(rule, "guest", load_catalogue())


def names_of(advice: Advice) -> tuple[list[str], list[str]]:
    return list(advice.columns), list(advice.include)


def test_a_quick_rule_and_a_rule_that_keeps_everybody_get_no_advice(settings: Any) -> None:
    everybody = {"kind": "condition", "attribute": "born", "operator": "greater", "value": "1900-01-01"}
    assert advice_on(asked(everybody)) == []
    settings.RULE_SLOW_SECONDS = 60
    assert advice_on(asked(IN_CITY)) == []


def test_alternatives_and_negations_promise_no_index() -> None:
    assert advice_on(asked({"kind": "not", "of": IN_CITY})) == []
    assert advice_on(asked({"kind": "any", "of": [IN_CITY, {**IN_CITY, "value": "city 8"}]})) == []


@pytest.mark.parametrize(
    ("rule", "columns", "include"),
    [
        (IN_CITY, ["city"], ["guest_id"]),
        (
            {"kind": "all", "of": [IN_CITY, {**LATE, "attribute": "born", "value": "2000-01-01"}]},
            ["city", "born"],
            ["guest_id"],
        ),
        (BOOKED_LATE, ["made"], ["guest_id"]),
    ],
)
def test_the_advice_followed_makes_the_plan_use_the_index_at_less_cost(
    rule: Any, columns: list[str], include: list[str]
) -> None:
    before = plan_apart(asked(rule))
    advice = advice_on(asked(rule))[0]
    assert names_of(advice) == (columns, include)
    assert advice.seconds_after < advice.seconds

    execute(advice.statement.replace(" CONCURRENTLY", ""))
    after = plan_apart(asked(rule))
    print(f"{advice.statement}: cost {before.cost:.0f} before, {after.cost:.0f} after")
    assert after.cost < before.cost / 2
    assert any(node.index for node in after.nodes)
    assert advice.table not in {node.table for node in after.whole_scans}


def test_an_index_in_the_order_of_the_link_carries_what_is_measured() -> None:
    advice = advice_on(asked(SPENT))
    for each in advice:
        assert names_of(each) == (["guest_id"], ["price"])
        before = plan_apart(asked(SPENT)).cost
        execute(each.statement.replace(" CONCURRENTLY", ""))
        assert plan_apart(asked(SPENT)).cost < before


def test_names_that_would_end_a_statement_are_quoted() -> None:
    columns = {"city": Column("city", 'ci"ty; DROP', FieldType.TEXT, "City")}
    table = Table("guest", 'fa"ir', "guest", "Guest", columns, ("city",))
    made = index_statement(table, ['ci"ty; DROP'], ["x, y"])
    assert made == 'CREATE INDEX CONCURRENTLY ON "fa""ir"."guest" ("ci""ty; DROP") INCLUDE ("x, y")'
