"""What was kept of a decision stays where it was kept: nothing behind it ever sees it."""

from __future__ import annotations

import pydantic
import pytest
from django.db import connection
from pydantic import TypeAdapter

from campaigns.naming import slug_of
from orchestration.models import CampaignRun, Population
from orchestration.runs import start_test_run
from orchestration.setting_fields import ColumnName
from orchestration.working_tables import DECIDED
from reporting.conditions import When, conditions_of
from reporting.traces import trace
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, problems, work_off

pytestmark = pytest.mark.django_db
KOREAN = {"kind": "condition", "attribute": "language", "operator": "equal", "value": "ko"}
BEHIND = {"kind": "condition", "attribute": f"@{DECIDED}", "operator": "is_not_empty"}


def run_of(rule: object) -> CampaignRun:
    """Those who are in no subset go on: forked, with a column more, split by a rule once more."""
    dimension = make_dimension()
    for key, language in ((1, "en"), (2, "ko"), (3, "en")):
        add_person(dimension, key, language=language)
    subsets = [{"id": "korean", "rule": KOREAN}]
    added = [{"kind": "attribute", "attribute": "city", "name": "home"}]
    again = {"subsets": [{"id": "again", "rule": rule}], "complement": True}
    activities = [
        {"id": "all", "type": "build_audience", "config": {"dimension": "person"}},
        {"id": "parts", "type": "split", "config": {"subsets": subsets, "complement": True}},
        {"id": "ways", "type": "fork"},
        {"id": "more", "type": "enrichment", "config": {"add": added}},
        {"id": "again", "type": "split", "config": again},
        {"id": "end", "type": "end"},
    ]
    arrows = ["all parts", "parts.complement ways", "ways more", "more again", "again.complement end"]
    return work_off(start_test_run(draft("decided", activities, arrows)))


def columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 ORDER BY attnum",
            [f"work.{table}"],
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("name", [DECIDED, DECIDED.upper(), f" {DECIDED}"])
def test_no_column_can_be_called_so(name: str) -> None:
    with pytest.raises(pydantic.ValidationError):
        TypeAdapter(ColumnName).validate_python(name)
    assert slug_of(name) != DECIDED


def test_no_rule_can_name_it() -> None:
    run = run_of(BEHIND)
    assert list(problems(run)) == ["again"]
    assert DECIDED in problems(run)["again"]


def test_nothing_behind_it_carries_it_and_each_decision_is_told_where_it_was_made() -> None:
    run = run_of({**KOREAN, "attribute": "city"})
    assert problems(run) == {}
    kept = Population.objects.filter(activity_run__run=run, decided__isnull=False)
    assert sorted(each.activity_run.activity_id for each in kept) == ["again", "parts"]
    more = Population.objects.get(activity_run__run=run, activity_run__activity_id="more")
    assert columns_of(more.table_name) == ["key", "home"]
    assert [column["name"] for column in more.columns] == ["home"]
    told = conditions_of(run, trace(run, "1"), personal=True)
    then = {id_: [r.path for r in rules if r.when is When.THEN] for (_round, id_), rules in told.items()}
    assert then == {"parts": ["/subsets/0/rule"], "again": ["/subsets/0/rule"]}
