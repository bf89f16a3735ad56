from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from campaigns.models import Campaign
from campaigns.publishing import publish_campaign
from orchestration.models import Occurrence
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.ledger import make_dimension
from tests.orchestration.engine import draft

pytestmark = pytest.mark.django_db
LAUNCHES = "/api/v1/campaigns/weekly/launches/"


@pytest.fixture
def weekly(db: None) -> Campaign:
    make_dimension()
    activities = [
        {"id": "all", "type": "build_audience", "config": {"dimension": "person"}},
        {"id": "end", "type": "end"},
    ]
    schedule = {"frequency": "weekly", "weekdays": ["mon"], "at": "09:00"}
    return draft("weekly", activities, ["all end"], schedule=schedule)


def test_reading_needs_the_permission_and_the_scope(weekly: Campaign) -> None:
    assert is_problem(APIClient().get(LAUNCHES), 401, "not_authenticated")
    assert is_problem(make_caller(make_holder("nobody")).get(LAUNCHES), 403, "permission_denied")
    writer = make_caller(make_holder("writer", "view_campaign"), "write")
    assert is_problem(writer.get(LAUNCHES), 403, "permission_denied")


def test_a_campaign_that_is_not_there_is_not_found(viewer: APIClient) -> None:
    assert is_problem(viewer.get("/api/v1/campaigns/nowhere/launches/"), 404, "not_found")


def test_a_question_that_makes_no_sense_is_refused(weekly: Campaign, viewer: APIClient) -> None:
    assert is_problem(viewer.get(f"{LAUNCHES}?of=yesterday"), 400, "invalid")


def test_what_is_not_published_launches_nothing(weekly: Campaign, viewer: APIClient) -> None:
    found = viewer.get(LAUNCHES).json()
    assert (found["upcoming"], found["sentence"], found["results"]) == ([], "", [])


def test_a_draft_says_when_it_would_launch(weekly: Campaign, viewer: APIClient) -> None:
    found = viewer.get(f"{LAUNCHES}?of=draft").json()
    times = [datetime.fromisoformat(text) for text in found["upcoming"]]
    assert len(times) == 10
    assert {(time.weekday(), time.hour) for time in times} == {(0, 9)}
    assert times[0] > timezone.now()
    assert (found["time_zone"], "Monday" in found["sentence"]) == ("UTC", True)


def test_a_stopped_campaign_launches_no_more(weekly: Campaign, viewer: APIClient) -> None:
    publish_campaign(weekly, by=None, if_match=weekly.draft_hash, confirm_warnings=True)
    assert len(viewer.get(LAUNCHES).json()["upcoming"]) == 10
    Campaign.objects.filter(pk=weekly.pk).update(state="stopped")
    assert viewer.get(LAUNCHES).json()["upcoming"] == []


def test_a_schedule_that_is_not_valid_yet_says_nothing(viewer: APIClient) -> None:
    draft("weekly", [{"id": "end", "type": "end"}], [], schedule={"frequency": "weekly"})
    found = viewer.get(f"{LAUNCHES}?of=draft").json()
    assert (found["upcoming"], found["sentence"]) == ([], "")


def test_recorded_launches_say_what_became_of_them(weekly: Campaign, viewer: APIClient) -> None:
    monday = datetime(2018, 1, 1, 9, tzinfo=UTC)
    for week, (state, reason) in enumerate([("launched", ""), ("skipped", "too_late"), ("queued", "")]):
        planned_at = monday + timedelta(weeks=week)
        Occurrence.objects.create(campaign=weekly, planned_at=planned_at, state=state, reason=reason)
    first = viewer.get(f"{LAUNCHES}?page_size=2").json()
    second = viewer.get(first["next"]).json()
    shown = [(row["state"], row["reason"]) for row in [*first["results"], *second["results"]]]
    assert shown == [("queued", ""), ("skipped", "too_late"), ("launched", "")]
    assert second["next"] is None
