"""Branches of whole runs: those that are skipped, joined, waited for and never taken."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.models import Campaign
from orchestration.execution import execute_activity
from orchestration.models import CampaignRun
from orchestration.runs import start_test_run, wake_run
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import counts, draft, problems, work_off

pytestmark = pytest.mark.django_db

ALL = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
NOBODY = {"kind": "condition", "attribute": "city", "operator": "equal", "value": "Atlantis"}
PARTS = {
    "id": "parts",
    "type": "split",
    "config": {"subsets": [{"id": "gone", "rule": NOBODY, "skip_empty": True}, {"id": "rest"}]},
}
END = {"id": "end", "type": "end"}


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    dimension = make_dimension()
    for key in range(1, 6):
        add_person(dimension, key)


def states(run: CampaignRun) -> dict[str, str]:
    return dict(run.activity_runs.values_list("activity_id", "state"))


def ran(campaign: Campaign, **options: Any) -> CampaignRun:
    run = work_off(start_test_run(campaign, **options))
    assert problems(run) == {}
    return run


def test_what_stands_behind_a_skipped_subset_is_dead() -> None:
    after = {"id": "after", "type": "control_group", "config": {"percent": "50"}}
    run = ran(draft("skip", [ALL, PARTS, after, END], ["all parts", "parts.gone after", "parts.rest end"]))
    assert (run.state, states(run)["after"]) == ("completed", "dead")
    assert counts(run)["parts.rest"] == 5


def test_a_set_that_cannot_arrive_leaves_an_intersection_empty() -> None:
    both = {"id": "both", "type": "combine", "config": {"operation": "intersection", "complement": True}}
    hold = {"id": "hold", "type": "control_group", "config": {"number": 1}}
    arrows = ["all parts", "parts.gone hold", "hold both", "parts.rest both", "both end"]
    run = ran(draft("empty", [ALL, PARTS, hold, both, END], arrows))
    assert (counts(run)["both.main"], counts(run)["both.complement"]) == (0, 5)


def test_a_join_dies_with_its_primary_set() -> None:
    join = {"id": "join", "type": "and_join", "config": {"primary": "parts.gone"}}
    arrows = ["all parts", "parts.gone join", "parts.rest join", "join end"]
    run = ran(draft("join", [ALL, PARTS, join, END], arrows))
    assert (run.state, states(run)["join"], states(run)["end"]) == ("completed", "dead", "dead")


def test_a_branch_that_no_condition_takes_goes_no_further() -> None:
    test = {
        "id": "test",
        "type": "test",
        "config": {"conditions": [{"id": "many", "operator": "greater", "values": [9]}]},
    }
    run = ran(draft("few", [ALL, test, END], ["all test", "test.many end"]))
    assert (run.state, states(run)["test"], states(run)["end"]) == ("completed", "succeeded", "dead")


WAIT = {"id": "wait", "type": "wait", "config": {"until": {"kind": "duration", "amount": 3}}}
FORK = {"id": "fork", "type": "fork", "config": {"branches": [{"id": "now"}, {"id": "later"}]}}


def test_a_wait_holds_its_branch_only_and_a_person_may_end_it() -> None:
    arrows = ["all fork", "fork.now end", "fork.later wait", "wait end"]
    run = ran(draft("wait", [ALL, FORK, WAIT, END], arrows), real_waits=True)
    assert (run.state, states(run)["wait"]) == ("running", "waiting")
    assert not execute_activity(run.activity_runs.get(activity_id="wait").pk)
    assert wake_run(run) == 5
    execute_activity(run.activity_runs.get(activity_id="wait").pk)
    assert work_off(run).state == "completed"
    assert counts(run)["wait.main"] == 5


def test_a_join_goes_on_without_a_branch_it_was_not_told_to_wait_for() -> None:
    join = {"id": "join", "type": "and_join", "config": {"primary": "fork.now", "wait_for": ["fork.now"]}}
    arrows = ["all fork", "fork.now join", "fork.later wait", "wait join", "join end"]
    run = ran(draft("listed", [ALL, FORK, WAIT, join, END], arrows), real_waits=True)
    assert (states(run)["join"], states(run)["wait"]) == ("succeeded", "waiting")


def test_rules_and_tests_use_the_campaigns_variables_by_their_type() -> None:
    at_most = {"id": "few", "variable": "goal", "operator": "less", "values": [10]}
    test = {"id": "test", "type": "test", "config": {"conditions": [at_most]}}
    here = {"kind": "condition", "attribute": "city", "operator": "equal", "value": {"variable": "town"}}
    some = {"id": "some", "type": "build_audience", "config": {"dimension": "person", "rule": here}}
    variables = {"goal": {"type": "number", "value": "9.5"}, "town": {"type": "text", "value": "Busan"}}
    run = ran(draft("typed", [some, test, END], ["some test", "test.few end"], variables=variables))
    assert counts(run) == {"some.main": 5, "test.few": 5}
