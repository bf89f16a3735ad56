from __future__ import annotations

import pytest

from orchestration.confirmation import confirm_delivery
from orchestration.exceptions import Refused
from orchestration.models import ActivityRun, CampaignRun, Delivery, RunRequest
from tests.ledger import make_delivery, make_dimension, make_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery() -> Delivery:
    """Two people will be written to, one is excluded; somebody has to confirm it."""
    made = make_delivery(make_dimension())
    for key, state in enumerate(("ready", "ready", "excluded")):
        make_message(made, key, state=state)
    Delivery.objects.update(state="awaiting_confirmation", targeted=3)
    ActivityRun.objects.update(state="awaiting_confirmation")
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("state", ["paused", "failed", "stopped", "completed"])
def test_a_run_that_does_not_run_is_not_confirmed(delivery: Delivery, state: str) -> None:
    CampaignRun.objects.update(state=state)
    with pytest.raises(Refused, match="Resume it first"):
        confirm_delivery(delivery)
    delivery.refresh_from_db()
    assert delivery.state == "awaiting_confirmation"
    assert "Resume" in RunRequest.objects.get().outcome


@pytest.mark.parametrize("state", ["sending", "paused", "settled", "cancelled"])
def test_a_delivery_that_does_not_wait_is_not_confirmed(delivery: Delivery, state: str) -> None:
    Delivery.objects.update(state=state)
    with pytest.raises(Refused, match="somebody was first"):
        confirm_delivery(delivery)


def test_who_confirms_is_told_how_many_get_a_message(delivery: Delivery) -> None:
    assert confirm_delivery(delivery) == 2
    assert (delivery.state, ActivityRun.objects.get().state) == ("sending", "sending")
    assert RunRequest.objects.get().outcome == "2"


def test_the_second_to_confirm_is_refused(delivery: Delivery) -> None:
    confirm_delivery(delivery)
    with pytest.raises(Refused):
        confirm_delivery(delivery)
    assert delivery.activity_run.run.log.filter(event="delivery_confirmed").count() == 1
