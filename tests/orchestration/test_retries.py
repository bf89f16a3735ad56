"""One of several failed activities is tried again: the others stay failed, and hold what is behind them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail

from campaigns.drafts import save_draft
from campaigns.models import Campaign
from campaigns.problems import ProblemsError
from orchestration.exceptions import ActivityFailed, Refused
from orchestration.failures import fail_activity
from orchestration.models import ActivityRun, CampaignRun, RunRequest
from orchestration.possible_acts import is_possible
from orchestration.runs import pause_run, restart_run, resume_run, retry_run, start_test_run
from tests.ledger import add_person, make_campaign, make_dimension, make_run
from tests.orchestration.conftest import Committed
from tests.orchestration.engine import document_drawn, draft, work_off

pytestmark = pytest.mark.django_db


def two_branches(**errors: Any) -> Campaign:
    """`one` and `two` read tables of their own, each with an end of its own."""
    for name in ("one", "two"):
        add_person(make_dimension(name, "integer"), 1)
    activities = [
        *({"id": name, "type": "build_audience", "config": {"dimension": name}} for name in ("one", "two")),
        {"id": "end1", "type": "end"},
        {"id": "end2", "type": "end"},
    ]
    return draft("forked", activities, ["one end1", "two end2"], **({"errors": errors} if errors else {}))


def failed_twice(**errors: Any) -> CampaignRun:
    run = start_test_run(two_branches(**errors))
    for activity_run in run.activity_runs.order_by("pk"):
        ActivityRun.objects.filter(pk=activity_run.pk).update(state="running", epoch=1)
        fail_activity(activity_run, 1, ActivityFailed(f"{activity_run.activity_id} is broken"))
    run.refresh_from_db()
    assert run.state == "failed"
    return run


def states(run: CampaignRun) -> dict[str, str]:
    return dict(run.activity_runs.values_list("activity_id", "state"))


@pytest.mark.parametrize("activity", ["end1", "nowhere", "one "])
def test_what_has_not_failed_is_not_tried_again_and_the_run_stays_failed(activity: str) -> None:
    run = failed_twice()
    with pytest.raises(Refused) as refusal:
        retry_run(run, activity=activity)
    run.refresh_from_db()
    assert (refusal.value.code, run.state) == ("run.activity_not_failed", "failed")
    assert states(run) == {"one": "failed", "two": "failed"}
    assert RunRequest.objects.get().outcome != "0"


def test_the_others_stay_failed_and_nothing_behind_them_dies() -> None:
    run = failed_twice()
    assert retry_run(run, activity="one") == 1
    assert (run.state, states(run)) == ("running", {"one": "pending", "two": "failed"})
    work_off(run)
    assert states(run) == {"one": "succeeded", "end1": "succeeded", "two": "failed"}


def test_once_nothing_else_goes_on_the_run_has_failed_again_for_what_is_left() -> None:
    run = failed_twice()
    retry_run(run, activity="one")
    run = work_off(run)
    assert (run.state, run.problem, run.finished_at) == ("failed", "two is broken", None)
    assert run.log.get(event="run_failed").activity_id == "two"
    assert not run.log.filter(event="run_completed").exists()


def test_the_run_completes_once_the_last_of_them_is_tried_again() -> None:
    run = failed_twice()
    for activity in ("one", "two"):
        assert retry_run(run, activity=activity) == 1
        run = work_off(run)
    assert (run.state, set(states(run).values())) == ("completed", {"succeeded"})


def test_another_one_is_tried_again_while_the_first_is_under_way() -> None:
    run = failed_twice()
    retry_run(run, activity="one")
    assert is_possible("retry", run)
    assert retry_run(run, activity="two") == 1
    assert not is_possible("retry", run)
    assert work_off(run).state == "completed"


def test_all_that_is_left_is_tried_again_while_the_first_is_under_way() -> None:
    run = failed_twice()
    retry_run(run, activity="one")
    assert retry_run(run) == 1
    assert work_off(run).state == "completed"


def test_twice_at_once_it_is_tried_again_once() -> None:
    run = failed_twice()
    retry_run(run, activity="one")
    with pytest.raises(Refused):
        retry_run(run, activity="one")
    assert states(run) == {"one": "pending", "two": "failed"}


def test_as_long_as_something_waits_the_run_goes_on() -> None:
    run = failed_twice()
    later = "2099-01-01T00:00:00Z"
    ActivityRun.objects.create(run=run, activity_id="w", type="wait", state="waiting", due_at=later)
    retry_run(run, activity="one")
    assert work_off(run).state == "running"


def test_a_pause_in_between_changes_nothing() -> None:
    run = failed_twice()
    retry_run(run, activity="one")
    pause_run(run)
    assert not is_possible("retry", run)
    resume_run(run)
    assert work_off(run).state == "failed"


def test_where_failures_are_ignored_what_is_left_is_ignored() -> None:
    run = failed_twice(policy="ignore", consecutive=2)
    retry_run(run, activity="one")
    run = work_off(run)
    assert (run.state, states(run)["two"], states(run)["end2"]) == ("completed", "failed", "dead")


def test_where_failures_are_ignored_a_run_that_goes_on_is_not_retried() -> None:
    run = failed_twice(policy="ignore", consecutive=2)
    retry_run(run, activity="one")
    assert not is_possible("retry", run)
    with pytest.raises(Refused) as refusal:
        retry_run(run, activity="two")
    assert refusal.value.code == "run.not_failed"


def test_it_is_written_down_who_tried_what_again() -> None:
    run = failed_twice()
    ada = get_user_model().objects.create_user("ada")
    retry_run(run, by=ada, activity="one")
    entry = run.log.get(event="run_retry")
    assert (entry.activity_id, entry.actor, entry.detail) == ("one", ada, {"concerned": 1})


def test_the_owner_is_told_that_the_run_has_failed_again(committed: Committed) -> None:
    run = failed_twice()
    run.campaign.owner = get_user_model().objects.create_user("ada", "ada@example.com")
    run.campaign.save()
    retry_run(run, activity="one")
    committed(lambda: work_off(run))
    assert ["two is broken" in str(each.body) for each in mail.outbox] == [True]


# --- restart ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["running", "paused", "failed", "stopped", "completed"])
def test_a_test_in_whatever_state_is_restarted_with_the_draft_as_it_is_now(state: str) -> None:
    run = start_test_run(two_branches(), real_waits=True)
    CampaignRun.objects.filter(pk=run.pk).update(state=state)
    fresh = restart_run(run)
    run.refresh_from_db()
    assert run.state == ("completed" if state == "completed" else "stopped")
    assert (fresh.state, fresh.real_waits, fresh.pk > run.pk) == ("running", True, True)
    assert restart_run(fresh, real_waits=False).real_waits is False


def test_where_the_draft_cannot_be_tested_the_test_goes_on() -> None:
    run = start_test_run(two_branches())
    broken = document_drawn("forked", [{"id": "one", "type": "unheard_of"}], [])
    save_draft(run.campaign, broken, if_match=run.campaign.draft_hash)
    with pytest.raises(ProblemsError):
        restart_run(run)
    run.refresh_from_db()
    assert (run.state, run.campaign.runs.count()) == ("running", 1)


def test_while_another_test_is_open_a_finished_one_is_not_restarted() -> None:
    run = start_test_run(two_branches())
    CampaignRun.objects.filter(pk=run.pk).update(state="completed")
    start_test_run(run.campaign)
    with pytest.raises(Refused) as refusal:
        restart_run(run)
    assert refusal.value.code == "run.test_open"


def test_a_live_run_is_not_restarted() -> None:
    run = make_run(make_campaign())
    with pytest.raises(Refused) as refusal:
        restart_run(run)
    assert (refusal.value.code, is_possible("restart", run)) == ("run.not_a_test", False)
