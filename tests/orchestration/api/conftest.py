"""A campaign that was published and ran until its message waits for a confirmation, and people who call."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from campaigns.models import Campaign, Consent
from campaigns.publishing import publish_campaign
from orchestration.models import CampaignRun, Delivery
from orchestration.runs import start_live_run
from tests.campaigns.api.callers import make_caller, make_holder
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel, work_off

ACTING = ("view_campaign", "change_campaign", "publish_campaign", "confirm_send")


@pytest.fixture
def campaign(db: None) -> Campaign:
    dimension = make_dimension()
    for key in range(3):
        add_person(dimension, key)
    for key in range(2):
        Consent.objects.create(dimension=dimension, recipient_key=str(key), channel="email", state="opted_in")
    make_channel(provider="file", provider_config={"folder": "tests"})
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    return draft("mailing", [everybody, email()], ["all mail"])


@pytest.fixture
def run(campaign: Campaign) -> CampaignRun:
    version = publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    return work_off(start_live_run(version))


@pytest.fixture
def delivery(run: CampaignRun) -> Delivery:
    return Delivery.objects.get(activity_run__run=run)


@pytest.fixture
def viewer(db: None) -> APIClient:
    return make_caller(make_holder("viewer", "view_campaign"), "read")


@pytest.fixture
def publisher(db: None) -> APIClient:
    return make_caller(make_holder("publisher", *ACTING))


@pytest.fixture
def author(db: None) -> APIClient:
    return make_caller(make_holder("author", "view_campaign", "change_campaign"))
