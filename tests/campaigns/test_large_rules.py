"""Rules of allowed size, asked part by part: what goes to the database is bounded by the question, not by the nesting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from campaigns.catalogue import load_catalogue
from campaigns.explanations import explain_row
from campaigns.limited_queries import TookTooLong
from campaigns.node_counts import Limits, State, count_nodes
from campaigns.registration import register_table
from campaigns.rule_questions import RuleQuestion
from tests.campaigns.shop import open_shop

pytestmark = pytest.mark.django_db
HAS_MAIL = {"kind": "condition", "attribute": "email", "operator": "is_not_empty"}
LISTED = 9_700
LIST = {
    "kind": "condition",
    "attribute": "full_name",
    "operator": "in",
    "value": ["Ada", *(f"n{number}" for number in range(LISTED - 1))],
}
PATIENT = Limits(each=60, all=300)


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()
    for name in ("person", "orders"):
        register_table("shop", name)


def around(rule: Any, *, kind: str = "all", beside: tuple[Any, ...] = ()) -> RuleQuestion:
    for _level in range(95):
        rule = {"kind": kind, "of": [rule, *beside]}
    return RuleQuestion(rule, "person", load_catalogue())


@contextmanager
def values_sent() -> Iterator[list[int]]:
    """How many values go to the database with each statement."""
    sent: list[int] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(len(params or ()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def test_groups_of_one_are_decided_by_the_rule_in_them() -> None:
    question = around(LIST)
    with values_sent() as sent:
        explained = explain_row(question, {"person_id": 1}, personal=True, seconds=300).nodes
    assert LISTED <= sum(sent) < LISTED + 100
    assert [each.holds for each in explained] == [True] * 96
    assert [len(each.values) for each in explained] == [0] * 95 + [1]
    with values_sent() as sent:
        counts = count_nodes(question, limits=PATIENT)
    assert LISTED <= sum(sent) < LISTED + 100
    assert {(each.state, each.count) for each in counts} == {(State.COUNTED, 1)}


def test_an_explanation_leaves_out_what_is_over_the_allowance_and_says_so() -> None:
    with values_sent() as sent:
        explained = explain_row(
            around(LIST, kind="any", beside=(HAS_MAIL,)), {"person_id": 1}, personal=True, seconds=300
        )
    assert sum(sent) < 6 * LISTED
    assert explained.holds is True
    assert {each.reason for each in explained.nodes if each.holds is None} == {
        "The rule has too many parts: this one was not asked."
    }
    assert explained.nodes[-1].holds is None


def test_counts_leave_out_what_is_over_the_allowance_and_say_so() -> None:
    with values_sent() as sent:
        counts = count_nodes(around(LIST, kind="any", beside=(HAS_MAIL,)), limits=PATIENT)
    assert sum(sent) < 6 * LISTED
    assert (counts[0].state, counts[0].count) == (State.COUNTED, 2)
    left = [each for each in counts if each.state is not State.COUNTED]
    assert {each.state for each in left} == {State.NOT_REACHED}
    assert all("Count this one alone" in each.reason for each in left)
    (alone,) = count_nodes(around(LIST, kind="any", beside=(HAS_MAIL,)), paths=["/of/0" * 95], limits=PATIENT)
    assert (alone.state, alone.count) == (State.COUNTED, 1)


def test_inside_a_where_a_group_of_one_counts_the_rows_that_its_rule_does() -> None:
    paid = {"kind": "condition", "attribute": "state", "operator": "is_not_empty"}
    group = {"kind": "any", "of": [{"kind": "all", "of": [paid]}]}
    question = RuleQuestion(
        {"kind": "all", "of": [{"kind": "exists", "link": "orders", "where": group}]},
        "person",
        load_catalogue(),
    )
    nodes = {each.path: each for each in explain_row(question, {"person_id": 1}, personal=True).nodes}
    inside = [nodes["/of/0/where" + "/of/0" * deep] for deep in range(3)]
    assert [(each.rows, each.meeting, each.holds) for each in inside] == [(0, 0, None)] * 3
    assert [(nodes[path].holds, nodes[path].rows) for path in ("", "/of/0")] == [(False, None), (False, 0)]


def test_the_time_for_an_explanation_is_for_compiling_it_too() -> None:
    with values_sent() as sent:
        try:
            explained = explain_row(around(LIST), {"person_id": 1}, personal=True, seconds=0)
        except TookTooLong:
            explained = None
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    assert sum(sent) < 100
    assert explained is None or explained.holds is None


def test_the_time_for_all_counts_is_for_compiling_them_too() -> None:
    with values_sent() as sent:
        counts = count_nodes(around(LIST, beside=(HAS_MAIL,)), limits=Limits(each=60, all=0))
    assert sum(sent) < 100
    assert {each.state for each in counts} == {State.NOT_REACHED}
