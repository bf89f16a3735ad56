"""What an activity sees of the company's tables while others write to them, and how it leaves its own behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from orchestration import outcomes
from orchestration.models import CampaignRun, Population
from orchestration.runs import start_test_run
from orchestration.working_tables import mark_visible
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import counts, draft, work_off

pytestmark = pytest.mark.django_db(transaction=True)

BY_CITY = {
    "subsets": [
        {
            "id": city.lower(),
            "rule": {"kind": "condition", "attribute": "city", "operator": "equal", "value": city},
        }
        for city in ("Busan", "Seoul")
    ]
}


@pytest.fixture
def somebody_moves(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """As soon as the people of Busan are selected, another connection moves everybody to Seoul."""
    create, moved = outcomes.create_working_table, []

    def create_and_move(name: str, *arguments: Any, **options: Any) -> Any:
        created = create(name, *arguments, **options)
        if "_p0" in name and "_a" in name and not moved and created.row_count == 1:
            moved.append(name)
            with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
                other.execute("UPDATE person SET city = 'Seoul'")
        return created

    monkeypatch.setattr(outcomes, "create_working_table", create_and_move)
    return moved


def test_the_ports_of_an_activity_see_one_moment(somebody_moves: list[str]) -> None:
    dimension = make_dimension()
    for key, city in enumerate(("Busan", "Daegu", "Seoul")):
        add_person(dimension, key, city=city)
    activities: list[dict[str, Any]] = [
        {"id": "all", "type": "build_audience", "config": {"dimension": "person"}},
        {"id": "cities", "type": "split", "config": {**BY_CITY, "complement": True}},
        *({"id": f"end-{port}", "type": "end"} for port in ("busan", "seoul", "complement")),
    ]
    arrows = ["all cities", *(f"cities.{port} end-{port}" for port in ("busan", "seoul", "complement"))]
    run = work_off(start_test_run(draft("cities", activities, arrows)))
    assert somebody_moves
    found = counts(run)
    assert [found[f"cities.{port}"] for port in ("busan", "seoul", "complement")] == [1, 1, 1]


@pytest.fixture
def commits_that_last() -> Iterator[None]:
    """Rows are visible to all once their commit is on the disk, for which servers of tests do not wait."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        yield
        cursor.execute("RESET synchronous_commit")


def all_visible(run: CampaignRun, activity: str) -> bool:
    """Whether keys of what the activity made are read without a look at its rows."""
    table = Population.objects.get(activity_run__run=run, activity_run__activity_id=activity).table_name
    with connection.cursor() as cursor:
        cursor.execute("SELECT relallvisible FROM pg_class WHERE relname = %s", [table])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(("large", "read"), [(3, True), (4, False)])
def test_what_others_read_is_vacuumed_once_it_is_committed(
    commits_that_last: None, monkeypatch: pytest.MonkeyPatch, large: int, read: bool
) -> None:
    """Where it is large enough to gain by it."""
    monkeypatch.setattr(outcomes, "LARGE", large)
    dimension = make_dimension()
    for key in range(3):
        add_person(dimension, key)
    activities = [
        {"id": "all", "type": "build_audience", "config": {"dimension": "person"}},
        {"id": "parts", "type": "split", "config": {"subsets": [{"id": "rest"}]}},
    ]
    run = work_off(start_test_run(draft("parts", activities, ["all parts"])))
    assert run.state == "completed"
    assert [all_visible(run, "all"), all_visible(run, "parts")] == [read, False]


def test_a_vacuum_that_fails_takes_nothing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def dropped_meanwhile(name: str) -> None:
        tried.append(name)
        mark_visible("no_such_table")

    monkeypatch.setattr(outcomes, "mark_visible", dropped_meanwhile)
    monkeypatch.setattr(outcomes, "LARGE", 1)
    add_person(make_dimension(), 1)
    activities = [
        {"id": "all", "type": "build_audience", "config": {"dimension": "person"}},
        {"id": "end", "type": "end"},
    ]
    run = work_off(start_test_run(draft("ends", activities, ["all end"])))
    assert (run.state, counts(run)["all.main"], len(tried)) == ("completed", 1, 1)
