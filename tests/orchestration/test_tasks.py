"""Every Celery task may be lost, repeated, or run twice at once: the database is the same as after one run."""

from __future__ import annotations

import itertools
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from campaigns.imports.jobs import check_import, create_import
from campaigns.imports.plans import ImportOptions
from campaigns.models import Campaign, Consent, ImportJob
from campaigns.publishing import publish_campaign
from config.celery import app
from config.models import Heartbeat
from orchestration.models import (
    ActivityRun,
    CampaignRun,
    Delivery,
    DeliveryBucket,
    Message,
    Occurrence,
    Population,
    RunLogEntry,
)
from orchestration.sending import drain_bucket
from reporting.models import ReportCell
from tests.ledger import add_person, make_delivery, make_dimension
from tests.orchestration.engine import backdate, draft, email, make_channel, work_off

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = "2020-01-01T00:00:00Z"
NOTED = (
    (CampaignRun, ("campaign_id", "state", "errors")),
    (ActivityRun, ("activity_id", "state", "problem")),
    (Population, ("activity_run__activity_id", "port", "activated", "row_count")),
    (Delivery, ("activity_id", "state", "targeted")),
    (DeliveryBucket, ("bucket", "owner", "lease_until")),
    (Message, ("recipient_key", "state", "attempts")),
    (Occurrence, ("campaign_id", "state", "reason")),
    (RunLogEntry, ("run_id", "event", "activity_id")),
    (Heartbeat, ("queue",)),
)


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    return {model.__name__: sorted(model.objects.values_list(*fields), key=str) for model, fields in NOTED}


def campaign(**more: Any) -> Campaign:
    """Everybody of thirty people, all of whom consented, gets a mail that needs no confirmation."""
    dimension = make_dimension()
    make_channel(provider="file", provider_config={"folder": "tests"})
    for key in range(30):
        add_person(dimension, key)
        Consent.objects.create(dimension=dimension, recipient_key=str(key), channel="email", state="opted_in")
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    activities = [everybody, email(send_without_confirmation=True)]
    made = draft("mails", activities, ["all mail"], **more)
    publish_campaign(made, by=None, if_match=made.draft_hash, confirm_warnings=True)
    return made


_numbers = itertools.count(1)


def activity() -> int:
    return campaign().runs.get().activity_runs.get().pk


def delivery() -> int:
    work_off(campaign().runs.get())
    return Delivery.objects.get().pk


def bucket() -> int:
    return DeliveryBucket.objects.get(delivery=delivery()).pk


def due_launch() -> None:
    backdate(campaign(schedule={"frequency": "cron", "expression": "* * * * *"}), timedelta(minutes=3))


def what_the_dead_left() -> None:
    """A bucket and an activity whose workers are gone, in runs of their own."""
    DeliveryBucket.objects.filter(pk=bucket()).update(lease_until=LONG_AGO, epoch=1)
    Message.objects.filter(recipient_key="1").update(state="in_flight", epoch=1)
    started = make_delivery(Delivery.objects.get().dimension).activity_run
    ActivityRun.objects.filter(pk=started.pk).update(state="running", lease_until=LONG_AGO)


def nobody_takes_it() -> None:
    DeliveryBucket.objects.filter(pk=bucket()).update(due_at=LONG_AGO)


def what_was_sent() -> None:
    drain_bucket(bucket())


def an_old_run() -> None:
    work_off(campaign().runs.get())
    CampaignRun.objects.update(finished_at=LONG_AGO, state="completed")


def a_file() -> int:
    path = Path(tempfile.mkdtemp()) / "people.csv"
    path.write_text("id,name\n1,Ada\n2,Grace\n")
    return create_import(path, f"imported_{next(_numbers)}", options=ImportOptions(key=["id"])).pk


def a_checked_file() -> int:
    number = a_file()
    check_import(ImportJob.objects.get(pk=number))
    return number


@dataclass(frozen=True)
class Case:
    """What a task finds, whose answer it is called with, and a model that its work shows in."""

    prepare: Callable[[], Any]
    shows: Callable[[], bool]


CASES = {
    "orchestration.execute_activity": Case(activity, Population.objects.exists),
    "orchestration.send_delivery": Case(delivery, lambda: Delivery.objects.get().give_up_at is not None),
    "orchestration.drain_bucket": Case(bucket, lambda: Message.objects.filter(state="sent").count() == 30),
    "orchestration.tick": Case(due_launch, lambda: CampaignRun.objects.count() == 1),
    "orchestration.sweep": Case(
        what_the_dead_left, lambda: Message.objects.filter(state="unknown").count() == 1
    ),
    "orchestration.watch": Case(
        nobody_takes_it, lambda: RunLogEntry.objects.filter(event="run_stuck").count() == 1
    ),
    "orchestration.keep_house": Case(
        an_old_run, lambda: not Population.objects.filter(owns_table=True, dropped_at=None).exists()
    ),
    "reporting.roll_up": Case(what_was_sent, ReportCell.objects.exists),
    "campaigns.import_check": Case(a_file, lambda: ImportJob.objects.get().state == "checked"),
    "campaigns.import_apply": Case(a_checked_file, lambda: ImportJob.objects.get().state == "succeeded"),
    "config.record_heartbeat": Case(lambda: "email", lambda: Heartbeat.objects.count() == 1),
}
each = pytest.mark.parametrize("name", CASES)


@pytest.fixture
def call() -> Callable[[str, Any], None]:
    app.loader.import_default_modules()

    def run(name: str, argument: Any) -> None:
        app.tasks[name].run(*([] if argument is None else [argument]))

    return run


def test_every_task_is_tried() -> None:
    app.loader.import_default_modules()
    assert {name for name in app.tasks if not name.startswith("celery.")} == set(CASES)


@each
def test_twice_in_sequence_is_as_once(name: str, call: Callable[[str, Any], None]) -> None:
    argument = CASES[name].prepare()
    call(name, argument)
    once = snapshot()
    assert CASES[name].shows()
    call(name, argument)
    assert snapshot() == once


@each
def test_twice_at_once_is_as_once(name: str, call: Callable[[str, Any], None]) -> None:
    argument = CASES[name].prepare()
    start, raised = threading.Barrier(2), []

    def work() -> None:
        start.wait()
        try:
            call(name, argument)
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert raised == []
    assert CASES[name].shows()
    together = snapshot()
    call(name, argument)
    assert snapshot() == together
