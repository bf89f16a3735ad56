"""What a draft would do to people, asked through the API."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from campaigns.document import Document
from campaigns.drafts import save_draft
from campaigns.models import Campaign
from orchestration.exceptions import Refused
from orchestration.forecasts import forecast
from orchestration.models import CampaignRun
from orchestration.runs import start_test_run
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, work_off
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
    assert told["compared_with"]["kind"] == "test"
    assert CampaignRun.objects.count() == runs
