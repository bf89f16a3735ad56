"""Why somebody is in or out, and what an edit of a rule would do, through the API's door."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from campaigns.dimensions import register_dimension
from campaigns.registration import register_table
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.campaigns.shop import execute, open_shop

pytestmark = pytest.mark.django_db
BASE = "/api/v1"
HAS_MAIL = {"kind": "condition", "attribute": "email", "operator": "is_not_empty"}
NAMED_A = {"kind": "condition", "attribute": "full_name", "operator": "starts_with", "value": "A"}
BUYS = {
    "kind": "exists",
    "link": "orders",
    "where": {"kind": "condition", "attribute": "state", "operator": "equal", "value": "paid"},
}
MANY = {"kind": "aggregate", "link": "orders", "function": "count", "operator": "greater", "value": 5}
RULE = {"kind": "all", "of": [HAS_MAIL, NAMED_A, BUYS, MANY]}


@pytest.fixture
def caller() -> APIClient:
    return make_caller(make_holder("asker", "view_campaign"), "read")


@pytest.fixture
def seer() -> APIClient:
    return make_caller(make_holder("seer", "view_campaign", "view_personal_data"), "read")


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()
    tables = {name: register_table("shop", name).table for name in ("person", "orders", "order_line")}
    register_dimension("person", tables["person"], label="Person", fields={"email": "email"})
    execute("INSERT INTO shop.orders SELECT gen_random_uuid(), 1, 'paid' FROM generate_series(1, 3)")
    execute("INSERT INTO shop.orders VALUES (gen_random_uuid(), 1, 'open')")


def ask(caller: APIClient, what: str, /, **asked: Any) -> Any:
    return caller.post(f"{BASE}/rules/{what}/", {"dimension": "person", "rule": RULE} | asked, format="json")


@pytest.mark.parametrize("question", ["explain", "difference"])
def test_asking_needs_the_permission_and_the_scope(question: str) -> None:
    assert is_problem(ask(APIClient(), question), 401, "not_authenticated")
    assert is_problem(ask(make_caller(make_holder("nobody")), question), 403, "permission_denied")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 400),
        ({"key": 1, "email": "ada@example.com"}, 400),
        ({"key": {"a": 1}}, 400),
        ({"key": []}, 400),
        ({"key": True}, 400),
        ({"key": "nobody"}, 422),
        ({"key": [1, 2]}, 422),
        ({"key": "1\0"}, 422),
        ({"key": 1, "rule": {"kind": "all", "of": []}}, 422),
        ({"key": 1, "rule": {**HAS_MAIL, "attribute": "gone"}}, 422),
        ({"email": "ada@example.com"}, 403),
    ],
)
def test_what_makes_no_sense_is_refused(caller: APIClient, asked: dict[str, Any], status: int) -> None:
    assert ask(caller, "explain", **asked).status_code == status


def test_an_address_of_nobody_or_of_several_names_the_remedy(seer: APIClient) -> None:
    execute("UPDATE shop.person SET email = 'sky@example.org' WHERE person_id = 2")
    gone = ask(seer, "explain", email="gone@example.com").json()["problems"][0]
    several = ask(seer, "explain", email="SKY@example.org").json()["problems"][0]
    assert (gone["path"], several["path"]) == ("/email", "/email")
    assert "2, 3" in several["message"]


def test_who_is_not_there_is_not_explained(caller: APIClient) -> None:
    answer = ask(caller, "explain", key=77).json()
    assert (answer["found"], answer["holds"], answer["nodes"]) == (False, None, [])


def test_every_part_says_whether_it_holds_and_by_what(seer: APIClient) -> None:
    answer = ask(seer, "explain", email="ADA@example.com").json()
    nodes = {each["path"]: each for each in answer["nodes"]}
    assert (answer["found"], answer["holds"]) == (True, False)
    assert {path: each["holds"] for path, each in nodes.items()} == {
        "": False, "/of/0": True, "/of/1": True, "/of/2": True, "/of/3": False, "/of/2/where": None,
    }  # fmt: skip
    assert nodes["/of/0"]["values"] == [{"label": "Email", "value": "ada@example.com"}]
    assert nodes["/of/3"]["values"] == [{"label": "the figure", "value": "4"}]
    assert (nodes["/of/2/where"]["meeting"], nodes["/of/2/where"]["rows"]) == (3, 4)
    assert nodes["/of/2"]["sentence"].startswith("there are Orders")


def test_personal_values_are_masked_also_inside_expressions(caller: APIClient) -> None:
    formula = {"kind": "condition", "attribute": {"expression": "Lower(email)"}, "operator": "is_not_empty"}
    least = {
        "kind": "aggregate", "link": "orders", "function": "min", "attribute": "buyer.email", "operator": "is_not_empty"
    }  # fmt: skip
    answer = ask(caller, "explain", key=1, rule={"kind": "all", "of": [HAS_MAIL, formula, least]})
    values = [value["value"] for node in answer.json()["nodes"] for value in node["values"]]
    assert values == ["•••", "•••", "•••"]
    assert "ada@" not in answer.content.decode()


def test_parts_that_only_a_run_knows_are_said_to_be_so(caller: APIClient) -> None:
    rank = {"kind": "condition", "attribute": "@rank", "operator": "is_empty"}
    rule = {"kind": "any", "of": [rank, NAMED_A]}
    answer = ask(caller, "explain", key=1, rule=rule, columns=[{"name": "@rank", "type": "integer"}]).json()
    assert [(each["path"], each["holds"]) for each in answer["nodes"]] == [
        ("", None),
        ("/of/0", None),
        ("/of/1", True),
    ]
    assert answer["nodes"][0]["reason"]


def test_an_edit_is_told_by_those_who_enter_leave_and_stay(caller: APIClient) -> None:
    answer = ask(caller, "difference", before=HAS_MAIL, rule={"kind": "not", "of": NAMED_A}).json()
    changes = {each["change"]: each for each in answer["changes"]}
    assert {name: each["count"] for name, each in changes.items()} == {"enter": 1, "leave": 1, "stay": 1}
    assert [row[0] for name in ("enter", "leave", "stay") for row in changes[name]["rows"]] == ["2", "1", "3"]
    assert "sky@" not in str(answer)


def test_an_edit_that_changes_nothing_says_so(caller: APIClient) -> None:
    counts = [
        each["count"] for each in ask(caller, "difference", before=HAS_MAIL, rule=HAS_MAIL).json()["changes"]
    ]
    assert counts == [0, 0, 2]
    assert ask(caller, "difference", before={"kind": "nothing"}).status_code == 422


def test_keys_of_several_parts_are_told_apart(caller: APIClient) -> None:
    execute("INSERT INTO shop.order_line SELECT order_id, 1, 'a' FROM shop.orders")
    asked = {
        "table": "order_line",
        "before": None,
        "rule": {"kind": "condition", "attribute": "sku", "operator": "equal", "value": "b"},
    }
    answer = caller.post(f"{BASE}/rules/difference/", asked, format="json").json()
    assert [(each["count"], len(each["rows"])) for each in answer["changes"]] == [(0, 0), (4, 4), (0, 0)]


def test_parts_about_rows_far_away_are_told_by_what_they_stand_in(caller: APIClient) -> None:
    rule: dict[str, Any] = HAS_MAIL
    for _level in range(8):
        rule = {
            "kind": "exists",
            "link": "orders",
            "where": {"kind": "exists", "link": "buyer", "where": rule},
        }
    nodes = ask(caller, "explain", key=1, rule=rule).json()["nodes"]
    assert [each["meeting"] for each in nodes[:6]] == [None, 4, 4, 16, None, None]
    assert nodes[0]["holds"] is True
    assert nodes[-1]["reason"]
