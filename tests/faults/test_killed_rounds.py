"""Engine workers killed while a run goes round: each jump begins one round, each round has those the last sent back."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaigns.models import Campaign
from orchestration.models import ActivityRun, CampaignRun, Population
from tests.faults.installation import Installation, installation, wait_until
from tests.faults.mailings import make_people, publish
from tests.faults.test_killed_engine import FULL, SEED, kill_at_work
from tests.orchestration.engine import draft

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.timeout(900),
]

PEOPLE = 300_000
ROUNDS = 12 if FULL else 6
KILLS = 8 if FULL else 2


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as made:
        yield made


def loop() -> Campaign:
    """A tenth of those who come is withheld in each round."""
    activities = [
        {"id": "all", "type": "build_audience", "config": {"dimension": "person"}},
        {"id": "hold", "type": "control_group", "config": {"percent": "10"}},
        {"id": "again", "type": "jump", "config": {"to": "hold", "most": ROUNDS}},
        {"id": "end", "type": "end"},
    ]
    return draft("loop", activities, ["all hold", "hold.main again", "again.main end"])


def test_a_run_that_is_killed_on_its_way_goes_round_exactly_as_often(house: Installation) -> None:
    luck = random.Random(SEED)
    make_people(PEOPLE)
    house.start_worker("engine", "engine,default")
    house.start_beat()
    run = publish(loop())
    kills = Counter(kill_at_work(house, luck) for _number in range(KILLS))
    seconds = wait_until(
        lambda: CampaignRun.objects.get(pk=run.pk).state == "completed",
        seconds=240,
        what="the run has completed",
    )
    attempts = sum(run.activity_runs.values_list("attempts", flat=True))
    print(
        f"seed {SEED}: {KILLS} kills {dict(kills)}, {attempts} attempts, complete {seconds:.0f} s after the last"
    )
    _judge(run)


def _judge(run: CampaignRun) -> None:
    assert list(run.iterations.values_list("number", "jump__iteration")) == [
        (number, number - 1) for number in range(1, ROUNDS + 1)
    ]
    came = PEOPLE
    for number in range(ROUNDS + 1):
        left = _left(run, number)
        assert left["hold.main"] + left["hold.control"] == came
        way = "main" if number == ROUNDS else "back"
        came = left["hold.main"]
        assert (left.get("again.back"), left.get("again.main"))[way == "main"] == came
    states = Counter(ActivityRun.objects.values_list("activity_id", "state"))
    assert states["again", "succeeded"] == states["hold", "succeeded"] == ROUNDS + 1
    assert (states["end", "dead"], states["end", "succeeded"]) == (ROUNDS, 1)


def _left(run: CampaignRun, number: int) -> dict[str, int]:
    rows = Population.objects.filter(activity_run__run=run, activity_run__iteration=number)
    return {f"{row.activity_run.activity_id}.{row.port}": row.row_count or 0 for row in rows if row.activated}
