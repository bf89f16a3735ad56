from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from campaigns.models import Campaign
from orchestration.models import ActivityRun, CampaignRun, RunLogEntry
from orchestration.runs import start_test_run
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.campaigns.test_drafts import in_threads
from tests.orchestration.api.conftest import ACTING
from tests.orchestration.engine import draft, work_off

pytestmark = pytest.mark.django_db
RUNS, TESTS = "/api/v1/runs/", "/api/v1/campaigns/mailing/test-runs/"
ACTS = ("pause", "restart", "resume", "retry", "stop", "wake")


def act(caller: APIClient, run: CampaignRun, name: str, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return caller.post(f"{RUNS}{run.pk}/{name}/", headers=headers)


def codes(response: Any) -> list[str]:
    return [problem["code"] for problem in response.json()["problems"]]


# --- who may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", [RUNS, f"{RUNS}1/"])
def test_reading_runs_needs_the_permission_and_the_scope(db: None, route: str) -> None:
    assert is_problem(APIClient().get(route), 401, "not_authenticated")
    assert is_problem(make_caller(make_holder("nobody")).get(route), 403, "permission_denied")
    writer = make_caller(make_holder("writer", "view_campaign"), "write", "publish")
    assert is_problem(writer.get(route), 403, "permission_denied")


@pytest.mark.parametrize("name", ACTS)
def test_a_live_run_is_acted_on_by_those_who_may_publish(
    run: CampaignRun, author: APIClient, name: str
) -> None:
    publisher = make_holder("publisher", *ACTING)
    without_scope = make_caller(publisher, "read", "write", "confirm")
    for caller in (author, without_scope):
        assert is_problem(act(caller, run, name), 403, "permission_denied")
    assert is_problem(act(APIClient(), run, name), 401, "not_authenticated")
    run.refresh_from_db()
    assert run.state == "running"
    assert act(make_caller(publisher, "publish"), run, name).status_code in {200, 409}


def test_a_test_is_acted_on_by_those_who_may_change(campaign: Campaign, author: APIClient) -> None:
    run = start_test_run(campaign)
    without_scope = make_caller(make_holder("publisher", *ACTING), "read", "publish", "confirm")
    assert is_problem(act(without_scope, run, "stop"), 403, "permission_denied")
    approver = make_caller(make_holder("approver", "view_campaign", "publish_campaign"))
    assert is_problem(act(approver, run, "stop"), 403, "permission_denied")
    assert act(author, run, "stop").json()["state"] == "stopped"


def test_an_answer_is_not_repeated_to_a_token_that_may_not_act(run: CampaignRun) -> None:
    person = make_holder("publisher", *ACTING)
    assert act(make_caller(person, "publish"), run, "pause", key="one").status_code == 200
    assert is_problem(act(make_caller(person, "read"), run, "pause", key="one"), 403, "permission_denied")


def test_another_person_with_the_same_key_acts_for_themselves(run: CampaignRun, publisher: APIClient) -> None:
    assert act(publisher, run, "pause", key="one").status_code == 200
    other = make_caller(make_holder("other", *ACTING))
    assert is_problem(act(other, run, "pause", key="one"), 409, "conflict")


def test_starting_a_test_needs_the_permission_and_the_scope(campaign: Campaign) -> None:
    viewer = make_caller(make_holder("viewer", "view_campaign"))
    reader = make_caller(make_holder("author", "change_campaign"), "read", "publish", "confirm")
    assert is_problem(APIClient().post(TESTS), 401, "not_authenticated")
    for caller in (viewer, reader):
        assert is_problem(caller.post(TESTS, {}, format="json"), 403, "permission_denied")
    assert not campaign.runs.exists()


# --- what is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["0", "999999", "999999999999999999", "9999999999999999999", "x", "-1"])
def test_a_run_that_is_not_there_is_not_found(publisher: APIClient, number: str) -> None:
    assert is_problem(publisher.get(f"{RUNS}{number}/"), 404, "not_found")
    assert is_problem(publisher.post(f"{RUNS}{number}/stop/"), 404, "not_found")


@pytest.mark.parametrize(
    "query", ["state=lost", "kind=dream", "started_after=soon", "started_before=2018-13-01", "campaign=%00"]
)
def test_a_filter_that_makes_no_sense_is_refused(viewer: APIClient, query: str) -> None:
    assert is_problem(viewer.get(f"{RUNS}?{query}"), 400, "invalid")


@pytest.mark.parametrize(
    ("name", "code"),
    [("resume", "run.not_paused"), ("retry", "run.not_failed"), ("restart", "run.not_a_test")],
)
def test_an_act_in_the_wrong_state_is_a_conflict_with_code_and_remedy(
    run: CampaignRun, publisher: APIClient, name: str, code: str
) -> None:
    answer = act(publisher, run, name, key="one")
    assert is_problem(answer, 409, "conflict")
    assert codes(answer) == [code]


@pytest.mark.parametrize(
    ("name", "code"), [("pause", "run.wrong_state"), ("stop", "run.wrong_state"), ("wake", "run.not_running")]
)
def test_nothing_is_done_to_a_run_that_is_over(
    run: CampaignRun, publisher: APIClient, name: str, code: str
) -> None:
    act(publisher, run, "stop")
    answer = act(publisher, run, name)
    assert is_problem(answer, 409, "conflict")
    assert codes(answer) == [code]


def test_a_second_test_is_refused_while_one_is_open(campaign: Campaign, author: APIClient) -> None:
    assert author.post(TESTS, {}, format="json").status_code == 201
    answer = author.post(TESTS, {}, format="json")
    assert is_problem(answer, 409, "conflict")
    assert (codes(answer), campaign.runs.count()) == (["run.test_open"], 1)


def test_a_test_of_no_campaign_is_not_found(author: APIClient) -> None:
    assert is_problem(author.post("/api/v1/campaigns/nowhere/test-runs/"), 404, "not_found")


@pytest.mark.parametrize("body", [{"real_waits": "perhaps"}, [], {"real_waits": None}, "x"])
def test_a_body_that_is_none_is_refused(campaign: Campaign, author: APIClient, body: Any) -> None:
    assert is_problem(author.post(TESTS, body, format="json"), 400, "invalid")
    assert not campaign.runs.exists()


@pytest.mark.parametrize(
    ("activity", "path"),
    [
        ({"id": "done", "type": "unheard_of"}, "/activities/1/type"),
        ({"id": "done", "type": "combine", "config": {"operation": 7}}, "/activities/1/config"),
    ],
)
def test_a_draft_that_cannot_be_read_is_refused_at_its_place(
    author: APIClient, activity: dict[str, Any], path: str
) -> None:
    start = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    broken = draft("broken", [start, activity], ["all done"])
    answer = author.post("/api/v1/campaigns/broken/test-runs/", {}, format="json")
    assert is_problem(answer, 422, "invalid")
    assert answer.json()["problems"][0]["path"].startswith(path)
    assert not broken.runs.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_tests_started_at_once_one_begins_and_the_others_are_told(campaign: Campaign) -> None:
    person = make_holder("author", "view_campaign", "change_campaign")
    callers = [make_caller(person) for _number in range(6)]
    answers = in_threads(6, lambda number: callers[number].post(TESTS, {}, format="json"))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]
    assert campaign.runs.count() == 1


