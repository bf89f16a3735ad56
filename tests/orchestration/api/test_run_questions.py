"""What a canvas asks of a run while it watches it, and once somebody looks closer."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from campaigns.drafts import read_draft, save_draft
from campaigns.models import Campaign
from orchestration.models import ActivityRun, CampaignRun, Delivery, Message, Population
from orchestration.runs import pause_run, start_test_run
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.orchestration.api.conftest import ACTING
from tests.orchestration.engine import work_off

pytestmark = pytest.mark.django_db
RUNS = "/api/v1/runs/"


def of(run: CampaignRun, rest: str = "") -> str:
    return f"{RUNS}{run.pk}/{rest}"


def people_of(run: CampaignRun) -> str:
    population = Population.objects.get(activity_run__run=run, activity_run__activity_id="all")
    return of(run, f"populations/{population.pk}/")


@pytest.fixture
def insider(db: None) -> APIClient:
    return make_caller(make_holder("insider", "view_campaign", "view_personal_data"))


@pytest.mark.parametrize("rest", ["definition/", "log/", "activities/mail/", "populations/1/"])
def test_every_question_needs_the_permission_and_the_scope(run: CampaignRun, rest: str) -> None:
    assert is_problem(APIClient().get(of(run, rest)), 401, "not_authenticated")
    assert is_problem(make_caller(make_holder("nobody")).get(of(run, rest)), 403, "permission_denied")
    writer = make_caller(make_holder("writer", "view_campaign"), "write")
    assert is_problem(writer.get(of(run, rest)), 403, "permission_denied")


# --- what is asked each second ------------------------------------------------------------------------------


def test_as_long_as_nothing_changes_there_is_no_answer_but_304(
    run: CampaignRun, publisher: APIClient
) -> None:
    first = publisher.get(of(run))
    known = {"If-None-Match": first["ETag"]}
    again = publisher.get(of(run), headers=known)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    Message.objects.filter(delivery__activity_run__run=run, state="ready").update(state="in_flight")
    changed = publisher.get(of(run), headers=known)
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)
    assert changed.json()["deliveries"][0]["messages"] == {"in_flight": 2, "excluded": 1}


def test_two_people_with_other_rights_have_other_answers(
    run: CampaignRun, publisher: APIClient, viewer: APIClient
) -> None:
    told, seen = publisher.get(of(run)), viewer.get(of(run))
    assert (told.json()["acts"], seen.json()["acts"]) == (["pause", "stop"], [])
    assert [answer.json()["deliveries"][0]["may_confirm"] for answer in (told, seen)] == [True, False]
    assert told["ETag"] != seen["ETag"]


def test_a_token_without_the_scope_is_offered_nothing(run: CampaignRun) -> None:
    caller = make_caller(make_holder("publisher", *ACTING), "read")
    found = caller.get(of(run)).json()
    assert (found["acts"], found["deliveries"][0]["may_confirm"]) == ([], False)


def test_a_delivery_says_whom_it_leaves_out_and_why(
    run: CampaignRun, delivery: Delivery, viewer: APIClient
) -> None:
    (found,) = viewer.get(of(run)).json()["deliveries"]
    assert (found["id"], found["activity"], found["state"]) == (delivery.pk, "mail", "awaiting_confirmation")
    assert (found["targeted"], found["excluded"], found["will_send"]) == (3, {"no_consent": 1}, 2)
    assert found["messages"] == {"ready": 2, "excluded": 1}


def test_nothing_is_confirmed_while_the_run_is_paused(run: CampaignRun, publisher: APIClient) -> None:
    pause_run(run)
    found = publisher.get(of(run)).json()
    assert (found["acts"], found["deliveries"][0]["may_confirm"]) == (["resume", "stop"], False)


def test_a_wait_can_be_ended_only_where_one_is(run: CampaignRun, publisher: APIClient) -> None:
    ActivityRun.objects.filter(run=run, activity_id="all").update(state="waiting")
    assert publisher.get(of(run)).json()["acts"] == ["pause", "wake", "stop"]


def test_watching_costs_the_same_however_much_there_is(
    run: CampaignRun, viewer: APIClient, django_assert_max_num_queries: Any
) -> None:
    viewer.get(of(run))
    with django_assert_max_num_queries(14):
        viewer.get(of(run))


def test_the_list_says_how_many_began_and_what_waits(
    campaign: Campaign, run: CampaignRun, viewer: APIClient
) -> None:
    work_off(start_test_run(campaign))
    rows = viewer.get(RUNS).json()["results"]
    assert [(row["kind"], row["people"], row["awaits_confirmation"]) for row in rows] == [
        ("test", 3, False),
        ("live", 3, True),
    ]


# --- what is asked once ---------------------------------------------------------------------------------------


def test_a_run_shows_the_document_as_it_was(campaign: Campaign, viewer: APIClient) -> None:
    run = start_test_run(campaign)
    draft = read_draft("mailing")
    header = draft.document.campaign.model_copy(update={"name": "Another"})
    save_draft(campaign, draft.document.model_copy(update={"campaign": header}), if_match=draft.hash)
    answer = viewer.get(of(run, "definition/"))
    found = answer.json()
    assert found["document"]["campaign"]["name"] == "Mailing"
    assert [port["name"] for port in found["ports"]["all"]] == ["main"]
    assert {port["name"] for port in found["ports"]["mail"]} >= {"sent"}
    known = {"If-None-Match": answer["ETag"]}
    assert viewer.get(of(run, "definition/"), headers=known).status_code == 304


def test_an_activity_shows_its_task_with_the_sql(run: CampaignRun, viewer: APIClient) -> None:
    (task,) = viewer.get(of(run, "activities/all/")).json()
    assert (task["round"], task["state"], task["attempts"]) == (0, "succeeded", 1)
    assert "SELECT" in task["statements"].upper()
    assert viewer.get(of(run, "activities/nothing/")).status_code == 404


def test_the_log_is_in_words_and_of_one_activity_where_asked(run: CampaignRun, viewer: APIClient) -> None:
    whole = viewer.get(of(run, "log/")).json()["results"]
    assert whole[-1]["words"] == "run started"
    assert {"name": "kind", "value": "live"} in whole[-1]["detail"]
    only = viewer.get(of(run, "log/?activity=all")).json()["results"]
    assert {entry["activity"] for entry in only} == {"all"}
    assert 0 < len(only) < len(whole)


def test_people_are_shown_to_those_who_may_see_them(run: CampaignRun, insider: APIClient) -> None:
    found = insider.get(people_of(run) + "?limit=2").json()
    assert (found["activity"], found["port"], found["count"], found["masked"]) == ("all", "main", 3, False)
    assert [row[0] for row in found["rows"]] == ["0", "1"]
    rest = insider.get(people_of(run) + f"?limit=2&after={found['next']}").json()
    assert ([row[0] for row in rest["rows"]], rest["next"]) == (["2"], None)


def test_to_everybody_else_they_are_masked_keys_included(run: CampaignRun, viewer: APIClient) -> None:
    found = viewer.get(people_of(run) + "?limit=2").json()
    assert {value for row in found["rows"] for value in row} == {"•••"}
    assert (found["next"], found["masked"], found["count"]) == (None, True, 3)


@pytest.mark.parametrize(
    "query", ["after=x", "after=99999999999999999999999", "limit=0", "limit=201", "limit=x", "after=%00"]
)
def test_what_is_no_key_is_refused(run: CampaignRun, insider: APIClient, query: str) -> None:
    assert is_problem(insider.get(f"{people_of(run)}?{query}"), 400, "invalid")


def test_people_of_another_run_and_people_no_longer_kept_are_not_found(
    campaign: Campaign, run: CampaignRun, insider: APIClient
) -> None:
    other = start_test_run(campaign)
    foreign = people_of(run).replace(of(run), of(other))
    assert is_problem(insider.get(foreign), 404, "not_found")
    population = Population.objects.get(activity_run__run=run, activity_run__activity_id="all")
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE work."{population.table_name}" CASCADE')
    assert is_problem(insider.get(people_of(run)), 404, "not_found")
