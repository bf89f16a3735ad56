from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core import mail

from orchestration.models import ActivityRun, CampaignRun, Delivery, DeliveryBucket
from orchestration.watchdog import watch
from tests.ledger import make_delivery, make_dimension

pytestmark = pytest.mark.django_db

LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.fixture
def run() -> CampaignRun:
    """A delivery is being sent, and a bucket of it has been due for years."""
    delivery = make_delivery(make_dimension())
    DeliveryBucket.objects.create(delivery=delivery, bucket=0, due_at=LONG_AGO)
    campaign = delivery.campaign
    campaign.owner = get_user_model().objects.create_user("ada", "ada@example.com")
    campaign.save()
    return delivery.activity_run.run


def test_a_bucket_that_somebody_holds_is_no_alarm(run: CampaignRun) -> None:
    DeliveryBucket.objects.update(lease_until="2099-01-01T00:00:00Z")
    assert watch() == []


def test_a_bucket_that_rests_is_no_alarm(run: CampaignRun) -> None:
    DeliveryBucket.objects.update(due_at="2099-01-01T00:00:00Z")
    assert watch() == []


@pytest.mark.parametrize("state", ["paused", "failed", "stopped", "completed"])
def test_a_run_that_should_not_move_is_no_alarm(run: CampaignRun, state: str) -> None:
    CampaignRun.objects.update(state=state)
    assert watch() == []


def test_a_wait_is_no_alarm_before_its_time(run: CampaignRun) -> None:
    Delivery.objects.update(state="settled")
    ActivityRun.objects.update(state="waiting", due_at="2099-01-01T00:00:00Z")
    assert watch() == []


def test_work_that_nobody_takes_is_told_to_the_owner_once_an_hour(run: CampaignRun) -> None:
    assert watch() == [run.pk]
    assert watch() == []
    assert [m.to for m in mail.outbox] == [["ada@example.com"]]
    assert run.log.get().event == "run_stuck"


@pytest.mark.parametrize("fields", [{"state": "pending"}, {"state": "waiting", "due_at": LONG_AGO}])
def test_an_activity_that_nobody_takes_is_told(run: CampaignRun, fields: dict[str, str]) -> None:
    DeliveryBucket.objects.all().delete()
    ActivityRun.objects.update(state_changed_at=LONG_AGO, **fields)
    assert watch() == [run.pk]