# --- what is done -------------------------------------------------------------------------------------------


def test_a_test_is_started_once_for_a_key(campaign: Campaign, author: APIClient) -> None:
    key = {"Idempotency-Key": "one"}
    answers = [author.post(TESTS, {"real_waits": True}, format="json", headers=key) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotent-Replayed"] == "true"
    assert answers[0]["Location"] == answers[1]["Location"]
    run = CampaignRun.objects.get()
    assert (run.kind, run.real_waits, run.started_by.username) == ("test", True, "author")


def test_where_a_test_is_said_to_be_it_is_found(campaign: Campaign, author: APIClient) -> None:
    made = author.post(TESTS, {}, format="json")
    found = author.get(made["Location"]).json()
    assert (found["id"], found["campaign"], found["kind"], found["version"]) == (
        made.json()["id"],
        "mailing",
        "test",
        None,
    )
    assert [activity["state"] for activity in found["activities"]] == ["pending", None]
    assert found["transitions"] == [
        {"from": "all", "port": "main", "to": "mail", "rows": None, "activated": None}
    ]


def test_a_run_says_how_many_each_transition_carried(campaign: Campaign, viewer: APIClient) -> None:
    run = work_off(start_test_run(campaign))
    found = viewer.get(f"{RUNS}{run.pk}/").json()
    first, second = found["activities"]
    assert (found["state"], [first["id"], second["id"]]) == ("completed", ["all", "mail"])
    (port,) = first["ports"]
    assert (port["port"], port["rows"], port["activated"], port["kept"]) == ("main", 3, True, True)
    assert (second["rows_in"], second["state"], second["problem"]) == (3, "succeeded", "")
    assert found["transitions"][0]["rows"] == 3
    assert second["started_at"] <= second["finished_at"]


def test_what_went_wrong_is_told(run: CampaignRun, viewer: APIClient) -> None:
    ActivityRun.objects.filter(run=run, activity_id="mail").update(
        state="failed", problem="The channel is off."
    )
    mail = viewer.get(f"{RUNS}{run.pk}/").json()["activities"][1]
    assert (mail["state"], mail["problem"]) == ("failed", "The channel is off.")


def test_a_run_is_paused_resumed_and_stopped(run: CampaignRun, publisher: APIClient) -> None:
    for name, state in (("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        answer = act(publisher, run, name)
        assert (answer.status_code, answer.json()["state"]) == (200, state)
    assert answer.json()["concerned"] == 2
    stopped = RunLogEntry.objects.get(run=run, event="run_stop")
    assert stopped.actor.username == "publisher"


def test_a_repeated_key_acts_once(run: CampaignRun, publisher: APIClient) -> None:
    first, second = (act(publisher, run, "pause", key="one") for _time in range(2))
    assert (first.json(), second["Idempotent-Replayed"]) == (second.json(), "true")
    assert RunLogEntry.objects.filter(run=run, event="run_pause").count() == 1


def test_a_failed_run_is_retried(run: CampaignRun, publisher: APIClient) -> None:
    ActivityRun.objects.filter(run=run, activity_id="all").update(state="failed", problem="x")
    CampaignRun.objects.filter(pk=run.pk).update(state="failed")
    answer = act(publisher, run, "retry").json()
    assert (answer["state"], answer["concerned"]) == ("running", 1)


@pytest.mark.parametrize("body", [{"activity": 7.5, "x": 1}, {"activity": ""}, {"activity": None}, [], "all"])
def test_an_activity_that_is_none_is_not_retried(run: CampaignRun, publisher: APIClient, body: Any) -> None:
    CampaignRun.objects.filter(pk=run.pk).update(state="failed")
    answer = publisher.post(f"{RUNS}{run.pk}/retry/", body, format="json")
    run.refresh_from_db()
    assert (answer.status_code in {400, 409}, run.state) == (True, "failed")


def test_one_failed_activity_is_retried(run: CampaignRun, publisher: APIClient) -> None:
    ActivityRun.objects.filter(run=run).update(state="failed", problem="x")
    CampaignRun.objects.filter(pk=run.pk).update(state="failed")
    body, key = {"activity": "all"}, {"Idempotency-Key": "one"}
    for _time in range(2):
        answer = publisher.post(f"{RUNS}{run.pk}/retry/", body, format="json", headers=key).json()
        assert (answer["state"], answer["concerned"]) == ("running", 1)
    assert dict(run.activity_runs.values_list("activity_id", "state")) == {"all": "pending", "mail": "failed"}
    again = publisher.post(f"{RUNS}{run.pk}/retry/", body, format="json")
    assert (is_problem(again, 409, "conflict"), codes(again)) == (True, ["run.activity_not_failed"])
    assert "retry" in publisher.get(f"{RUNS}{run.pk}/").json()["acts"]


def test_a_test_is_restarted_once_for_a_key(campaign: Campaign, author: APIClient) -> None:
    first = start_test_run(campaign, real_waits=True)
    assert author.get(f"{RUNS}{first.pk}/").json()["acts"] == ["pause", "stop", "restart"]
    answers = [act(author, first, "restart", key="one") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    made = author.get(answers[0]["Location"]).json()
    assert (made["id"] > first.pk, made["state"], made["real_waits"]) == (True, "running", True)
    assert dict(campaign.runs.values_list("pk", "state")) == {first.pk: "stopped", made["id"]: "running"}


def test_a_restart_may_change_whether_waits_take_their_time(campaign: Campaign, author: APIClient) -> None:
    run = start_test_run(campaign, real_waits=True)
    answer = author.post(f"{RUNS}{run.pk}/restart/", {"real_waits": False}, format="json")
    assert answer.json()["real_waits"] is False
    refused = author.post(f"{RUNS}{run.pk}/restart/", {"real_waits": "perhaps"}, format="json")
    assert is_problem(refused, 400, "invalid")


def test_waits_are_woken(run: CampaignRun, publisher: APIClient) -> None:
    later = timezone.now() + timedelta(days=9)
    ActivityRun.objects.filter(run=run, activity_id="all").update(state="waiting", due_at=later, rows_in=7)
    assert act(publisher, run, "wake").json()["concerned"] == 7
    assert ActivityRun.objects.get(run=run, activity_id="all").due_at <= timezone.now()


def test_runs_are_listed_and_narrowed(campaign: Campaign, run: CampaignRun, viewer: APIClient) -> None:
    test = work_off(start_test_run(campaign))
    draft("other", [{"id": "end", "type": "end"}], [])

    def found(query: str) -> list[int]:
        return [row["id"] for row in viewer.get(f"{RUNS}?{query}").json()["results"]]

    assert found("") == [test.pk, run.pk]
    assert found("kind=live") == found("state=running") == [run.pk]
    assert found("state=running&state=completed") == [test.pk, run.pk]
    assert found("campaign=mailing&kind=test") == [test.pk]
    assert found("campaign=other") == []
    assert (
        found(f"started_after={(timezone.now() + timedelta(hours=1)).isoformat()}".replace("+", "%2B")) == []
    )
    assert (
        len(found(f"started_before={(timezone.now() + timedelta(hours=1)).isoformat()}".replace("+", "%2B")))
        == 2
    )


def test_runs_go_page_by_page(campaign: Campaign, run: CampaignRun, viewer: APIClient) -> None:
    test = start_test_run(campaign)
    first = viewer.get(f"{RUNS}?page_size=1").json()
    second = viewer.get(first["next"]).json()
    assert [first["results"][0]["id"], second["results"][0]["id"]] == [test.pk, run.pk]
    assert second["next"] is None


def test_a_list_costs_the_same_however_long_it_is(
    campaign: Campaign, run: CampaignRun, viewer: APIClient, django_assert_num_queries: Any
) -> None:
    viewer.get(RUNS)
    with django_assert_num_queries(6):
        viewer.get(RUNS)
    start_test_run(campaign)
    with django_assert_num_queries(6):
        viewer.get(RUNS)
