"""What an activity sees of the company's tables while others write to them."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection

from orchestration import outcomes
from orchestration.runs import start_test_run
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
