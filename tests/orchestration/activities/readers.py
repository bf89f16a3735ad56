"""Many runs of one incremental query over people whose dates change from run to run, beside the reference."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from orchestration.models import ActivityRun, CampaignRun
from orchestration.readings import end_readings
from tests.oracle_activities.incremental_query import Reader
from tests.orchestration.playground import NOW, play

COLUMNS = {
    "seen": "UPDATE play.person SET seen = %s WHERE person_id = %s",
    "joined": "UPDATE play.person SET joined = %s WHERE person_id = %s",
}


def runs_of(
    people: list[dict[str, Any]], dated: str, options: dict[str, Any], reader: Reader, *, runs: int = 12
) -> Iterator[tuple[set[Any], set[Any]]]:
    """What the reference and the activity return, run by run; about one in four is stopped."""
    chance = random.Random(repr((dated, options)))
    config = {"dimension": "person", "dated": dated, "when_empty": "continue", **options}
    for number in range(runs):
        anchor = NOW + timedelta(hours=12 * number)
        _change(people, dated, anchor, chance)
        completes = chance.random() < 0.75
        rows = [(row["person_id"], row[dated]) for row in people]
        expected = reader.read(rows, anchor, completes=completes)
        played = play("incremental_query", config, anchor=anchor, zone=reader.zone)
        yield expected, played.keys()
        _end(played.activity_run, completes=completes)


def _change(people: list[dict[str, Any]], dated: str, anchor: datetime, chance: random.Random) -> None:
    """Some get a date around the run's time, some one that a look back may or may not reach."""
    for row in chance.sample(people, len(people) // 4):
        moment = anchor - timedelta(minutes=chance.choice([-600, 0, 1, 30, 400, 720, 760, 1500, 4000]))
        row[dated] = moment if dated == "seen" else moment.date()
        with connection.cursor() as cursor:
            cursor.execute(COLUMNS[dated], [row[dated], row["person_id"]])


def _end(activity_run: ActivityRun, *, completes: bool) -> None:
    state = "completed" if completes else "stopped"
    CampaignRun.objects.filter(pk=activity_run.run_id).update(state=state)
    end_readings(CampaignRun.objects.get(pk=activity_run.run_id))
