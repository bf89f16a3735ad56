"""What waits is told to whoever may do something about it, and to nobody else."""

from __future__ import annotations

import pytest

from campaigns.models import Campaign
from campaigns.publishing import publish_campaign
from campaigns.tags import with_tag
from orchestration.models import CampaignRun, Message
from orchestration.waiting import KINDS, campaigns_that_wait, waiting_for
from tests.config.admin.offices import Office, furnish, person
from tests.config.admin.pages import mailing

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Office:
    """With one thing of each kind that waits."""
    made = furnish(person("Author"))
    CampaignRun.objects.filter(pk=made.run.pk).update(state="paused")
    CampaignRun.objects.create(campaign=made.draft, kind="test", definition="{}", state="failed")
    message = Message.objects.filter(delivery=made.delivery).first()
    assert message
    Message.objects.filter(pk=message.pk).update(state="unknown", exclusion_reason="")
    with_tag(made.live, "changed")
    return made


def test_nobody_waits_where_nothing_is() -> None:
    mailing()
    assert waiting_for(person("Administrator")) == {}


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("nobody", set()),
        ("Viewer", set()),
        ("Author", {"failed"}),
        ("Approver", {"confirmation", "unknown"}),
        ("Publisher", set(KINDS)),
    ],
)
def test_each_is_told_what_they_may_act_on(office: Office, role: str, kinds: set[str]) -> None:
    user = office.things["user"] if role == "Author" else person(role)
    assert set(waiting_for(user)) == kinds


def test_things_are_counted_and_one_alone_is_named(office: Office) -> None:
    found = waiting_for(person("Publisher"))
    assert {kind: (each.things, each.campaigns) for kind, each in found.items()} == dict.fromkeys(
        KINDS, (1, 1)
    )
    assert found["confirmation"].only == office.delivery
    assert found["changes"].only == office.live


@pytest.mark.parametrize(("kind", "slug"), [("failed", "drafted"), ("paused", "live"), ("unknown", "live")])
def test_campaigns_are_found_by_what_they_need(office: Office, kind: str, slug: str) -> None:
    assert [each.slug for each in Campaign.objects.filter(campaigns_that_wait(kind))] == [slug]


def test_a_draft_as_it_was_published_waits_for_nothing(office: Office) -> None:
    campaign = office.live
    campaign.refresh_from_db()
    publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    assert "changes" not in waiting_for(person("Publisher"))
