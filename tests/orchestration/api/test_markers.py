from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from campaigns.models import AuditEntry, Campaign
from tests.campaigns.api.callers import is_problem
from tests.orchestration.newcomers import add_newcomers, launch, make_readers, marker_value, newsletter

pytestmark = pytest.mark.django_db
URL = "/api/v1/campaigns/newsletter/markers/"
BODY = {"value": "2018-01-31T09:00:00+09:00", "reason": "a new start"}


@pytest.fixture
def campaign() -> Campaign:
    add_newcomers(make_readers(), 1, 2)
    return newsletter()


def put(caller: APIClient, match: str, activity: str = "news", **body: Any) -> Any:
    headers = {"If-Match": match} if match else {}
    return caller.put(f"{URL}{activity}/", {**BODY, **body}, format="json", headers=headers)


def test_whoever_may_not_publish_sets_nothing(
    campaign: Campaign, viewer: APIClient, author: APIClient
) -> None:
    assert is_problem(put(APIClient(), '"0"'), 401, "not_authenticated")
    assert is_problem(put(viewer, '"0"'), 403, "permission_denied")
    assert is_problem(put(author, '"0"'), 403, "permission_denied")
    assert marker_value(campaign) is None


@pytest.mark.parametrize(
    ("match", "body", "status", "code"),
    [
        ("", {}, 428, "precondition_required"),
        ("*", {}, 428, "precondition_required"),
        ('"7"', {}, 412, "marker_conflict"),
        ('"x"', {}, 412, "marker_conflict"),
        (f'"{"9" * 60}"', {}, 412, "marker_conflict"),
        ('"0"', {"value": "yesterday"}, 400, "invalid"),
        ('"0"', {"reason": ""}, 400, "invalid"),
    ],
)
def test_what_will_not_do_is_refused(
    campaign: Campaign, publisher: APIClient, match: str, body: Any, status: int, code: str
) -> None:
    assert is_problem(put(publisher, match, **body), status, code)
    assert marker_value(campaign) is None


def test_an_activity_that_reads_nothing_has_no_marker(campaign: Campaign, publisher: APIClient) -> None:
    assert is_problem(publisher.get(f"{URL}end/"), 404, "not_found")
    assert is_problem(put(publisher, '"0"', "end"), 404, "not_found")


def test_it_is_read_with_its_readings_and_set_against_its_etag(
    campaign: Campaign, publisher: APIClient
) -> None:
    run = launch(campaign)
    shown = publisher.get(f"{URL}news/")
    assert [(each["run"], each["people"], each["state"]) for each in shown.json()["readings"]] == [
        (run.pk, 2, "kept")
    ]
    assert publisher.get(URL).json() == [shown.json()]
    answer = put(publisher, shown["ETag"])
    assert (answer.status_code, answer.json()["value"]) == (200, "2018-01-31T00:00:00Z")
    assert is_problem(put(publisher, shown["ETag"]), 412, "marker_conflict")
    assert put(publisher, answer["ETag"], value=None).json()["value"] is None
    assert AuditEntry.objects.filter(action="marker.set", door="api").count() == 2
