"""A campaign run by the engine and the same written by hand, in turns; figures only for rows that are equal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from django.db import connection
from psycopg import sql

from bench.hand_written import HandWritten, Step
from campaigns.models import Campaign
from orchestration.execution import execute_activity
from orchestration.models import CampaignRun, Population
from orchestration.runs import start_test_run
from orchestration.working_tables import SCHEMA, drop_working_table

ROUNDS = int(os.environ.get("TUTTI_BENCH_ROUNDS", "4"))
"""How often each side is measured; medians are reported. Whoever goes first pays more, so it should be even."""

Seconds = dict[str, float]


@dataclass
class Turns:
    """One campaign beside its baseline. `kept` is the run of the round that was checked, as long as it is wanted."""

    campaign: Campaign
    by_hand: HandWritten
    engine: list[Seconds] = field(default_factory=list)
    baseline: list[Seconds] = field(default_factory=list)

    def take(self, rounds: int) -> None:
        """The sides take turns in going first; one round before the counted ones warms caches and checks the rows."""
        for number in range(rounds + 1):
            hand = self._timed_baseline() if number % 2 else None
            run, engine = timed_engine(self.campaign)
            hand = hand or self._timed_baseline()
            if number:
                self.engine.append(engine)
                self.baseline.append(hand)
            else:
                check_rows(run, self.by_hand.steps)
            say(f"round {number}: engine {sum(engine.values()):.2f} s, by hand {sum(hand.values()):.2f} s")
            forget(run)

    def _timed_baseline(self) -> Seconds:
        settle()
        return self.by_hand.run()

    def figures(self) -> dict[str, dict[str, Seconds | float]]:
        """Medians: `activities` and `seconds`, each by side."""
        sides = {"engine": self.engine, "baseline": self.baseline}
        return {
            "activities": {side: by_activity(figures) for side, figures in sides.items()},
            "seconds": {
                side: median(sum(one.values()) for one in figures) for side, figures in sides.items()
            },
        }


def timed_engine(campaign: Campaign) -> tuple[CampaignRun, Seconds]:
    """Seconds by activity, each from its claim to the run having been moved on."""
    settle()
    run = start_test_run(campaign)
    seconds: Seconds = {}
    while pending := run.activity_runs.filter(state="pending").order_by("pk").first():
        started = time.perf_counter()
        execute_activity(pending.pk)
        seconds[pending.activity_id] = time.perf_counter() - started
    run.refresh_from_db()
    if run.state != "completed":
        raise SystemExit(f"The run is {run.state}: {run.problem}")
    return run, seconds


def settle() -> None:
    """Neither side pays for what the other has left to be written."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def check_rows(run: CampaignRun, steps: Sequence[Step]) -> None:
    made = {
        (row.activity_run.activity_id, row.port): row
        for row in Population.objects.filter(activity_run__run=run).select_related("activity_run")
    }
    by_hand = {(step.activity, step.port): step for step in steps}
    if made.keys() != by_hand.keys():
        raise SystemExit(f"The ports differ: {sorted(made.keys() ^ by_hand.keys())}")
    for place, step in by_hand.items():
        different = differing_rows(made[place].table_name, step)
        if different:
            raise SystemExit(f"{'.'.join(place)}: {different:,} rows differ from the baseline's.")
        say(f"  {'.'.join(place):<18}{made[place].row_count:>10,} rows, equal")


def differing_rows(table: str, step: Step) -> int:
    """What the engine keeps besides, like the values that decided about a complement's people, is not compared."""
    query = (
        "SELECT count(*) FROM ((TABLE ours EXCEPT ALL TABLE {theirs}) UNION ALL"
        " (TABLE {theirs} EXCEPT ALL TABLE ours)) AS different"
    )
    ours = sql.SQL("WITH ours AS (SELECT {columns} FROM {table}) ")
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(step.table))
        columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in cursor.description)
        compared = ours.format(columns=columns, table=sql.Identifier(SCHEMA, table))
        cursor.execute(compared + sql.SQL(query).format(theirs=step.table))
        return int(cursor.fetchone()[0])


def forget(run: CampaignRun) -> None:
    for name in Population.objects.filter(activity_run__run=run).values_list("table_name", flat=True):
        drop_working_table(name)


def by_activity(figures: Sequence[Seconds]) -> Seconds:
    return {activity: median(one[activity] for one in figures) for activity in figures[0]}


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
