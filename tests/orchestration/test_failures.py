from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import connection

from campaigns.models import Campaign
from campaigns.publishing import publish_campaign
from orchestration.exceptions import ActivityFailed
from orchestration.execution import execute_activity
from orchestration.failures import fail_activity
from orchestration.models import ActivityRun, CampaignRun
from orchestration.occurrences import launch_due
from orchestration.runs import retry_run, start_test_run, stop_run
from tests.ledger import add_person, make_dimension
from tests.orchestration.conftest import Committed
from tests.orchestration.engine import draft, work_off

pytestmark = pytest.mark.django_db


def forked(**errors: Any) -> Campaign:
    """Two branches; `broken` reads a table that is gone by the time it works."""
    make_dimension("gone", "integer")
    add_person(make_dimension(), 1)
    activities = [
        {"id": "broken", "type": "build_audience", "config": {"dimension": "gone"}},
        {"id": "fine", "type": "build_audience", "config": {"dimension": "person"}},
        {"id": "end1", "type": "end"},
        {"id": "end2", "type": "end"},
    ]
    campaign = draft(
        "forked", activities, ["broken end1", "fine end2"], **({"errors": errors} if errors else {})
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE gone")
    return campaign


def states(run: CampaignRun) -> dict[str, str]:
    return dict(run.activity_runs.values_list("activity_id", "state"))


def test_by_default_a_failure_suspends_the_run_and_the_reason_is_kept() -> None:
    run = work_until_it_stops(start_test_run(forked()))
    assert run.state == "failed"
    assert "gone" in run.problem
    assert run.activity_runs.get(activity_id="broken").problem == run.problem
    assert run.log.filter(event="activity_failed", level="error").count() == 1


def work_until_it_stops(run: CampaignRun) -> CampaignRun:
    """Pending activities of a run that failed stay pending."""
    work_off_pending(run)
    run.refresh_from_db()
    return run


def work_off_pending(run: CampaignRun) -> None:
    for pk in run.activity_runs.filter(state="pending").order_by("activity_id").values_list("pk", flat=True):
        execute_activity(pk)


def test_nothing_else_starts_in_a_failed_run() -> None:
    run = work_until_it_stops(start_test_run(forked()))
    assert states(run) == {"broken": "failed", "fine": "pending"}


def test_a_mended_run_is_retried_to_its_end() -> None:
    run = work_until_it_stops(start_test_run(forked()))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE gone AS SELECT * FROM person")
    assert retry_run(run) == 1
    assert work_off(run).state == "completed"


def test_abort_stops_the_run() -> None:
    run = work_until_it_stops(start_test_run(forked(policy="abort")))
    assert (run.state, states(run)) == ("stopped", {"broken": "cancelled", "fine": "cancelled"})
    assert "gone" in run.problem
    assert run.log.filter(event="run_aborted").exists()


def test_an_ignored_failure_ends_its_branch_alone() -> None:
    run = work_off(start_test_run(forked(policy="ignore")))
    assert run.state == "completed"
    assert states(run) == {"broken": "failed", "end1": "dead", "fine": "succeeded", "end2": "succeeded"}


def test_one_failure_is_too_many_when_one_may_not_be_ignored() -> None:
    run = work_until_it_stops(start_test_run(forked(policy="ignore", consecutive=1)))
    assert run.state == "failed"


@pytest.mark.parametrize(("consecutive", "state"), [(0, "running"), (3, "running"), (2, "failed")])
def test_consecutive_failures_are_counted(consecutive: int, state: str) -> None:
    run = start_test_run(forked(policy="ignore", consecutive=consecutive))
    for activity_run in run.activity_runs.order_by("pk"):
        ActivityRun.objects.filter(pk=activity_run.pk).update(state="running", epoch=1)
        fail_activity(activity_run, 1, ActivityFailed("twice"))
    run.refresh_from_db()
    assert (run.errors, run.state) == (2, state)


def test_a_success_forgets_the_failures_before_it() -> None:
    run = work_off(start_test_run(forked(policy="ignore")))
    assert run.errors == 0


def test_who_was_replaced_fails_nothing() -> None:
    run = start_test_run(forked())
    activity_run = run.activity_runs.get(activity_id="fine")
    ActivityRun.objects.filter(pk=activity_run.pk).update(state="running", epoch=2)
    fail_activity(activity_run, 1, ActivityFailed("of an earlier worker"))
    run.refresh_from_db()
    assert (run.state, states(run)["fine"]) == ("running", "running")


def test_the_owner_is_mailed_what_happened_and_where_to_act(committed: Committed) -> None:
    campaign = forked()
    campaign.owner = get_user_model().objects.create_user("ada", "ada@example.com")
    campaign.name = "Two\nlines"
    campaign.save()
    committed(lambda: work_until_it_stops(start_test_run(campaign)))
    assert [m.to for m in mail.outbox] == [["ada@example.com"]]
    assert "\n" not in mail.outbox[0].subject
    assert "gone" in str(mail.outbox[0].body)
    assert "http://testserver/" in str(mail.outbox[0].body)


def test_nobody_is_mailed_of_a_campaign_without_owner(committed: Committed) -> None:
    committed(lambda: work_until_it_stops(start_test_run(forked())))
    assert mail.outbox == []


def test_a_failed_live_run_keeps_its_campaign_live_until_it_is_stopped(committed: Committed) -> None:
    campaign = forked()
    publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    launch_due(campaign.pk)
    run = work_until_it_stops(campaign.runs.get())
    campaign.refresh_from_db()
    assert (run.state, campaign.state) == ("failed", "live")
    committed(lambda: stop_run(run))
    campaign.refresh_from_db()
    assert campaign.state == "completed"
