from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from campaigns.models import PredefinedFilter
from campaigns.registration import register_table
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.campaigns.shop import open_shop

pytestmark = pytest.mark.django_db
URL = "/api/v1/filters/"
ADA = URL + "older/"
BODY = {
    "slug": "older",
    "label": "Older",
    "table": "person",
    "rule": {"kind": "condition", "attribute": "born", "operator": "less", "value": {"parameter": "before"}},
    "parameters": [{"name": "before", "type": "date", "label": "Born before"}],
}


@pytest.fixture
def author() -> APIClient:
    return make_caller(make_holder("author", "view_campaign", "change_campaign"), "read", "write")


@pytest.fixture
def other() -> APIClient:
    return make_caller(make_holder("other", "view_campaign", "change_campaign"), "read", "write")


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()
    register_table("shop", "person")


def create(caller: APIClient, **changes: Any) -> Any:
    return caller.post(URL, BODY | changes, format="json")


def change(caller: APIClient, hash_: str, **changes: Any) -> Any:
    body = {name: value for name, value in (BODY | changes).items() if name != "slug"}
    return caller.put(ADA, body, format="json", headers={"If-Match": f'"{hash_}"'})


def test_changing_needs_the_permission_and_the_scope(author: APIClient) -> None:
    create(author, shared=True)
    viewer = make_caller(make_holder("viewer", "view_campaign"), "read", "write")
    reader = make_caller(make_holder("reader", "view_campaign", "change_campaign"), "read")
    for caller in (viewer, reader):
        assert is_problem(create(caller, slug="mine"), 403, "permission_denied")
        assert is_problem(caller.delete(ADA, headers={"If-Match": '"x"'}), 403, "permission_denied")
        assert caller.get(ADA).status_code == 200


def test_a_private_filter_is_nothing_to_others(author: APIClient, other: APIClient) -> None:
    create(author)
    assert other.get(URL).json()["results"] == []
    for answer in (
        other.get(ADA),
        change(other, "x"),
        other.put(ADA + "favourite/"),
        other.get(ADA + "users/"),
    ):
        assert is_problem(answer, 404, "not_found")
    assert is_problem(create(other), 409, "conflict")
    assert author.get(ADA).json()["shared"] is False


def test_a_change_names_the_state_it_changes(author: APIClient, other: APIClient) -> None:
    made = create(author, shared=True)
    assert made.status_code == 201
    assert made["Location"] == ADA
    first = made["ETag"].strip('"')
    changed = change(other, first, label="Old", shared=True)
    assert changed.status_code == 200
    assert is_problem(change(author, first, label="Ancient", shared=True), 412, "filter_conflict")
    assert is_problem(author.put(ADA, BODY, format="json"), 428, "precondition_required")
    assert author.get(ADA)["ETag"] == changed["ETag"]
    assert author.get(ADA).json()["label"] == "Old"
    assert is_problem(author.delete(ADA, headers={"If-Match": f'"{first}"'}), 412, "filter_conflict")
    assert author.delete(ADA, headers={"If-Match": changed["ETag"]}).status_code == 204
    assert not PredefinedFilter.objects.exists()


def test_a_filter_in_use_says_where(author: APIClient) -> None:
    made = create(author, shared=True)
    using = {"kind": "filter", "filter": "older", "parameters": {"before": "1990-01-01"}}
    create(author, slug="oldest", rule=using, parameters=[])
    answer = author.delete(ADA, headers={"If-Match": made["ETag"]})
    assert is_problem(answer, 409, "conflict")
    assert "oldest" in answer.json()["detail"]
    assert author.get(ADA + "users/").json() == {"users": ["filter “oldest”"]}


def test_a_shared_filter_is_used_in_rules_and_copied_out_of_it(author: APIClient) -> None:
    create(author, shared=True)
    rule = {"kind": "filter", "filter": "older", "parameters": {"before": "1990-01-01"}}
    checked = author.post("/api/v1/rules/check/", {"table": "person", "rule": rule}, format="json").json()
    assert checked["problems"] == []
    assert "the filter “Older” holds (Born before: “1990-01-01”)" in checked["sentence"]
    copied = author.post(ADA + "apply/", {"parameters": {"before": "1990-01-01"}}, format="json").json()
    assert copied["rule"] == BODY["rule"] | {"value": "1990-01-01"}
    assert is_problem(author.post(ADA + "apply/", {}, format="json"), 422, "invalid")


def test_favourites_are_ones_own(author: APIClient, other: APIClient) -> None:
    create(author, shared=True)
    for _twice in range(2):
        assert other.put(ADA + "favourite/").status_code == 204
    assert [each["slug"] for each in other.get(URL, {"favourite": "true"}).json()["results"]] == ["older"]
    assert author.get(URL, {"favourite": "true"}).json()["results"] == []
    assert (other.get(ADA).json()["favourite"], author.get(ADA).json()["favourite"]) == (True, False)
    other.delete(ADA + "favourite/")
    assert other.get(URL, {"favourite": "true"}).json()["results"] == []


def test_the_label_is_composed_and_what_the_rule_compares_with_is_not(author: APIClient) -> None:
    rule = {"kind": "condition", "attribute": "full_name", "operator": "equal", "value": "Zoe\u0308"}
    made = create(author, label="Cafe\u0301", rule=rule, parameters=[]).json()
    assert (made["label"], made["rule"]) == ("Café", rule)
