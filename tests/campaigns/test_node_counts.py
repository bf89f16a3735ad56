from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection

from campaigns import node_counts
from campaigns.cancellable import Question, call_off
from campaigns.catalogue import load_catalogue
from campaigns.models import Table
from campaigns.node_counts import Limits, State, count_nodes
from campaigns.problems import ProblemsError
from campaigns.registration import register_table
from campaigns.rule_nodes import nodes_of
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.problems import RuleError
from campaigns.targeting.rules import parse_rule
from tests.campaigns.shop import execute, open_shop

pytestmark = pytest.mark.django_db
HAS_MAIL = {"kind": "condition", "attribute": "email", "operator": "is_not_empty"}
NAMED_A = {"kind": "condition", "attribute": "full_name", "operator": "starts_with", "value": "A"}
PAID = {"kind": "condition", "attribute": "state", "operator": "equal", "value": "paid"}
BUYERS = {"kind": "exists", "link": "orders", "where": {"kind": "not", "of": PAID}}
RULE = {"kind": "except", "of": [HAS_MAIL, NAMED_A, BUYERS]}


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()
    for name in ("person", "orders", "order_line"):
        register_table("shop", name)
    execute(
        "INSERT INTO shop.orders SELECT gen_random_uuid(), n % 2 + 1, 'paid' FROM generate_series(1, 5) n"
    )
    execute("INSERT INTO shop.orders VALUES (gen_random_uuid(), NULL, 'open')")


def asked(rule: Any = RULE, table: str = "person") -> RuleQuestion:
    return RuleQuestion(rule, table, load_catalogue())


def told(counts: Any) -> dict[str, tuple[str, str, int | None]]:
    return {each.path: (each.table, each.state.value, each.count) for each in counts}


def test_a_pointer_to_no_part_is_refused_and_the_nearest_named() -> None:
    for path in ("/of/9", "/of", "of/0", "/of/0/value", "/of/-1", "~", "/of/2/where/"):
        with pytest.raises(ProblemsError) as raised:
            count_nodes(asked(), paths=["", path])
        (problem,) = raised.value.problems
        assert (problem.path, problem.code) == ("/nodes/1", "node.unknown")


def test_what_is_no_rule_is_refused() -> None:
    with pytest.raises(RuleError):
        count_nodes(asked({"kind": "all", "of": []}))


def test_every_part_is_counted_over_its_own_table_as_it_stands() -> None:
    assert told(count_nodes(asked())) == {
        "": ("person", "counted", 1),
        "/of/0": ("person", "counted", 2),
        "/of/1": ("person", "counted", 1),
        "/of/2": ("person", "counted", 0),
        "/of/2/where": ("orders", "counted", 1),
        "/of/2/where/of": ("orders", "counted", 5),
    }


def test_chosen_parts_come_in_the_order_asked_for() -> None:
    counts = count_nodes(asked(), paths=["/of/2/where/of", "", "/of/2/where/of"])
    assert [(each.path, each.count) for each in counts] == [("/of/2/where/of", 5), ("", 1)]


def test_one_faulty_part_does_not_spoil_the_others() -> None:
    faulty = {"kind": "condition", "attribute": "gone", "operator": "is_empty"}
    lost = {"kind": "exists", "link": "nowhere", "where": HAS_MAIL}
    counts = count_nodes(asked({"kind": "any", "of": [HAS_MAIL, faulty, lost]}))
    states = {each.path: each.state for each in counts}
    assert states == {
        "": State.REFUSED,
        "/of/0": State.COUNTED,
        "/of/1": State.REFUSED,
        "/of/2": State.REFUSED,
        "/of/2/where": State.REFUSED,
    }
    assert all(each.reason for each in counts if each.state is State.REFUSED)


def test_data_that_cannot_be_computed_spoil_one_part_only() -> None:
    execute("ALTER TABLE shop.person DROP COLUMN born")
    born = {"kind": "condition", "attribute": "born", "operator": "is_empty"}
    counts = told(count_nodes(asked({"kind": "any", "of": [HAS_MAIL, born]}), paths=["/of/0", "/of/1"]))
    assert counts["/of/0"] == ("person", "counted", 2)
    assert counts["/of/1"][1] == "refused"


def test_what_takes_too_long_is_labelled_and_the_rest_is_counted() -> None:
    execute("ALTER TABLE shop.orders RENAME TO orders_")
    execute("CREATE VIEW shop.orders AS SELECT o.* FROM shop.orders_ o WHERE pg_sleep(0.3) IS NOT NULL")
    counts = told(count_nodes(asked(), limits=Limits(each=0.25, all=20)))
    assert counts["/of/0"] == ("person", "counted", 2)
    assert counts["/of/2/where/of"] == ("orders", "too_long", None)


def test_when_the_time_for_all_is_used_up_the_rest_is_not_reached() -> None:
    counts = count_nodes(asked(), limits=Limits(each=1, all=0))
    assert {each.state for each in counts} == {State.NOT_REACHED}


def test_ten_thousand_parts_end_in_bounded_time() -> None:
    many = {"kind": "any", "of": [{"kind": "not", "of": HAS_MAIL} for _number in range(3_000)]}
    begun = monotonic()
    counts = count_nodes(asked(many), limits=Limits(each=1, all=4))
    assert monotonic() - begun < 15
    assert len(counts) == 6_001
    assert sum(each.state is State.NOT_REACHED for each in counts) >= 6_001 - node_counts.MOST_NODES


def test_parts_are_found_whatever_holds_them_and_none_in_a_value() -> None:
    rule = parse_rule(
        {"kind": "aggregate", "link": "orders", "function": "count", "operator": "in", "value": [1, 2],
         "where": {"kind": "all", "of": [PAID]}}
    )  # fmt: skip
    found = [(node.path, node.table) for node in nodes_of(rule, load_catalogue(), "person")]
    assert found == [("", "person"), ("/where", "orders"), ("/where/of/0", "orders")]


def test_nobody_to_count_without_a_rule() -> None:
    assert count_nodes(asked(None)) == []


@pytest.mark.django_db(transaction=True)
def test_calling_off_ends_the_counting_and_keeps_what_was_counted() -> None:
    execute("ALTER TABLE shop.orders RENAME TO orders_")
    execute("CREATE VIEW shop.orders AS SELECT o.* FROM shop.orders_ o WHERE pg_sleep(2) IS NOT NULL")
    mine = Question(1, "counting-1")

    def count() -> Any:
        try:
            return count_nodes(asked(), asked_as=mine, limits=Limits(each=60, all=60))
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(1) as elsewhere:
            running = elsewhere.submit(count)
            begun = monotonic()
            while not call_off(mine) and monotonic() - begun < 10:
                sleep(0.05)
            states = {each.path: each.state for each in running.result(30)}
    finally:
        Table.objects.all().delete()
        execute("DROP SCHEMA shop CASCADE")
    assert set(states.values()) <= {State.CALLED_OFF, State.COUNTED}
    assert states["/of/2/where"] is State.CALLED_OFF
