from __future__ import annotations

import pytest

from campaigns.models import Campaign
from campaigns.publishing import publish_campaign
from orchestration.confirmation import confirm_delivery, send_waterfall
from orchestration.models import CampaignRun, Delivery, Message, Occurrence
from orchestration.occurrences import launch_due
from orchestration.sending import drain_bucket
from tests.orchestration.engine import counts, problems, work_off
from tests.orchestration.test_runs import campaign  # noqa: F401

pytestmark = pytest.mark.django_db


def publish(drawn: Campaign) -> CampaignRun:
    publish_campaign(drawn, by=None, if_match=drawn.draft_hash, confirm_warnings=True)
    launch_due(drawn.pk)
    return work_off(Occurrence.objects.get(campaign=drawn).run)


@pytest.fixture
def delivery(campaign: Campaign) -> Delivery:  # noqa: F811
    publish(campaign)
    return Delivery.objects.get(campaign=campaign)


def drain(delivery: Delivery) -> None:
    for bucket in delivery.buckets.order_by("pk"):
        drain_bucket(bucket.pk)
    delivery.refresh_from_db()


def test_nothing_is_sent_before_somebody_confirms(delivery: Delivery) -> None:
    drain(delivery)
    assert delivery.state == "awaiting_confirmation"
    assert set(delivery.messages.values_list("state", flat=True)) == {"ready", "excluded"}


def test_the_waterfall_adds_up(delivery: Delivery) -> None:
    assert send_waterfall(delivery) == {"targeted": 10, "excluded": {"no_consent": 2}, "will_send": 8}


def test_what_is_confirmed_is_sent_once_and_the_run_goes_on(delivery: Delivery) -> None:
    assert confirm_delivery(delivery) == 8
    drain(delivery)
    run = work_off(delivery.activity_run.run)
    assert problems(run) == {}
    assert (run.state, delivery.state) == ("completed", "settled")
    assert counts(run)["mail.sent"] == 8
    assert Message.objects.filter(delivery=delivery, state="sent", attempts=1).count() == 8
