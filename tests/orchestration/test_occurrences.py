from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from campaigns.drafts import load_draft, save_draft
from campaigns.lifecycle import close_campaign
from campaigns.models import Campaign, CampaignVersion
from campaigns.publishing import publish_campaign
from orchestration.models import CampaignRun, Occurrence
from orchestration.occurrences import database_now, launch_due, note_missed, tick
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import backdate, draft

pytestmark = pytest.mark.django_db

EVERY_MINUTE = {"frequency": "every", "interval": 1, "unit": "minutes"}
QUEUED = {**EVERY_MINUTE, "overlap": "queue_one"}
NEXT_CENTURY = {"frequency": "once", "at": "2101-01-01T09:00"}
HOUR = timedelta(hours=1)


def published(ago: timedelta, **schedule: Any) -> Campaign:
    """A campaign whose version was published `ago`."""
    if not Campaign.objects.exists():
        add_person(make_dimension(), 1)
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    activities = [everybody, {"id": "end", "type": "end"}]
    slug = f"c{Campaign.objects.count()}"
    campaign = draft(slug, activities, ["all end"], schedule=schedule or EVERY_MINUTE)
    publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    backdate(campaign, ago)
    return campaign


def states(campaign: Campaign) -> list[tuple[str, str]]:
    """The latest occurrences first."""
    return list(campaign.occurrences.order_by("-planned_at").values_list("state", "reason"))


def plan(campaign: Campaign, ago: timedelta, state: str = "due") -> Occurrence:
    return Occurrence.objects.create(
        campaign=campaign,
        planned_at=database_now() - ago,
        state=state,
        version=campaign.versions.get(state="published"),
    )


def end_runs() -> None:
    CampaignRun.objects.update(state="completed")


@pytest.mark.parametrize("state", ["draft", "closed", "stopped", "completed"])
def test_nothing_launches_unless_the_campaign_is_scheduled_or_live(state: str) -> None:
    campaign = published(HOUR)
    Campaign.objects.update(state=state)
    assert (launch_due(campaign.pk), tick()) == (0, 0)
    assert not Occurrence.objects.exists()


def test_nothing_launches_before_its_time() -> None:
    campaign = published(timedelta(0))
    assert launch_due(campaign.pk) == 0


def test_after_an_outage_only_the_newest_launches() -> None:
    campaign = published(timedelta(minutes=5))
    assert launch_due(campaign.pk) == 1
    assert states(campaign) == [("launched", ""), *[("skipped", "superseded")] * 4]


def test_a_launch_that_is_too_late_is_skipped_with_the_reason() -> None:
    campaign = published(8 * HOUR, **NEXT_CENTURY, max_lateness="PT1M")
    plan(campaign, 2 * HOUR)
    assert launch_due(campaign.pk) == 0
    assert ("skipped", "too_late") in states(campaign)


def test_a_launch_is_skipped_while_a_run_is_going() -> None:
    campaign = published(timedelta(minutes=2))
    launch_due(campaign.pk)
    plan(campaign, timedelta(0))
    assert launch_due(campaign.pk) == 0
    assert states(campaign)[0] == ("skipped", "run_active")


def test_one_launch_waits_and_keeps_its_place() -> None:
    campaign = published(timedelta(minutes=2), **QUEUED)
    launch_due(campaign.pk)
    first = plan(campaign, timedelta(seconds=2))
    launch_due(campaign.pk)
    plan(campaign, timedelta(seconds=1))
    assert launch_due(campaign.pk) == 0
    first.refresh_from_db()
    assert first.state == "queued"
    assert states(campaign)[0] == ("skipped", "already_queued")


def test_the_waiting_launch_goes_first_and_the_next_waits_in_turn() -> None:
    campaign = published(timedelta(minutes=2), **QUEUED)
    first = plan(campaign, timedelta(seconds=2), "queued")
    second = plan(campaign, timedelta(seconds=1))
    assert launch_due(campaign.pk) == 1
    assert launch_due(campaign.pk) == 0
    for occurrence, state in ((first, "launched"), (second, "queued")):
        occurrence.refresh_from_db()
        assert occurrence.state == state
    end_runs()
    assert launch_due(campaign.pk) == 1


def test_a_waiting_launch_is_lost_when_it_is_too_late() -> None:
    campaign = published(9 * HOUR, **NEXT_CENTURY, overlap="queue_one")
    waiting = plan(campaign, 7 * HOUR, "queued")
    launch_due(campaign.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("skipped", "too_late")


def test_the_same_launch_is_not_repeated_by_another_tick() -> None:
    campaign = published(timedelta(minutes=1))
    assert launch_due(campaign.pk) == 1
    end_runs()
    assert [launch_due(campaign.pk) for _tick in range(5)].count(0) >= 4
    assert campaign.runs.count() == Occurrence.objects.filter(state="launched").count()


def test_a_version_published_inside_the_lateness_window_launches_nothing_again() -> None:
    campaign = published(timedelta(minutes=3), frequency="daily", at=_minutes_ago(2))
    assert launch_due(campaign.pk) == 1
    end_runs()
    _publish_changed(campaign)
    assert launch_due(campaign.pk) == 0
    assert campaign.runs.count() == 1


def test_a_launch_nobody_had_looked_at_is_shown_as_skipped_by_the_next_version() -> None:
    campaign = published(timedelta(minutes=3), frequency="daily", at=_minutes_ago(2))
    _publish_changed(campaign)
    launch_due(campaign.pk)
    assert states(campaign) == [("skipped", "before_publication")]


def test_the_first_version_has_missed_nothing() -> None:
    campaign = published(timedelta(minutes=3))
    note_missed(CampaignVersion.objects.get())
    assert not campaign.occurrences.exists()


def _minutes_ago(minutes: int) -> str:
    return f"{database_now() - timedelta(minutes=minutes):%H:%M}"


def _publish_changed(campaign: Campaign) -> None:
    campaign.refresh_from_db()
    document = load_draft(campaign)
    header = document.campaign.model_copy(update={"description": "changed"})
    changed = document.model_copy(update={"campaign": header})
    saved = save_draft(campaign, changed, if_match=campaign.draft_hash)
    publish_campaign(saved, by=None, if_match=saved.draft_hash, confirm_warnings=True)


def test_a_campaign_that_fails_to_launch_does_not_hold_up_the_next(caplog: pytest.LogCaptureFixture) -> None:
    broken, fine = published(timedelta(minutes=1)), published(timedelta(minutes=1))
    damage(broken.versions.get())
    assert tick() == 1
    assert fine.runs.count() == 1
    assert "could not be launched" in caplog.text


def damage(version: CampaignVersion) -> None:
    """Published versions are immutable, so the name of the zone becomes wrong behind the trigger's back."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE campaigns_campaignversion SET definition = '{}' WHERE id = %s", [version.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_closing_loses_the_launch_that_waits() -> None:
    campaign = published(timedelta(minutes=2), **QUEUED)
    waiting = plan(campaign, timedelta(seconds=2), "queued")
    close_campaign(campaign)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason) == ("skipped", "withdrawn")


def test_a_closed_campaign_whose_run_ended_unnoticed_completes_at_the_next_tick() -> None:
    campaign = published(timedelta(minutes=1))
    launch_due(campaign.pk)
    close_campaign(campaign)
    tick()
    campaign.refresh_from_db()
    assert campaign.state == "closed"
    end_runs()
    tick()
    campaign.refresh_from_db()
    assert campaign.state == "completed"
