# ruff: noqa: E402 - Django is set up before what needs its settings is imported
"""A complement with and without what decided about its people: `python -m bench.decisions`, in turns.

Three conditions on columns, a sum and a “no such row” over 1,000,000 people and 5,000,000 orders. Says each round's
seconds, then prints one line of JSON: medians, and the size of the complement's table.
"""

from __future__ import annotations

import json
import time
from statistics import median
from typing import Any

import django

django.setup()

from django.db import connection
from psycopg import sql

from bench.shop import make_shop
from bench.turns import say
from campaigns.document import parse_document
from campaigns.drafts import save_draft
from campaigns.models import Campaign
from orchestration.execution import execute_activity
from orchestration.models import CampaignRun, Population
from orchestration.runs import start_test_run
from orchestration.working_tables import SCHEMA, drop_working_table

ROUNDS = 3


def condition(attribute: str, operator: str, value: Any) -> dict[str, Any]:
    return {"kind": "condition", "attribute": attribute, "operator": operator, "value": value}


RULE = {
    "kind": "all",
    "of": [
        condition("country", "in", ["AT", "DE", "KR"]),
        condition("born", "greater", "1950-01-01"),
        condition("tier", "not_equal", "none"),
        {
            "kind": "aggregate",
            "link": "orders",
            "function": "sum",
            "attribute": "amount",
            "operator": "greater",
            "value": 100,
        },
        {
            "kind": "exists",
            "link": "orders",
            "negate": True,
            "where": condition("ordered_at", "greater", "2017-12-01"),
        },
    ],
}


def main() -> None:
    people = make_shop()
    campaign = Campaign.objects.filter(slug="explained").first() or save_draft(None, document())
    rounds = [measured(campaign, number) for number in range(ROUNDS + 1)][1:]
    names = rounds[0]
    print(
        json.dumps({"people": people, **{name: round(median(r[name] for r in rounds), 2) for name in names}})
    )


def document() -> Any:
    config = {"dimension": "person", "rule": RULE, "complement": True}
    return parse_document(
        {
            "tutti": 1,
            "campaign": {"slug": "explained", "name": "Explained"},
            "activities": [
                {"id": "lapsed", "type": "build_audience", "config": config},
                {"id": "end", "type": "end"},
            ],
            "transitions": [{"from": "lapsed", "to": "end"}],
        }
    )


def measured(campaign: Campaign, number: int) -> dict[str, float]:
    """Both ways, whoever goes first in turns."""
    found: dict[str, float] = {}
    for explains in (True, False) if number % 2 else (False, True):
        seconds, megabytes = one_run(campaign, explains=explains)
        name = "with" if explains else "without"
        found |= {name: seconds, f"MB {name}": megabytes}
    say(f"round {number}: " + ", ".join(f"{name} {value:.2f}" for name, value in found.items()))
    return found


def one_run(campaign: Campaign, *, explains: bool) -> tuple[float, float]:
    run = start_test_run(campaign)
    pending = run.activity_runs.get(activity_id="lapsed")
    started = time.perf_counter()
    execute_activity(pending.pk, explains=explains)
    seconds = time.perf_counter() - started
    pending.refresh_from_db()
    if pending.state != "succeeded":
        raise SystemExit(pending.problem)
    size = size_of(pending.populations.get(port="complement").table_name)
    forget(run)
    return seconds, size


def size_of(table: str) -> float:
    """Megabytes of the table with all that belongs to it."""
    with connection.cursor() as cursor:
        name = sql.Identifier(SCHEMA, table).as_string(None)
        cursor.execute("SELECT pg_total_relation_size(to_regclass(%s))", [name])
        return float(cursor.fetchone()[0]) / 1e6


def forget(run: CampaignRun) -> None:
    for population in Population.objects.filter(activity_run__run=run, owns_table=True):
        drop_working_table(population.table_name)
    CampaignRun.objects.filter(pk=run.pk).update(state="completed")


if __name__ == "__main__":
    main()
