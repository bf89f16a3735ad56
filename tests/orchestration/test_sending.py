from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

import pytest
from django.db import connection

from campaigns.models import Campaign
from campaigns.publishing import publish_campaign
from orchestration.claims import Claimed, Settlement, lease_bucket
from orchestration.confirmation import confirm_delivery, send_waterfall
from orchestration.email_sender import EmailSender
from orchestration.models import CampaignRun, Delivery, Message, Occurrence
from orchestration.occurrences import launch_due
from orchestration.sending import Drain, batch_size, drain_bucket
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


class Cut:
    """A real sender, behind whose back the database ends the worker's session once the provider has answered."""

    is_broken = False

    def __init__(self, inner: EmailSender, times: int) -> None:
        self.inner = inner
        self.times = times

    def send(self, claimed: Sequence[Claimed]) -> list[Settlement]:
        settled = self.inner.send(claimed)
        if self.times:
            self.times -= 1
            other = connection.copy()
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
            other.close()
        return settled

    def close(self) -> None:
        self.inner.close()


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_lives_leaves_nothing_unknown_when_the_database_goes_away(delivery: Delivery) -> None:
    confirm_delivery(delivery)
    lease = lease_bucket(delivery.buckets.get().pk)
    assert lease is not None
    drain = Drain(lease, delivery, Cut(EmailSender(delivery), times=2))
    drain.go_on(time.monotonic() + 60)
    states = Counter(delivery.messages.values_list("state", flat=True))
    assert states == {"sent": 8, "excluded": 2}
    assert drain.sender.times == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(("seconds", "size"), [(0, 10), (0.5, 10), (2, 10), (4, 5), (15, 1), (60, 1)])
def test_a_slow_provider_is_given_fewer_messages_at_once(seconds: float, size: int) -> None:
    assert batch_size(seconds) == size
