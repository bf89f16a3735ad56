from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from orchestration.models import ActivityRun, CampaignRun, Delivery, DeliveryBucket, Message
from orchestration.runs import start_test_run, stop_run
from orchestration.sweeper import MOST_ATTEMPTS, sweep
from orchestration.work_locks import hold_lock
from tests.ledger import add_person, make_delivery, make_dimension, make_message
from tests.orchestration.engine import draft

pytestmark = pytest.mark.django_db

LONG_AGO, FAR_AHEAD = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"


@pytest.fixture
def delivery() -> Delivery:
    """One message in flight, one ready. The document of its run is damaged, so that the run cannot go on."""
    made = make_delivery(make_dimension())
    DeliveryBucket.objects.create(delivery=made, bucket=0, due_at=LONG_AGO, epoch=3, lease_until=FAR_AHEAD)
    for key, state in enumerate(("in_flight", "ready")):
        make_message(made, key, state=state, epoch=3)
    return made


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_what_a_living_sender_has_in_flight_stays(delivery: Delivery) -> None:
    assert sweep()["stranded"] == 0
    assert states() == ["in_flight", "ready"]


def test_what_a_dead_sender_had_in_flight_is_unknown_and_its_bucket_handed_out(delivery: Delivery) -> None:
    DeliveryBucket.objects.update(lease_until=LONG_AGO)
    found = sweep()
    assert (found["stranded"], found["buckets"]) == (1, 1)
    assert states() == ["unknown", "ready"]


@pytest.mark.parametrize("state", ["paused", "awaiting_confirmation", "cancelled", "settled"])
def test_a_delivery_that_does_not_send_is_not_handed_out(delivery: Delivery, state: str) -> None:
    DeliveryBucket.objects.update(lease_until=None)
    Delivery.objects.update(state=state)
    assert sweep()["buckets"] == 0


def test_what_comes_back_to_a_stopped_delivery_is_cancelled(delivery: Delivery) -> None:
    stop_run(delivery.activity_run.run)
    assert states() == ["in_flight", "cancelled"]
    Message.objects.filter(state="in_flight").update(state="failed_temporary")
    sweep()
    assert states() == ["cancelled", "cancelled"]


def test_an_activity_whose_worker_is_gone_is_handed_out_again(delivery: Delivery) -> None:
    ActivityRun.objects.update(state="running", lease_until=LONG_AGO)
    found = sweep()
    assert (found["abandoned"], found["activities"]) == (1, 1)
    assert ActivityRun.objects.get().state == "pending"


def test_an_activity_that_lost_its_worker_each_time_is_given_up() -> None:
    add_person(make_dimension(), 1)
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    run = start_test_run(draft("poison", [everybody, {"id": "end", "type": "end"}], ["all end"]))
    run.activity_runs.filter(activity_id="all").update(
        state="running", lease_until=LONG_AGO, attempts=MOST_ATTEMPTS
    )
    found = sweep()
    lost = run.activity_runs.get(activity_id="all")
    run.refresh_from_db()
    assert (found["abandoned"], lost.state, run.state) == (0, "failed", "failed")
    assert "lost 10 times" in lost.problem


def test_an_activity_under_lease_is_left_to_its_worker(delivery: Delivery) -> None:
    ActivityRun.objects.update(state="running", lease_until=FAR_AHEAD)
    assert sweep()["abandoned"] == 0


@pytest.mark.parametrize("state", ["paused", "failed", "stopped"])
def test_a_run_that_does_not_run_is_handed_out_nothing(delivery: Delivery, state: str) -> None:
    ActivityRun.objects.update(state="pending")
    CampaignRun.objects.update(state=state)
    assert sweep()["activities"] == 0


def test_a_wait_is_handed_out_at_its_time(delivery: Delivery) -> None:
    ActivityRun.objects.update(state="waiting", due_at=FAR_AHEAD)
    assert sweep()["activities"] == 0
    ActivityRun.objects.update(due_at=LONG_AGO)
    assert sweep()["activities"] == 1


def test_a_run_that_cannot_go_on_does_not_hold_up_the_others(
    delivery: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    other = make_delivery(delivery.dimension).activity_run.run
    sweep()
    failed = [record.args for record in caplog.records]
    assert [("advance_run", run) in failed for run in (delivery.activity_run.run_id, other.pk)] == [
        True,
        True,
    ]


@pytest.fixture
def worker(transactional_db: None) -> Iterator[ActivityRun]:
    """Another connection works on an activity whose lease ran out long ago: its statement takes its time."""
    activity_run = make_delivery(make_dimension()).activity_run
    ActivityRun.objects.update(state="running", lease_until=LONG_AGO)
    holding, done = threading.Event(), threading.Event()

    def work() -> None:
        with transaction.atomic():
            hold_lock(activity_run.pk)
            holding.set()
            done.wait(30)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    holding.wait(30)
    yield activity_run
    done.set()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_holds_its_lock_is_alive_however_long_it_takes(worker: ActivityRun) -> None:
    assert sweep()["abandoned"] == 0
    ActivityRun.objects.update(attempts=MOST_ATTEMPTS)
    sweep()
    worker.refresh_from_db()
    assert worker.state == "running"
