"""Engine workers killed while an activity's transaction is open: either nothing of it happened or all of it did."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from campaigns.models import Campaign
from orchestration.models import ActivityRun, CampaignRun, Population
from orchestration.sweeper import MOST_ATTEMPTS
from orchestration.work_locks import LOCK_CLASS
from tests.faults.installation import Installation, children_of, installation, wait_until
from tests.faults.mailings import make_people, publish
from tests.orchestration.engine import draft

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.timeout(900),
]

FULL = os.environ.get("TUTTI_FAULTS") == "full"
PEOPLE = 400_000
KILLS = 10 if FULL else 2
SEED = int(os.environ.get("TUTTI_SEED", "20180101"))
STEPS = 12
OPEN_WORK = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = %s"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
"""The server's other databases belong to other tests, which work at the same time."""
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'work' AND table_name LIKE %s"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as made:
        yield made


def chain() -> Campaign:
    """Everybody, then nine in ten of whoever is left, step by step."""
    everybody = {"id": "s0", "type": "build_audience", "config": {"dimension": "person"}}
    steps = [
        {"id": f"s{n}", "type": "control_group", "config": {"percent": "10", "seed": f"step-{n}"}}
        for n in range(1, STEPS)
    ]
    arrows = ["s0 s1", *(f"s{n}.main s{n + 1}" for n in range(1, STEPS - 1)), f"s{STEPS - 1}.main end"]
    return draft("chain", [everybody, *steps, {"id": "end", "type": "end"}], arrows)


def working() -> int:
    """Activities whose transaction is open."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_WORK, [LOCK_CLASS])
        return int(cursor.fetchone()[0])


def kill_at_work(house: Installation, luck: random.Random) -> str:
    """Kill at work until it took some: where PostgreSQL had been told to commit before, the activity happened wholly."""
    while True:
        victim = _kill_once(house, luck)
        if ActivityRun.objects.filter(state="running").exists():
            return victim


def _kill_once(house: Installation, luck: random.Random) -> str:
    """Stop the engine at a moment at which the transaction of an activity is open, then kill the group or a child."""
    while True:
        wait_until(working, seconds=120, what="an activity is being worked on")
        time.sleep(luck.uniform(0, 0.2))
        house.signal_group("engine", signal.SIGSTOP)
        if working():
            break
        house.signal_group("engine", signal.SIGCONT)
    victim = luck.choice(["group", "child"])
    if victim == "group":
        house.kill_group("engine")
        house.start_worker("engine", "engine,default")
    else:
        for child in children_of(house.processes["engine"].pid):
            os.kill(child, signal.SIGKILL)
        house.signal_group("engine", signal.SIGCONT)
    wait_until(lambda: not working(), seconds=240, what="PostgreSQL has noticed the death")
    return victim


def test_a_killed_activity_happened_wholly_or_not_at_all(house: Installation) -> None:
    luck = random.Random(SEED)
    make_people(PEOPLE)
    house.start_worker("engine", "engine,default")
    house.start_beat()
    run = publish(chain())
    kills = Counter(_kill_again(house, luck, run) for _number in range(KILLS))
    seconds = wait_until(
        lambda: CampaignRun.objects.get(pk=run.pk).state == "completed",
        seconds=240,
        what="the run has completed",
    )
    attempts = sum(run.activity_runs.values_list("attempts", flat=True))
    print(
        f"seed {SEED}: {KILLS} kills {dict(kills)} in open transactions, {attempts} attempts for {STEPS + 1}"
        f" activities, complete {seconds:.0f} s after the last"
    )
    _judge(run)
    assert attempts > STEPS + 1


def _kill_again(house: Installation, luck: random.Random, run: CampaignRun) -> str:
    """One that lost its worker often may first come to its end: it would be given up, which is another test's business."""
    often = run.activity_runs.filter(attempts__gte=MOST_ATTEMPTS // 2).exclude(state="succeeded")
    wait_until(
        lambda: not often.exists(), seconds=120, what="an activity that was killed often has succeeded"
    )
    return kill_at_work(house, luck)


def _judge(run: CampaignRun) -> None:
    """Each step took over exactly what the one before left, and no table of a dead attempt is there."""
    rows = {
        (p.activity_run.activity_id, p.port): p.row_count
        for p in Population.objects.filter(activity_run__run=run).select_related("activity_run")
    }
    assert rows["s0", "main"] == PEOPLE
    for n in range(1, STEPS):
        before = rows[f"s{n - 1}", "main"] or 0
        assert (rows[f"s{n}", "main"] or 0) + (rows[f"s{n}", "control"] or 0) == before
    known = set(Population.objects.filter(owns_table=True).values_list("table_name", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [f"r{run.pk}\\_%"])
        made = {row[0] for row in cursor.fetchall()}
    assert made
    assert made <= known
    assert set(ActivityRun.objects.values_list("state", flat=True)) == {"succeeded"}
