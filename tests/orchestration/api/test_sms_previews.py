from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from campaigns.document import as_data
from campaigns.models import Campaign, Field
from orchestration.sms_previews import SAMPLED
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.orchestration.engine import document_drawn
from tests.orchestration.texting import TEXT, add_phone, make_phone_dimension, make_sms_channel, sms, texting

pytestmark = pytest.mark.django_db
URL = "/api/v1/campaigns/texting/texts/preview/"
EVERYBODY = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}


@pytest.fixture
def campaign() -> Campaign:
    dimension = make_phone_dimension("010-1234-5678", "010-2345-6789")
    add_phone(dimension, 7, None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE person SET name = repeat('한', 60) WHERE id = 1")
    make_sms_channel()
    return texting()


@pytest.fixture
def caller(campaign: Campaign) -> APIClient:
    return make_caller(make_holder("author", "view_campaign", "view_personal_data"), "read")


def body(text: Any = TEXT, **more: Any) -> dict[str, Any]:
    document = as_data(document_drawn("texting", [EVERYBODY, sms()], ["all text"]))
    return {"document": document, "activity": "text", "content": {"text": text}, **more}


def shown(caller: APIClient, **more: Any) -> dict[str, Any]:
    answer = caller.post(URL, body(**more), format="json")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"document": 1}, "invalid"),
        ({"activity": ""}, "invalid"),
        ({"content": {"text": 1}}, "invalid"),
        ({"content": {"html": "x"}}, "invalid"),
        ({"content": {"text": "{% if"}}, "invalid"),
        ({"content": {"text": "{{ 1 | divided_by: 0 }}"}}, "invalid"),
        ({"position": -1}, "invalid"),
        ({"position": 10**9}, "invalid"),
    ],
)
def test_what_cannot_be_shown_is_said(caller: APIClient, change: dict[str, Any], code: str) -> None:
    answer = caller.post(URL, {**body(), **change}, format="json")
    assert answer.status_code in (400, 422)
    assert is_problem(answer, answer.status_code, code)


def test_nobody_else_sees_it(campaign: Campaign) -> None:
    stranger = make_caller(make_holder("stranger"), "read")
    assert stranger.post(URL, body(), format="json").status_code == 403
    assert APIClient().post(URL, body(), format="json").status_code == 401


def test_a_person_is_shown_as_they_would_get_it(caller: APIClient) -> None:
    found = shown(caller)
    assert (found["recipient"], found["text"]) == ("0", "Hi Person 0. Reply STOP")
    assert (found["people"], found["position"], found["sender"]) == (3, 0, "Shop")
    assert (found["segments"]["alphabet"], found["segments"]["count"]) == ("gsm7", 1)
    assert {"path": "profile.name", "label": "name"} in found["names"]
    assert shown(caller, position=4)["recipient"] == "1"


def test_the_longest_of_them_is_found(caller: APIClient) -> None:
    found = shown(caller)
    assert (found["longest"], found["most_segments"]) == (1, 2)
    longest = shown(caller, position=found["longest"])
    assert (longest["segments"]["alphabet"], longest["segments"]["outside"]) == ("ucs2", ["한"])


def test_whoever_may_not_see_personal_data_sees_none(campaign: Campaign) -> None:
    Field.objects.filter(slug__in=["name", "id"]).update(personal=True)
    viewer = make_caller(make_holder("viewer", "view_campaign"), "read")
    found = shown(viewer)
    assert found["recipient"] == ""
    assert "Person" not in found["text"]


def test_without_people_the_text_stands_alone(caller: APIClient) -> None:
    document = as_data(document_drawn("texting", [EVERYBODY, sms()], []))
    found = shown(caller, document=document)
    assert (found["people"], found["recipient"], found["text"]) == (0, "", "Hi . Reply STOP")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM person")
    assert shown(caller)["people"] == 0


def test_no_more_than_a_hundred_are_rendered(caller: APIClient) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO person SELECT n, 'P' || n FROM generate_series(100, 400) AS n")
    assert shown(caller)["people"] == SAMPLED
