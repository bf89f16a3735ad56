"""Whole runs that go round: what a jump brings back, what each round sees, and how it ends."""

from __future__ import annotations

from typing import Any

import pytest

from orchestration.models import CampaignRun, Population
from orchestration.runs import start_test_run
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, problems, work_off

pytestmark = pytest.mark.django_db

ALL = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
HOLD = {"id": "hold", "type": "control_group", "config": {"number": 1}}
END = {"id": "end", "type": "end"}


def jump(to: str, most: int = 3, activity_id: str = "again") -> dict[str, Any]:
    return {"id": activity_id, "type": "jump", "config": {"to": to, "most": most}}


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    dimension = make_dimension()
    for key in range(1, 11):
        add_person(dimension, key)


def counts(run: CampaignRun) -> dict[str, list[int | None]]:
    rows = Population.objects.filter(activity_run__run=run).select_related("activity_run")
    found: dict[str, list[int | None]] = {}
    for row in rows.order_by("activity_run__iteration", "pk"):
        found.setdefault(f"{row.activity_run.activity_id}.{row.port}", []).append(row.row_count)
    return found


def test_it_goes_round() -> None:
    run = work_off(
        start_test_run(
            draft("round", [ALL, HOLD, jump("hold"), END], ["all hold", "hold.main again", "again.main end"])
        )
    )
    assert problems(run) == {}
    assert run.state == "completed"
    assert counts(run)["hold.main"] == [9, 8, 7, 6]
