from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from orchestration.feedback.filters import Behaviour
from orchestration.models import EventKind, TrackedLink
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.ledger import (
    add_event,
    add_person,
    make_campaign,
    make_delivery,
    make_dimension,
    make_message,
    make_run,
)

pytestmark = pytest.mark.django_db
URL = "/api/v1/rules/feedback/"


@pytest.fixture
def caller() -> APIClient:
    return make_caller(make_holder("asker", "view_campaign"), "read")


@pytest.fixture(autouse=True)
def _sent(db: None) -> None:
    dimension = make_dimension()
    for key in range(1, 5):
        add_person(dimension, key)
    delivery = make_delivery(dimension, make_run(make_campaign("spring")))
    TrackedLink.objects.filter(delivery=delivery).delete()
    TrackedLink.objects.create(delivery=delivery, number=1, url="https://example.org/shop", label="")
    first, *_others = [make_message(delivery, key) for key in (1, 2, 3)]
    add_event(first, EventKind.CLICKED, user_agent="Mozilla/5.0 (X11) Firefox/140", link_number=1)


def ask(caller: APIClient, **asked: Any) -> Any:
    about = {"dimension": "person", "behaviour": "sent", "campaign": "spring"}
    return caller.post(URL, about | asked, format="json")


def test_asking_needs_the_permission() -> None:
    assert is_problem(APIClient().get(URL), 401, "not_authenticated")
    assert is_problem(ask(make_caller(make_holder("nobody"))), 403, "permission_denied")


@pytest.mark.parametrize(
    ("asked", "status", "place"),
    [
        ({"dimension": "persn"}, 422, "/dimension"),
        ({"campaign": "sprung"}, 422, "/campaign"),
        ({"activity": "none"}, 422, "/activity"),
        ({"behaviour": "slept"}, 400, "/behaviour"),
        ({"people": "cats"}, 400, "/people"),
        ({"period": "soon"}, 422, "/period"),
        ({"period": {"last": -1}}, 422, "/period"),
        ({"period": {"today": 0}}, 422, "/period"),
    ],
)
def test_what_does_not_exist_is_refused_at_its_place(
    caller: APIClient, asked: dict[str, Any], status: int, place: str
) -> None:
    answer = ask(caller, **asked)
    assert answer.status_code == status
    assert answer.json()["problems"][0]["path"] == place


@pytest.mark.parametrize("behaviour", list(Behaviour))
def test_every_behaviour_gives_a_rule_that_counts(caller: APIClient, behaviour: Behaviour) -> None:
    answer = ask(caller, behaviour=behaviour.value, period={"last": 30, "unit": "day"}, people="all")
    assert answer.status_code == 200, answer.content
    counted = caller.post(
        "/api/v1/rules/count/", {"dimension": "person", "rule": answer.json()["rule"]}, format="json"
    )
    expected = {"sent": 3, "delivered": 3, "clicked": 1, "silent": 2, "none": 1}
    assert counted.json()["count"] == expected.get(behaviour.value, 0)
    assert answer.json()["sentence"]


def test_a_link_without_a_label_is_chosen_by_its_address(caller: APIClient) -> None:
    choices = caller.get(URL, {"dimension": "person", "campaign": "spring"}).json()
    assert [each["value"] for each in choices["links"]] == ["https://example.org/shop"]
    for link, people in (("https://example.org/shop", 1), ("https://example.org/other", 0)):
        rule = ask(caller, behaviour="clicked", link=link).json()["rule"]
        counted = caller.post("/api/v1/rules/count/", {"dimension": "person", "rule": rule}, format="json")
        assert counted.json()["count"] == people


def test_the_form_offers_what_was_sent(caller: APIClient) -> None:
    choices = caller.get(URL, {"dimension": "person"}).json()
    assert {each["value"] for each in choices["behaviours"]} == {each.value for each in Behaviour}
    assert [each["value"] for each in choices["campaigns"]] == ["spring"]
    assert choices["activities"] == []
    chosen = caller.get(URL, {"dimension": "person", "campaign": "spring"}).json()
    assert len(chosen["activities"]) == 1
