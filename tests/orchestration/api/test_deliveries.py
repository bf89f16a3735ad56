from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from campaigns.models import Campaign
from orchestration.models import CampaignRun, Delivery, Message
from orchestration.runs import pause_run, start_test_run
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.orchestration.api.conftest import ACTING
from tests.orchestration.engine import work_off

pytestmark = pytest.mark.django_db
LIST = "/api/v1/deliveries/"


def one(delivery: Delivery, act: str = "") -> str:
    return f"{LIST}{delivery.pk}/{act}"


@pytest.mark.parametrize("route", [LIST, f"{LIST}1/"])
def test_reading_needs_the_permission_and_the_scope(db: None, route: str) -> None:
    assert is_problem(APIClient().get(route), 401, "not_authenticated")
    assert is_problem(make_caller(make_holder("nobody")).get(route), 403, "permission_denied")
    writer = make_caller(make_holder("writer", "view_campaign"), "confirm")
    assert is_problem(writer.get(route), 403, "permission_denied")


def test_confirming_needs_the_permission_and_the_scope(delivery: Delivery) -> None:
    publisher = make_holder("publisher", *ACTING)
    without_scope = make_caller(publisher, "read", "write", "publish")
    without_permission = make_caller(make_holder("author", "view_campaign", "publish_campaign"))
    for caller in (without_scope, without_permission):
        assert is_problem(caller.post(one(delivery, "confirm/")), 403, "permission_denied")
    delivery.refresh_from_db()
    assert delivery.state == "awaiting_confirmation"


@pytest.mark.parametrize("number", ["0", "999999999999999999", "9999999999999999999", "x"])
def test_a_delivery_that_is_not_there_is_not_found(publisher: APIClient, number: str) -> None:
    assert is_problem(publisher.get(f"{LIST}{number}/"), 404, "not_found")
    assert is_problem(publisher.post(f"{LIST}{number}/confirm/"), 404, "not_found")


@pytest.mark.parametrize(
    "query",
    ["state=lost", "run=x", "run=0", "run=99999999999999999999", "run=1e3", "run=NaN", "campaign=%00"],
)
def test_a_filter_that_makes_no_sense_is_refused(viewer: APIClient, query: str) -> None:
    assert is_problem(viewer.get(f"{LIST}?{query}"), 400, "invalid")


def test_a_delivery_of_a_paused_run_is_not_confirmed(
    run: CampaignRun, delivery: Delivery, publisher: APIClient
) -> None:
    pause_run(run)
    answer = publisher.post(one(delivery, "confirm/"))
    assert is_problem(answer, 409, "conflict")
    assert answer.json()["problems"][0]["code"] == "delivery.run_not_running"


def test_a_delivery_is_confirmed_only_once(delivery: Delivery, publisher: APIClient) -> None:
    assert publisher.post(one(delivery, "confirm/")).status_code == 200
    answer = publisher.post(one(delivery, "confirm/"))
    assert is_problem(answer, 409, "conflict")
    assert answer.json()["problems"][0]["code"] == "delivery.not_waiting"


def test_a_delivery_of_a_test_is_never_confirmed(campaign: Campaign, publisher: APIClient) -> None:
    work_off(start_test_run(campaign))
    tested = Delivery.objects.get()
    assert is_problem(publisher.post(one(tested, "confirm/")), 409, "conflict")
    tested.refresh_from_db()
    assert tested.state == "tested"


def test_a_delivery_shows_whom_it_reaches(delivery: Delivery, viewer: APIClient) -> None:
    found = viewer.get(one(delivery)).json()
    assert found["waterfall"] == {"targeted": 3, "excluded": {"no_consent": 1}, "will_send": 2}
    assert found["messages"] == {"ready": 2, "excluded": 1}
    assert found["progress"] == {"total": 2, "sent": 0, "remaining": 2, "failed": 0}
    assert (found["state"], found["activity"], found["dimension"]) == (
        "awaiting_confirmation",
        "mail",
        "person",
    )


def test_what_is_sent_and_what_failed_is_counted(delivery: Delivery, viewer: APIClient) -> None:
    first, second = Message.objects.filter(delivery=delivery, state="ready").order_by("pk")
    Message.objects.filter(pk=first.pk).update(state="unknown")
    Message.objects.filter(pk=second.pk).update(state="failed_permanent")
    progress = viewer.get(one(delivery)).json()["progress"]
    assert progress == {"total": 2, "sent": 1, "remaining": 0, "failed": 1}


def test_a_repeated_confirmation_is_answered_and_not_done(delivery: Delivery, publisher: APIClient) -> None:
    key = {"Idempotency-Key": "one"}
    answers: list[Any] = [publisher.post(one(delivery, "confirm/"), headers=key) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert (answers[0].json()["released"], answers[0].json()["state"]) == (2, "sending")
    assert answers[0].json()["confirmed_by"] == "publisher"


def test_deliveries_are_listed_and_narrowed(
    campaign: Campaign, run: CampaignRun, delivery: Delivery, viewer: APIClient
) -> None:
    test = work_off(start_test_run(campaign))

    def found(query: str) -> list[int]:
        return [row["run"] for row in viewer.get(f"{LIST}?{query}").json()["results"]]

    assert found("") == [test.pk, run.pk]
    assert found(f"run={run.pk}") == found("state=awaiting_confirmation") == [run.pk]
    assert found("campaign=mailing&state=tested") == [test.pk]
    assert found("campaign=nowhere") == []
