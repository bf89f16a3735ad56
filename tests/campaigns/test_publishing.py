import json

import pytest
from django.contrib.auth import get_user_model

from campaigns.conflicts import DraftConflict
from campaigns.document import canonical, parse_document
from campaigns.drafts import load_draft, save_draft
from campaigns.models import AuditEntry, Campaign, CampaignVersion, PublishedActivityId
from campaigns.problems import ProblemsError
from campaigns.publishing import UnconfirmedWarnings, campaign_published, publish_campaign
from campaigns.signals import campaign_moving
from tests.campaigns.kinds import flow, kinds

__all__ = ["kinds"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds", "heard")]
DAILY = {"frequency": "daily", "at": "09:00"}


@pytest.fixture
def heard(monkeypatch):
    """Publications heard, by this test alone: what the engine does with them is tested there."""
    versions = []

    def hear(version, **_):
        versions.append(version)

    for signal in (campaign_published, campaign_moving):
        monkeypatch.setattr(signal, "receivers", [])
        signal.sender_receivers_cache.clear()
    campaign_published.connect(hear, weak=False)
    return versions


def saved(*steps, **changes):
    return save_draft(None, parse_document(flow(*steps, **changes)))


def publish(campaign, **changes):
    campaign.refresh_from_db()
    return publish_campaign(campaign, **{"by": None, "if_match": campaign.draft_hash} | changes)


def edit(campaign, *steps, **changes):
    return save_draft(campaign, parse_document(flow(*steps, **changes)), if_match=campaign.draft_hash)


def nothing_was_published(campaign):
    campaign.refresh_from_db()
    return (campaign.state, CampaignVersion.objects.count()) == ("draft", 0)


def test_errors_refuse_the_publication(heard):
    campaign = saved({"id": "x", "type": "unheard_of"})
    with pytest.raises(ProblemsError) as raised:
        publish(campaign)
    assert [problem.code for problem in raised.value.problems] == ["activity.unknown_type"]
    assert nothing_was_published(campaign)
    assert heard == []


def test_warnings_have_to_be_confirmed():
    campaign = saved(schedule={"frequency": "every", "interval": 5, "unit": "minutes"})
    with pytest.raises(UnconfirmedWarnings):
        publish(campaign)
    assert nothing_was_published(campaign)
    assert publish(campaign, confirm_warnings=True).number == 1


def test_errors_are_not_confirmed_away():
    with pytest.raises(ProblemsError):
        publish(saved({"id": "x", "type": "unheard_of"}), confirm_warnings=True)


def test_a_draft_that_changed_meanwhile_is_not_published():
    campaign = saved()
    with pytest.raises(DraftConflict):
        publish(campaign, if_match="0" * 64)
    assert nothing_was_published(campaign)


def test_a_receiver_that_fails_undoes_the_publication(heard):
    def fail(version, **_):
        raise RuntimeError("no")

    campaign = saved()
    campaign_published.connect(fail, weak=False)
    with pytest.raises(RuntimeError):
        publish(campaign)
    assert nothing_was_published(campaign)


@pytest.mark.parametrize("state", ["closed", "stopped", "archived"])
def test_what_is_over_is_not_published(state):
    campaign = saved()
    Campaign.objects.update(state=state)
    with pytest.raises(ProblemsError) as raised:
        publish(campaign)
    assert raised.value.problems[0].code == "campaign.not_publishable"


def test_the_version_is_the_draft_word_for_word(heard):
    campaign = saved({"id": "x", "type": "step"})
    version = publish(campaign)
    assert version.definition == canonical(load_draft(campaign))
    assert json.loads(version.definition)["activities"][2] == {"id": "x", "type": "step"}
    assert (version.number, version.hash, version.state) == (1, campaign.draft_hash, "published")
    assert heard == [version]
    assert heard[0].published_at.tzinfo is not None


def test_publication_is_audited():
    ann = get_user_model().objects.create(username="ann")
    version = publish(saved(), by=ann)
    entry = AuditEntry.objects.get(action="campaign.publish")
    assert (entry.actor, entry.object, entry.detail) == (
        ann,
        "campaign win-back",
        {"version": 1, "hash": version.hash},
    )


@pytest.mark.parametrize(
    ("schedule", "state"), [({}, "live"), (DAILY, "scheduled"), ({"frequency": "signal"}, "live")]
)
def test_a_campaign_waits_only_for_a_planned_launch(schedule, state):
    campaign = saved(schedule=schedule)
    publish(campaign)
    assert campaign.state == state


def test_a_later_version_supersedes_the_earlier():
    campaign = saved()
    first = publish(campaign)
    edit(campaign, {"id": "x", "type": "step"})
    second = publish(campaign)
    first.refresh_from_db()
    assert (first.state, second.state, second.number, campaign.state) == (
        "superseded",
        "published",
        2,
        "live",
    )


def test_the_same_draft_is_not_published_twice():
    campaign = saved()
    publish(campaign)
    with pytest.raises(ProblemsError) as raised:
        publish(campaign)
    assert raised.value.problems[0].code == "campaign.unchanged"


def test_a_completed_campaign_is_taken_up_again_as_it_was():
    campaign = saved()
    publish(campaign)
    Campaign.objects.update(state="completed")
    assert publish(campaign).number == 2
    assert campaign.state == "live"


def test_published_ids_are_taken_for_good():
    campaign = saved({"id": "x", "type": "step"})
    publish(campaign)
    edit(campaign)
    publish(campaign)
    assert dict(PublishedActivityId.objects.values_list("activity_id", "type"))["x"] == "step"
    with pytest.raises(ProblemsError) as raised:
        edit(campaign, {"id": "x", "type": "courier"})
    assert raised.value.problems[0].code == "activity.id_taken"
    edit(campaign, {"id": "x", "type": "step"})
