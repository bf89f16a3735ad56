"""What a draft would do to people, asked through the API."""

from __future__ import annotations

from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from campaigns.document import Document
from campaigns.drafts import save_draft
from campaigns.models import Campaign, Consent, Field
from orchestration import forecasts
from orchestration.exceptions import Refused
from orchestration.forecasts import forecast
from orchestration.models import CampaignRun, Delivery
from orchestration.runs import start_test_run
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.campaigns.test_drafts import in_threads
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel, work_off
from tests.orchestration.test_forecasts import document

pytestmark = pytest.mark.django_db
URL = "/api/v1/campaigns/told/forecast/"


@pytest.fixture
def campaign() -> Campaign:
    """Busan's people, three when the draft was tested, four by now."""
    dimension = make_dimension()
    for key in range(1, 4):
        add_person(dimension, key)
    rule = {"kind": "condition", "attribute": "city", "operator": "equal", "value": "Busan"}
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person", "rule": rule}}
    made = draft("told", [everybody, {"id": "end", "type": "end"}], ["all end"])
    work_off(start_test_run(made))
    add_person(dimension, 9)
    return made


@pytest.fixture
def caller() -> APIClient:
    return make_caller(make_holder("author", "view_campaign", "change_campaign"), "read", "write")


def test_asking_needs_the_permission_to_test(caller: APIClient, campaign: Campaign) -> None:
    assert is_problem(APIClient().post(URL), 401, "not_authenticated")
    viewer = make_caller(make_holder("viewer", "view_campaign"), "read", "write")
    assert is_problem(viewer.post(URL), 403, "permission_denied")
    assert caller.post("/api/v1/campaigns/gone/forecast/").status_code == 404


def test_without_time_there_is_no_answer_and_nothing_is_left(db: None) -> None:
    make_dimension()
    with pytest.raises(Refused, match="more time"):
        forecast(document(), seconds=0.0)
    assert CampaignRun.objects.count() == 0


def test_settings_that_cannot_be_read_are_told_by_their_place(caller: APIClient) -> None:
    save_draft(None, _unreadable())
    answer = caller.post(URL)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["path"].startswith("/activities/0/config")


def _unreadable() -> Document:
    made = document("told")
    broken = made.activities[0].model_copy(update={"config": {"dimension": "person", "gone": 1}})
    return made.model_copy(update={"activities": (broken, *made.activities[1:])})


def test_every_port_is_told_with_those_who_enter_leave_and_stay(
    caller: APIClient, campaign: Campaign
) -> None:
    runs = CampaignRun.objects.count()
    answer = caller.post(URL)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    (port,) = told["ports"]
    assert (port["enter"], port["leave"], port["stay"], port["now"]) == (1, 0, 3, 4)
    assert port["samples"]["enter"] == [["9", "Person 9", "p9@example.com", "en", "Busan"]]
    assert [each["name"] for each in port["samples"]["columns"]][:2] == ["id", "name"]
    assert [len(port["samples"][change]) for change in ("leave", "stay")] == [0, 3]
    assert told["compared_with"]["kind"] == "test"
    assert CampaignRun.objects.count() == runs


def test_samples_are_masked_for_whoever_may_not_see_personal_data(
    caller: APIClient, campaign: Campaign
) -> None:
    Field.objects.filter(slug="email").update(personal=True)
    may_see = ("view_campaign", "change_campaign", "view_personal_data")
    seer = make_caller(make_holder("seer", *may_see), "read", "write")
    seen = [who.post(URL).json()["ports"][0]["samples"]["enter"][0][2] for who in (caller, seer)]
    assert seen == ["•••", "p9@example.com"]


def test_every_message_is_told_with_those_it_leaves_out(caller: APIClient, db: None) -> None:
    dimension = make_dimension()
    for key in range(3):
        add_person(dimension, key)
    Consent.objects.create(dimension=dimension, recipient_key="1", channel="email", state="opted_in")
    make_channel()
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    draft("told", [everybody, email()], ["all mail"])
    (send,) = caller.post(URL).json()["sends"]
    assert (send["activity"], send["channel"], send["targeted"]) == ("mail", "email", 3)
    assert (send["excluded"], send["will_send"]) == ({"no_consent": 2}, 1)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("question", ["x", "a" * 65, "no spaces", 7])
def test_a_question_is_named_by_a_plain_id(caller: APIClient, campaign: Campaign, question: Any) -> None:
    assert is_problem(caller.post(URL, {"question": question}, format="json"), 400, "invalid")


@pytest.mark.django_db(transaction=True)
def test_a_forecast_is_called_off_by_whoever_asked(
    caller: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL works on it until it is told to stop."""
    draft("told", [{"id": "end", "type": "end"}], [])
    monkeypatch.setattr(forecasts, "population_changes", _long)
    began = monotonic()
    asked, ended = in_threads(2, lambda number: (_ask if number == 0 else _call_off)(caller))
    assert is_problem(asked, 422, "called_off")
    assert ended.json() == {"called_off": True}
    assert monotonic() - began < 15


def _long(*_about: Any, **_how: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(20)")
    return []


def _ask(caller: APIClient) -> Any:
    return caller.post(URL, {"question": "question-1"}, format="json")


def _call_off(caller: APIClient) -> Any:
    for _attempt in range(100):
        answer = caller.delete("/api/v1/rules/questions/question-1/")
        if answer.json() != {"called_off": False}:
            break
        sleep(0.1)
    return answer
