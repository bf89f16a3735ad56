"""What an edit of a rule would do to the people of the last run, asked through the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from psycopg import sql
from rest_framework.test import APIClient

from campaigns.models import Campaign, Field
from orchestration.housekeeping import drop_old_tables
from orchestration.models import CampaignRun, Population
from orchestration.runs import start_test_run
from orchestration.working_tables import SCHEMA
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, work_off

pytestmark = pytest.mark.django_db
URL = "/api/v1/rules/difference/last-run/"


def lives_in(city: str) -> dict[str, Any]:
    return {"kind": "condition", "attribute": "city", "operator": "equal", "value": city}


SEOUL = {"id": "seoul", "label": "Seoul", "rule": lives_in("Seoul")}
ACTIVITIES = [
    {"id": "all", "type": "build_audience", "config": {"dimension": "person", "rule": lives_in("Busan")}},
    {"id": "by-city", "type": "split", "config": {"subsets": [SEOUL], "complement": True}},
    {"id": "end", "type": "end"},
]


@pytest.fixture
def campaign() -> Campaign:
    """Three people of Busan; since the test one has moved to Seoul, one has gone, and another has come there."""
    dimension = make_dimension()
    for key in range(1, 4):
        add_person(dimension, key)
    made = draft("told", ACTIVITIES, ["all by-city", "by-city.complement end"])
    work_off(start_test_run(made))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE person SET city = 'Seoul' WHERE id = 2")
        cursor.execute("DELETE FROM person WHERE id = 3")
    add_person(dimension, 9, city="Seoul")
    return made


@pytest.fixture
def caller(db: None) -> APIClient:
    return make_caller(make_holder("asker", "view_campaign"), "read")


def ask(caller: APIClient, **asked: Any) -> Any:
    body = {"dimension": "person", "campaign": "told", "activity": "all", "rule": lives_in("Seoul")}
    return caller.post(URL, body | asked, format="json")


def told(answer: Any) -> dict[str, tuple[int, list[str]]]:
    """Of each change how many, and the keys shown."""
    changes = answer.json()["changes"]
    return {each["change"]: (each["count"], [row[0] for row in each["rows"]]) for each in changes}


def is_refused(answer: Any, code: str) -> bool:
    return is_problem(answer, 409, "conflict") and answer.json()["problems"][0]["code"] == code


def test_asking_needs_the_permission(campaign: Campaign) -> None:
    assert is_problem(ask(APIClient()), 401, "not_authenticated")
    assert is_problem(ask(make_caller(make_holder("nobody"))), 403, "permission_denied")


def test_without_a_completed_run_there_is_nothing_to_compare_with(
    caller: APIClient, campaign: Campaign
) -> None:
    CampaignRun.objects.update(state="running")
    assert is_refused(ask(caller), "difference.no_run")
    assert ask(caller, campaign="gone").status_code == 404


@pytest.mark.parametrize("activity", ["gone", "by-city"])
def test_an_activity_without_such_a_population_is_refused(
    caller: APIClient, campaign: Campaign, activity: str
) -> None:
    assert is_refused(ask(caller, activity=activity), "difference.no_population")


def test_an_activity_that_works_on_who_came_in_is_refused(caller: APIClient, campaign: Campaign) -> None:
    Population.objects.filter(activity_run__activity_id="by-city", port="complement").update(port="main")
    assert is_refused(ask(caller, activity="by-city"), "difference.no_source")


def test_another_dimension_is_not_compared(caller: APIClient, campaign: Campaign) -> None:
    Population.objects.update(dimension="household")
    assert is_refused(ask(caller), "difference.dimension")


def test_people_whom_retention_has_taken_are_said_to_be_gone(caller: APIClient, campaign: Campaign) -> None:
    CampaignRun.objects.update(finished_at="2018-01-01T00:00:00Z")
    assert drop_old_tables() > 0
    assert is_refused(ask(caller), "difference.dropped")


def test_a_rule_with_problems_is_refused_at_its_place(caller: APIClient, campaign: Campaign) -> None:
    assert ask(caller, rule={**lives_in("Seoul"), "attribute": "gone"}).status_code == 422
    assert ask(caller, rule={"kind": "nothing"}).status_code == 422


def test_the_rule_now_is_compared_with_the_people_then(caller: APIClient, campaign: Campaign) -> None:
    answer = ask(caller)
    assert told(answer) == {"enter": (1, ["9"]), "leave": (2, ["1", "3"]), "stay": (1, ["2"])}
    run = CampaignRun.objects.get()
    assert answer.json()["compared_with"]["run"] == run.pk
    assert told(ask(caller, rule=None)) == {"enter": (1, ["9"]), "leave": (1, ["3"]), "stay": (2, ["1", "2"])}


def test_where_the_run_found_nobody_everybody_enters(caller: APIClient, campaign: Campaign) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE person SET city = 'Jeju'")
    work_off(start_test_run(campaign))
    assert told(ask(caller, rule=None)) == {"enter": (3, ["1", "2", "9"]), "leave": (0, []), "stay": (0, [])}


def test_keys_that_were_of_another_type_are_compared_as_text(caller: APIClient, campaign: Campaign) -> None:
    name = Population.objects.get(activity_run__activity_id="all").table_name
    with connection.cursor() as cursor:
        table = sql.Identifier(SCHEMA, name)
        cursor.execute(sql.SQL("ALTER TABLE {} ALTER COLUMN key TYPE text").format(table))
    assert told(ask(caller))["stay"] == (1, ["2"])


def test_personal_values_are_masked(caller: APIClient, campaign: Campaign) -> None:
    Field.objects.filter(slug="email").update(personal=True)
    seer = make_caller(make_holder("seer", "view_campaign", "view_personal_data"), "read")
    (hidden, seen) = (ask(who).json()["changes"][0]["rows"][0] for who in (caller, seer))
    assert (hidden[2], seen[2]) == ("•••", "p9@example.com")
