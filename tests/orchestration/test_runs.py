from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from campaigns.consents import Statement, add_record, set_consent
from campaigns.models import Campaign, Channel, ConsentState
from orchestration.claims import lease_bucket
from orchestration.exceptions import Refused
from orchestration.execution import execute_activity
from orchestration.models import ActivityRun, CampaignRun, Delivery, DeliveryBucket, Message, RunRequest
from orchestration.runs import pause_run, resume_run, retry_run, start_test_run, stop_run, wake_run
from orchestration.states import RUN
from tests.ledger import (
    add_person,
    make_campaign,
    make_delivery,
    make_dimension,
    make_message,
    make_run,
)
from tests.orchestration.engine import counts, draft, email, make_channel, problems, work_off

pytestmark = pytest.mark.django_db

ACTS: dict[str, Callable[[CampaignRun], int]] = {
    "pause": pause_run,
    "resume": resume_run,
    "retry": retry_run,
    "wake": wake_run,
    "stop": stop_run,
}
POSSIBLE = {
    "pause": {"running"},
    "resume": {"paused"},
    "retry": {"failed"},
    "wake": {"running"},
    "stop": {"running", "paused", "failed"},
}
"""A running run is retried where another of its failed activities was tried again before."""
REFUSED = [(act, state) for act in ACTS for state in RUN.states if state not in POSSIBLE[act]]


@pytest.fixture
def campaign() -> Campaign:
    """Everybody of ten people, one without an address, eight of them with consent."""
    dimension = make_dimension()
    make_channel(provider="file", provider_config={"folder": "tests"})
    for key in range(1, 11):
        add_person(dimension, key)
        if key <= 8:
            statement = Statement(
                dimension_id=dimension.pk,
                recipient_key=str(key),
                channel=Channel.EMAIL,
                state=ConsentState.OPTED_IN,
                source="test",
            )
            set_consent(statement)
            add_record(statement)
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    return draft("first", [everybody, email(), {"id": "end", "type": "end"}], ["all mail", "mail.sent end"])


@pytest.fixture
def delivery() -> Delivery:
    """Being sent: two messages ready, one in flight, one unknown, one sent."""
    made = make_delivery(make_dimension())
    for key, state in enumerate(("ready", "ready", "in_flight", "unknown", "sent")):
        make_message(made, key, state=state)
    DeliveryBucket.objects.create(delivery=made, bucket=0, due_at="2020-01-01T00:00:00Z")
    return made


def in_state(state: str) -> CampaignRun:
    run = make_run(make_campaign())
    CampaignRun.objects.filter(pk=run.pk).update(state=state)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize(("act", "state"), REFUSED)
def test_an_act_is_refused_in_every_other_state_and_that_is_written_down(act: str, state: str) -> None:
    run = in_state(state)
    with pytest.raises(Refused):
        ACTS[act](run)
    run.refresh_from_db()
    request = RunRequest.objects.get()
    assert run.state == state
    assert request.handled_at is not None
    assert request.outcome != "0"
    assert not run.log.exists()


@pytest.mark.parametrize(("act", "state"), [("pause", "running"), ("resume", "paused"), ("retry", "failed")])
def test_an_act_that_is_possible_is_logged_and_answered(act: str, state: str) -> None:
    run = in_state(state)
    assert ACTS[act](run) == 0
    assert RunRequest.objects.get().outcome == "0"
    assert [entry.event for entry in run.log.all()] == [f"run_{act}"]


def test_a_second_test_run_is_refused_while_one_is_open(campaign: Campaign) -> None:
    run = start_test_run(campaign)
    with pytest.raises(Refused, match="Stop it"):
        start_test_run(campaign)
    stop_run(run)
    assert start_test_run(campaign).state == "running"


def test_the_database_refuses_a_second_open_test_run(campaign: Campaign) -> None:
    make_run(campaign, kind="test")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_run(campaign, kind="test")


def test_a_paused_run_leases_nothing_and_a_resumed_one_does(delivery: Delivery) -> None:
    run, bucket = delivery.activity_run.run, delivery.buckets.get()
    assert pause_run(run) == 1
    assert lease_bucket(bucket.pk) is None
    assert resume_run(run) == 1
    assert lease_bucket(bucket.pk) is not None


def test_a_delivery_prepared_during_the_pause_is_not_sent_before_the_run_goes_on(delivery: Delivery) -> None:
    CampaignRun.objects.update(state="paused")
    assert lease_bucket(delivery.buckets.get().pk) is None


def test_nothing_becomes_pending_in_a_paused_run(campaign: Campaign) -> None:
    run = start_test_run(campaign)
    pause_run(run)
    assert work_off_one(run) == "pending"
    resume_run(run)
    assert work_off(run).state == "completed"


def work_off_one(run: CampaignRun) -> str:
    first = run.activity_runs.get()
    execute_activity(first.pk)
    first.refresh_from_db()
    return first.state


def test_stop_cancels_what_was_not_sent_and_touches_nothing_else(delivery: Delivery) -> None:
    run = delivery.activity_run.run
    assert stop_run(run) == 2
    delivery.refresh_from_db()
    states = list(Message.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["cancelled", "cancelled", "in_flight", "unknown", "sent"]
    assert (run.state, delivery.state) == ("stopped", "cancelled")
    assert set(ActivityRun.objects.values_list("state", flat=True)) == {"cancelled"}


def test_retry_makes_the_failed_activities_pending_with_a_fresh_count(delivery: Delivery) -> None:
    run = delivery.activity_run.run
    ActivityRun.objects.update(state="failed", attempts=3, problem="no such table")
    CampaignRun.objects.update(state="failed", problem="no such table")
    assert retry_run(run) == 1
    again = ActivityRun.objects.get()
    assert (again.state, again.attempts, again.problem, run.problem) == ("pending", 0, "", "")


def test_wake_says_how_many_people_it_moves(delivery: Delivery) -> None:
    run = delivery.activity_run.run
    rows = {"run": run, "type": "wait", "state": "waiting", "due_at": "2099-01-01T00:00:00Z"}
    ActivityRun.objects.create(activity_id="w1", rows_in=40, **rows)
    ActivityRun.objects.create(activity_id="w2", rows_in=2, **rows)
    assert wake_run(run) == 42


def test_a_test_run_counts_everybody_and_sends_nothing(campaign: Campaign) -> None:
    run = work_off(start_test_run(campaign))
    assert problems(run) == {}
    assert run.state == "completed"
    assert counts(run) == {
        "all.main": 10,
        "mail.sent": 8,
        "mail.excluded": 2,
        "mail.failed": 0,
        "mail.undecided": 0,
    }
    assert Message.objects.filter(delivery__kind="live").count() == 0


def test_a_woken_wait_goes_on(campaign: Campaign) -> None:
    wait: dict[str, Any] = {
        "id": "wait",
        "type": "wait",
        "config": {"until": {"kind": "duration", "amount": 3, "unit": "days"}},
    }
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    waiting = draft("waits", [everybody, wait, {"id": "end", "type": "end"}], ["all wait", "wait end"])
    run = work_off(start_test_run(waiting, real_waits=True))
    assert (run.state, run.activity_runs.get(activity_id="wait").state) == ("running", "waiting")
    assert wake_run(run) == 10
    assert execute_activity(run.activity_runs.get(activity_id="wait").pk)
    assert work_off(run).state == "completed"
