"""Jumps of workers that die, are hinted at twice or work at the same moment: one round each, and no more than allowed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from orchestration.execution import execute_activity
from orchestration.models import ActivityRun, CampaignRun, Population
from orchestration.runs import advance_run, start_test_run
from orchestration.working_tables import drop_working_table
from tests.orchestration.engine import draft, problems, work_off
from tests.orchestration.going_round import (
    ALL,
    END,
    fork,
    hold,
    jump,
    make_people,
    round_counts_of,
    simple,
)

pytestmark = pytest.mark.django_db(transaction=True)

WAITERS = (
    "SELECT DISTINCT pid FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple') AND pid IN"
    " (SELECT pid FROM pg_locks WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


@pytest.fixture(autouse=True)
def _people(transactional_db: None) -> Iterator[None]:
    """Working tables are left by no rollback here, and by no flush."""
    make_people(6)
    yield
    for name in Population.objects.filter(owns_table=True).values_list("table_name", flat=True):
        drop_working_table(name)


class Worker(Thread):
    """Executes one activity as a worker would, on a connection of its own."""

    def __init__(self, activity_run: ActivityRun) -> None:
        super().__init__()
        self.pk = activity_run.pk
        self.did: bool | None = None

    def run(self) -> None:
        try:
            self.did = execute_activity(self.pk)
        finally:
            connection.close()


def waiting_for_the_run(number: int) -> list[int]:
    """The backends that wait for a run's lock, once there are so many."""
    for _try in range(200):
        with connection.cursor() as cursor:
            cursor.execute(WAITERS)
            found = [row[0] for row in cursor.fetchall()]
        if len(found) >= number:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{number} workers did not come to wait for the run")


def up_to_the_jump(made: Any) -> CampaignRun:
    run = start_test_run(made)
    while pending := run.activity_runs.filter(state="pending").exclude(type="jump").order_by("pk").first():
        execute_activity(pending.pk)
    return run


def work_together(workers: list[Worker], run: CampaignRun, *, die: bool = False) -> None:
    """Let all of them come to where the run is locked, then let go, or end their connections first."""
    with transaction.atomic():
        CampaignRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        for worker in workers:
            worker.start()
        pids = waiting_for_the_run(len(workers))
        if die:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [pids])
            time.sleep(0.3)
    for worker in workers:
        worker.join(30)


def test_a_worker_that_dies_in_a_jump_has_begun_no_round_and_the_next_begins_one() -> None:
    run = up_to_the_jump(simple(2))
    jumping = run.activity_runs.get(type="jump")
    work_together([Worker(jumping)], run, die=True)
    assert not run.iterations.exists()
    assert not jumping.populations.exists()
    ActivityRun.objects.filter(pk=jumping.pk, state="running").update(state="pending")
    work_off(run)
    assert (run.state, problems(run)) == ("completed", {})
    assert run.iterations.count() == 2
    assert round_counts_of(run)["hold.main"] == [5, 4, 3]


def test_two_workers_with_the_same_jump_begin_one_round() -> None:
    run = up_to_the_jump(simple(3))
    jumping = run.activity_runs.get(type="jump")
    work_together([Worker(jumping)], run)
    again = [Worker(jumping), Worker(jumping)]
    for worker in again:
        worker.start()
    for worker in again:
        worker.join(30)
    assert [worker.did for worker in again] == [False, False]
    assert run.iterations.count() == 1


def test_two_at_once_claim_one_jump_once() -> None:
    run = up_to_the_jump(simple(3))
    workers = [Worker(run.activity_runs.get(type="jump")) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(bool(worker.did) for worker in workers) == [False, False, False, True]
    assert run.iterations.count() == 1


def side_by_side(most: int) -> Any:
    """Two jumps in each round, which may fire at the same moment."""
    arrows = ["all hold", "hold.main fork", "fork.x one", "fork.y two", "one.main end", "two.main end"]
    activities = [ALL, hold(), fork(), jump("hold", most, "one"), jump("hold", most, "two"), END]
    return draft("sides", activities, arrows)


def test_two_jumps_at_the_same_moment_begin_a_round_each() -> None:
    run = up_to_the_jump(side_by_side(1))
    workers = [Worker(each) for each in run.activity_runs.filter(type="jump")]
    work_together(workers, run)
    assert [worker.did for worker in workers] == [True, True]
    assert set(run.iterations.values_list("number", "jump__activity_id")) in (
        {(1, "one"), (2, "two")},
        {(1, "two"), (2, "one")},
    )
    assert problems(run) == {}


def test_of_one_jump_in_two_rounds_at_the_same_moment_only_one_has_the_last_round() -> None:
    """Both have read that one round is left; whoever waited for the other sees that it is not."""
    run = up_to_the_jump(side_by_side(2))
    for each in run.activity_runs.filter(type="jump"):
        execute_activity(each.pk)
    while pending := run.activity_runs.filter(state="pending").exclude(type="jump").order_by("pk").first():
        execute_activity(pending.pk)
    ones = list(run.activity_runs.filter(activity_id="one", state="pending"))
    assert [each.iteration for each in ones] == [1, 2]
    work_together([Worker(each) for each in ones], run)
    assert run.iterations.filter(jump__activity_id="one").count() == 2
    taken = {
        port
        for each in ones
        for port in each.populations.filter(activated=True).values_list("port", flat=True)
    }
    assert taken == {"back", "main"}
    assert work_off(run).state == "completed"


def test_a_repeated_hint_and_a_repeated_advance_change_nothing() -> None:
    run = up_to_the_jump(simple(1))
    jumping = run.activity_runs.get(type="jump")
    assert execute_activity(jumping.pk)
    before = list(run.activity_runs.order_by("pk").values_list("pk", "state"))
    for _time in range(3):
        assert not execute_activity(jumping.pk)
        advance_run(run.pk)
    assert list(run.activity_runs.order_by("pk").values_list("pk", "state")) == before
