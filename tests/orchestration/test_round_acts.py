"""Later rounds of a run are paused, stopped, retried, woken, swept, watched and sent like the first."""

from __future__ import annotations

from typing import Any, LiteralString

import pytest
from django.db import connection
from psycopg import sql

from orchestration.execution import execute_activity
from orchestration.models import ActivityRun, CampaignRun, Delivery, Message, Population
from orchestration.runs import pause_run, resume_run, retry_run, start_test_run, stop_run, wake_run
from orchestration.sweeper import sweep
from orchestration.watchdog import watch
from tests.orchestration.engine import make_channel, problems, work_off
from tests.orchestration.going_round import (
    consent,
    launched,
    mailing,
    make_people,
    round_counts_of,
    send,
    states_of,
    waiting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    make_people(5)


def in_its_second_round(most: int = 3, **more: Any) -> CampaignRun:
    """A run whose second round waits, the first being over."""
    run = work_off(start_test_run(waiting(most, **more), real_waits=True))
    return wait_no_longer(run)


def wait_no_longer(run: CampaignRun) -> CampaignRun:
    wake_run(run)
    execute_activity(run.activity_runs.get(state="waiting").pk)
    return work_off(run)


def test_a_stop_ends_every_round() -> None:
    run = in_its_second_round()
    stop_run(run)
    assert states_of(run, 1) == {"wait": "cancelled"}
    assert not execute_activity(run.activity_runs.get(iteration=1).pk)
    run.refresh_from_db()
    assert (run.state, run.iterations.count()) == ("stopped", 1)


def test_a_paused_run_begins_no_round_and_a_resumed_one_goes_on(
    django_capture_on_commit_callbacks: Any,
) -> None:
    run = in_its_second_round()
    wake_run(run)
    pause_run(run)
    waits = run.activity_runs.get(state="waiting").pk
    assert not execute_activity(waits)
    with django_capture_on_commit_callbacks(execute=True):
        resume_run(run)
    assert execute_activity(waits)
    work_off(run)
    assert (run.iterations.count(), states_of(run, 2)) == (2, {"wait": "waiting"})


def test_what_fails_in_a_later_round_is_retried_there() -> None:
    run = in_its_second_round()
    table = _table(run)
    change("ALTER TABLE {} RENAME TO away", sql.Identifier("work", table))
    wait_no_longer(run)
    assert run.state == "failed"
    assert (states_of(run, 1)["hold"], states_of(run, 0)["hold"]) == ("failed", "succeeded")
    change("ALTER TABLE work.away RENAME TO {}", sql.Identifier(table))
    assert retry_run(run) == 1
    work_off(run)
    assert round_counts_of(run)["hold.main"] == [4, 3]
    assert states_of(run, 2) == {"wait": "waiting"}


def change(statement: LiteralString, name: sql.Identifier) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(name))


def _table(run: CampaignRun) -> str:
    """What the second round was begun with."""
    left = Population.objects.get(activity_run__run=run, activity_run__activity_id="hold", port="main")
    return left.table_name


def test_an_ignored_failure_ends_the_round_and_the_run() -> None:
    run = in_its_second_round(errors={"policy": "ignore"})
    change("DROP TABLE {}", sql.Identifier("work", _table(run)))
    wait_no_longer(run)
    assert run.state == "completed"
    assert states_of(run, 1) == {"wait": "succeeded", "hold": "failed", "again": "dead", "end": "dead"}


def test_the_sweeper_hands_out_what_is_due_in_a_later_round() -> None:
    run = in_its_second_round()
    ActivityRun.objects.filter(run=run, state="waiting").update(due_at="2020-01-01T00:00Z")
    assert sweep()["activities"] == 1
    taken = run.activity_runs.get(iteration=1)
    ActivityRun.objects.filter(pk=taken.pk).update(state="running", lease_until="2020-01-01T00:00Z")
    assert sweep()["abandoned"] == 1
    taken.refresh_from_db()
    assert taken.state == "pending"


def test_the_watchdog_sees_what_is_overdue_in_a_later_round() -> None:
    run = in_its_second_round()
    assert watch() == []
    ActivityRun.objects.filter(run=run, state="waiting").update(due_at="2020-01-01T00:00Z")
    assert watch() == [run.pk]


@pytest.fixture
def _channel() -> None:
    make_channel(provider="file", provider_config={"folder": "tests"})
    consent()


@pytest.mark.usefixtures("_channel")
def test_each_round_is_a_delivery_of_its_own() -> None:
    run = launched(mailing())
    sent = [send(run) for _round in range(3)]
    assert [each.state for each in sent] == ["settled"] * 3
    assert work_off(run).state == "completed"
    assert problems(run) == {}
    assert [each.activity_run.iteration for each in sent] == [0, 1, 2]
    assert round_counts_of(run)["mail.sent"] == [4, 3, 2]
    assert Message.objects.filter(state="sent").count() == 9


@pytest.mark.usefixtures("_channel")
def test_a_test_run_prepares_each_round_and_sends_nothing() -> None:
    run = work_off(start_test_run(mailing(send_without_confirmation=True)))
    assert (run.state, problems(run)) == ("completed", {})
    assert set(Delivery.objects.values_list("state", flat=True)) == {"tested"}
    assert [each.targeted for each in Delivery.objects.order_by("pk")] == [4, 3, 2]
    assert not Message.objects.exclude(state="ready").exists()


@pytest.mark.usefixtures("_channel")
def test_a_stop_cancels_the_delivery_of_a_later_round() -> None:
    run = launched(mailing())
    send(run)
    work_off(run)
    assert stop_run(run) == 3
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["settled", "cancelled"]
