"""Campaigns that save audiences and read them, from the draft to the end of the run."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.audiences import Description, archive_audience, compose_audience
from campaigns.lint import lint_campaign
from campaigns.models import Audience, AudienceChange, Campaign
from campaigns.problems import errors_of
from campaigns.publishing import publish_campaign
from orchestration.models import CampaignRun
from orchestration.runs import start_live_run, start_test_run
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import counts, draft, problems, work_off

pytestmark = pytest.mark.django_db
FIRST = {"kind": "condition", "attribute": "id", "operator": "less", "value": 3}
KEPT = {"attribute": "city", "name": "home"}


@pytest.fixture(autouse=True)
def people() -> None:
    dimension = make_dimension()
    for key in range(6):
        add_person(dimension, key, city="Busan" if key % 2 else "Seoul")


def some() -> dict[str, Any]:
    return {"id": "some", "type": "build_audience", "config": {"dimension": "person", "rule": FIRST}}


def save(slug: str = "first", **more: Any) -> dict[str, Any]:
    return {"id": "save", "type": "save_audience", "config": {"audience": slug, "columns": [KEPT], **more}}


def read(slug: str = "first") -> dict[str, Any]:
    return {"id": "read", "type": "read_audience", "config": {"audience": slug, "complement": True}}


def asks(slug: str = "first", **more: Any) -> dict[str, Any]:
    rule = {"kind": "member", "audience": slug, **more}
    return {"id": "asks", "type": "build_audience", "config": {"dimension": "person", "rule": rule}}


def codes(campaign: Campaign) -> set[tuple[str, str]]:
    return {(problem.activity, problem.code) for problem in lint_campaign(campaign)}


def live(campaign: Campaign) -> CampaignRun:
    campaign.refresh_from_db()
    version = publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    return work_off(start_live_run(version))


def test_an_audience_saved_beside_is_not_one_saved_before() -> None:
    beside = draft("beside", [some(), save(), read()], ["some save"])
    assert codes(beside) == {("read", "audience.unknown")}
    before = draft("before", [some(), save(), read()], ["some save", "save read"])
    assert codes(before) == set()


def test_a_rule_may_ask_for_what_was_saved_before_it() -> None:
    assert codes(draft("before", [some(), save(), asks()], ["some save", "save asks"])) == set()
    after = draft("after", [asks(), save()], ["asks save"])
    assert codes(after) == {("asks", "rule.unknown_audience")}


@pytest.mark.parametrize("is_test", [True, False], ids=["test", "live"])
def test_what_was_saved_is_read_in_the_same_run(is_test: bool) -> None:
    made = draft(
        "saves",
        [some(), save(), read(), asks(negate=True)],
        ["some save", "save read", "read.missing asks"],
    )
    run = work_off(start_test_run(made)) if is_test else live(made)
    assert run.state == "completed", problems(run)
    found = counts(run)
    assert (found["save.main"], found["save.members"]) == (3, 3)
    assert (found["read.main"], found["read.missing"], found["read.complement"]) == (3, 0, 3)
    assert found["asks.main"] == 3
    assert Audience.objects.count() == (0 if is_test else 1)


@pytest.mark.parametrize("is_test", [True, False], ids=["test", "live"])
def test_columns_that_were_saved_are_carried_on(is_test: bool) -> None:
    columns = {"id": "read", "type": "read_audience", "config": {"audience": "first"}}
    rule = {"kind": "condition", "attribute": "@home", "operator": "equal", "value": "Seoul"}
    test = {
        "id": "seoul",
        "type": "split",
        "config": {"subsets": [{"id": "in", "rule": rule}]},
    }
    made = draft("carries", [some(), save(), columns, test], ["some save", "save read", "read seoul"])
    if found := codes(made):
        pytest.fail(str(found))
    run = work_off(start_test_run(made)) if is_test else live(made)
    assert (run.state, counts(run)["seoul.in"]) == ("completed", 2)


def test_two_runs_overwrite_and_append() -> None:
    made = draft("saves", [some(), save(mode="append")], ["some save"])
    version = None
    for _run in range(2):
        made.refresh_from_db()
        if version is None:
            version = publish_campaign(made, by=None, if_match=made.draft_hash, confirm_warnings=True)
        assert work_off(start_live_run(version)).state == "completed"
    added = list(AudienceChange.objects.order_by("pk").values_list("mode", "rows_added", "rows_after"))
    assert added == [("create", 3, 3), ("append", 0, 3)]


def test_a_run_that_reads_what_expired_fails_with_the_remedy() -> None:
    live(draft("saves", [some(), save()], ["some save"]))
    reader = draft("reads", [read()], [])
    assert errors_of(lint_campaign(reader)) == ()
    Audience.objects.update(filled_at="2018-01-01T00:00Z", expires_at="2018-02-01T00:00Z")
    assert codes(reader) == {("read", "rule.audience_expired")}
    run = work_off(start_test_run(reader))
    assert run.state == "failed"
    assert "have expired. Save or import it again" in problems(run)["read"]


def test_what_is_in_the_archive_is_a_warning_and_runs() -> None:
    archive_audience(compose_audience(Description("first", "First", "person"), FIRST))
    reader = draft("reads", [read(), asks()], ["read asks"])
    assert codes(reader) == {("read", "audience.archived"), ("asks", "audience.archived")}
    assert errors_of(lint_campaign(reader)) == ()
    assert work_off(start_test_run(reader)).state == "completed"


def test_a_second_campaign_may_only_append() -> None:
    live(draft("saves", [some(), save()], ["some save"]))
    other = draft("other", [some(), save()], ["some save"])
    assert codes(other) == {("save", "save_audience.other_campaign")}
    appends = draft("appends", [some(), save(mode="append")], ["some save"])
    assert codes(appends) == set()
