from __future__ import annotations

from functools import partial

import pytest

from campaigns.lifecycle import back_to_draft, close_campaign, delete_draft, stop_campaign
from campaigns.models import Campaign
from campaigns.problems import ProblemsError
from campaigns.publishing import publish_campaign
from orchestration.models import CampaignRun
from orchestration.runs import pause_run, start_live_run
from tests.ledger import add_person, make_dimension
from tests.orchestration.conftest import Committed
from tests.orchestration.engine import draft, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(committed: Committed) -> Campaign:
    """Published, and its run has begun."""
    add_person(make_dimension(), 1)
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    made = draft("first", [everybody, {"id": "end", "type": "end"}], ["all end"])
    committed(partial(publish_campaign, made, by=None, if_match=made.draft_hash))
    made.refresh_from_db()
    return made


def run_of(campaign: Campaign) -> CampaignRun:
    return campaign.runs.get()


def test_publication_launches_at_once(campaign: Campaign) -> None:
    assert (campaign.state, run_of(campaign).state) == ("live", "running")


def test_a_campaign_that_was_executed_is_not_taken_back(campaign: Campaign, committed: Committed) -> None:
    committed(partial(work_off, run_of(campaign)))
    Campaign.objects.update(state="live")
    with pytest.raises(ProblemsError) as raised:
        back_to_draft(campaign)
    assert raised.value.problems[0].code == "campaign.executed"
    assert campaign.versions.filter(state="published").exists()


def test_a_recurring_campaign_that_has_begun_is_not_taken_back(committed: Committed) -> None:
    add_person(make_dimension(), 1)
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    daily = {"frequency": "daily", "at": "09:00"}
    campaign = draft("daily", [everybody, {"id": "end", "type": "end"}], ["all end"], schedule=daily)
    version = committed(partial(publish_campaign, campaign, by=None, if_match=campaign.draft_hash))
    committed(partial(start_live_run, version))
    with pytest.raises(ProblemsError, match="has been executed"):
        back_to_draft(campaign)


def test_taking_back_ends_what_runs(campaign: Campaign, committed: Committed) -> None:
    committed(partial(back_to_draft, campaign))
    assert (campaign.state, run_of(campaign).state) == ("draft", "stopped")
    with pytest.raises(ProblemsError, match="kept"):
        delete_draft(campaign)


def test_stopping_a_campaign_ends_what_runs(campaign: Campaign, committed: Committed) -> None:
    pause_run(run_of(campaign))
    committed(partial(stop_campaign, campaign))
    assert (campaign.state, run_of(campaign).state) == ("stopped", "stopped")


def test_a_closed_campaign_completes_when_nothing_of_it_runs(
    campaign: Campaign, committed: Committed
) -> None:
    committed(partial(close_campaign, campaign))
    assert (Campaign.objects.get().state, run_of(campaign).state) == ("closed", "running")
    committed(partial(work_off, run_of(campaign)))
    assert Campaign.objects.get().state == "completed"
