# ruff: noqa: E402 - Django is set up before what needs its settings is imported
"""Ten activities over people and orders, run by the engine and by hand in turns: `python -m bench.flow`.

Says each round's seconds, then prints one line of JSON: medians by activity. Refuses to print figures for rows that
differ.
"""

from __future__ import annotations

import json
import os
import sys
import time
from statistics import median

import django

django.setup()

from django.db import connection
from psycopg import sql

from bench.flow_baseline import Step, run_baseline, steps
from bench.flow_campaign import flow_document
from bench.shop import open_shop
from campaigns.drafts import save_draft
from campaigns.models import Campaign
from orchestration.execution import execute_activity
from orchestration.models import CampaignRun, Population
from orchestration.runs import start_test_run
from orchestration.working_tables import SCHEMA, drop_working_table

PEOPLE = 1_000_000
ROUNDS = 3
Seconds = dict[str, float]


def main() -> None:
    scale = float(os.environ.get("TUTTI_BENCH_SCALE", "1"))
    people = max(1000, round(PEOPLE * scale))
    started = time.perf_counter()
    open_shop(people)
    say(f"{people:,} people and {people * 5:,} orders made in {time.perf_counter() - started:.0f} s")
    campaign = save_draft(None, flow_document())
    engine, baseline = rounds(campaign)
    medians = {side: by_activity(figures) for side, figures in (("engine", engine), ("baseline", baseline))}
    totals = {
        side: median(sum(one.values()) for one in figures)
        for side, figures in (("engine", engine), ("baseline", baseline))
    }
    print(json.dumps({"people": people, "activities": medians, "seconds": totals}))


def rounds(campaign: Campaign) -> tuple[list[Seconds], list[Seconds]]:
    """The sides take turns in going first; one round before the counted ones warms caches and checks the rows."""
    engine: list[Seconds] = []
    baseline: list[Seconds] = []
    for number in range(ROUNDS + 1):
        by_hand = timed_baseline() if number % 2 else None
        run, by_engine = timed_engine(campaign)
        by_hand = by_hand or timed_baseline()
        if number == 0:
            check_rows(run)
        else:
            engine.append(by_engine)
            baseline.append(by_hand)
        say(f"round {number}: engine {sum(by_engine.values()):.2f} s, by hand {sum(by_hand.values()):.2f} s")
        forget(run)
    return engine, baseline


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


def timed_baseline() -> Seconds:
    settle()
    return run_baseline()


def settle() -> None:
    """Neither side pays for what the other has left to be written."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def check_rows(run: CampaignRun) -> None:
    made = {
        (row.activity_run.activity_id, row.port): row
        for row in Population.objects.filter(activity_run__run=run).select_related("activity_run")
    }
    by_hand = {(step.activity, step.port): step for step in steps()}
    if made.keys() != by_hand.keys():
        raise SystemExit(f"The ports differ: {sorted(made.keys() ^ by_hand.keys())}")
    for place, step in by_hand.items():
        different = differing_rows(made[place].table_name, step)
        if different:
            raise SystemExit(f"{'.'.join(place)}: {different:,} rows differ from the baseline's.")
        say(f"  {'.'.join(place):<18}{made[place].row_count:>10,} rows, equal")


def differing_rows(table: str, step: Step) -> int:
    query = (
        "SELECT count(*) FROM ((TABLE {ours} EXCEPT ALL TABLE {theirs}) UNION ALL"
        " (TABLE {theirs} EXCEPT ALL TABLE {ours})) AS different"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(query).format(ours=sql.Identifier(SCHEMA, table), theirs=step.table))
        return int(cursor.fetchone()[0])


def forget(run: CampaignRun) -> None:
    for name in Population.objects.filter(activity_run__run=run).values_list("table_name", flat=True):
        drop_working_table(name)


def by_activity(figures: list[Seconds]) -> Seconds:
    return {activity: median(one[activity] for one in figures) for activity in figures[0]}


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
