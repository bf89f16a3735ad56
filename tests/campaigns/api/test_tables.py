from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from campaigns.dimensions import register_dimension
from campaigns.links import add_link
from campaigns.models import Table
from campaigns.registration import register_table
from campaigns.targeting.schema import Cardinality
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.campaigns.shop import open_shop

pytestmark = pytest.mark.django_db
LIST, PERSON = "/api/v1/tables/", "/api/v1/tables/person/"


@pytest.fixture
def caller() -> APIClient:
    return make_caller(make_holder("reader", "view_table"), "read")


@pytest.fixture(autouse=True)
def person(db: None) -> Table:
    open_shop()
    person = register_table("shop", "person").table
    visit = register_table("shop", "visit").table
    many, one = Cardinality.MANY, Cardinality.ONE
    add_link(visit, person, on=[("person_id", "person_id")], cardinality=one, inverse_cardinality=many)
    register_dimension("buyer", person, label="Buyer", fields={"email": "email"})
    return person


@pytest.mark.parametrize("route", [LIST, PERSON])
def test_reading_needs_the_permission_and_the_scope(route: str) -> None:
    assert is_problem(APIClient().get(route), 401, "not_authenticated")
    for caller in (
        make_caller(make_holder("a", "view_campaign")),
        make_caller(make_holder("b", "view_table"), "write"),
    ):
        assert is_problem(caller.get(route), 403, "permission_denied")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_tables_are_only_read(caller: APIClient, method: str) -> None:
    for route in (LIST, PERSON):
        assert is_problem(getattr(caller, method)(route), 405, "method_not_allowed")


@pytest.mark.parametrize("slug", ["nobody", "Person", "person;", "x" * 200])
def test_what_is_not_registered_is_not_found(caller: APIClient, slug: str) -> None:
    assert is_problem(caller.get(f"{LIST}{slug}/"), 404, "not_found")


def test_an_origin_that_does_not_exist_is_refused(caller: APIClient) -> None:
    assert is_problem(caller.get(f"{LIST}?origin=moon"), 400, "invalid")


def test_tables_are_listed_by_slug_and_page(caller: APIClient) -> None:
    first = caller.get(f"{LIST}?origin=external&page_size=1").json()
    second = caller.get(first["next"]).json()
    assert [first["results"][0]["slug"], second["results"][0]["slug"]] == ["person", "visit"]
    assert second["next"] is None
    assert [row["slug"] for row in caller.get(f"{LIST}?search=VIS").json()["results"]] == ["visit"]


def test_a_table_says_what_rules_may_ask_of_it(caller: APIClient) -> None:
    found = caller.get(PERSON).json()
    fields = {field["slug"]: field for field in found["fields"]}
    assert (fields["email"]["type"], fields["email"]["personal"]) == ("text", True)
    assert fields["fingerprint"]["skipped_reason"]
    assert (found["schema_name"], found["origin"]) == ("shop", "external")
    (link,) = [each for each in found["links"] if each["target"] == "visit"]
    assert (link["target"], link["cardinality"], link["on"]) == (
        "visit",
        "many",
        [["person_id", "person_id"]],
    )
    assert link["path"] == []
    (dimension,) = found["dimensions"]
    assert (dimension["slug"], dimension["key"], dimension["email"]) == ("buyer", "person_id", "email")


def test_the_number_of_queries_does_not_grow_with_the_catalogue(
    caller: APIClient, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        caller.get(PERSON)
