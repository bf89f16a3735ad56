import pytest

from campaigns.document import parse_document
from campaigns.drafts import save_draft
from campaigns.lifecycle import archive_campaign, back_to_draft, close_campaign, delete_draft, stop_campaign
from campaigns.models import AuditEntry, Campaign, CampaignVersion
from campaigns.problems import Problem, ProblemsError
from campaigns.publishing import campaign_published
from campaigns.signals import campaign_moving, draft_deleting
from campaigns.states import CAMPAIGN
from tests.campaigns.documents import named

pytestmark = pytest.mark.django_db
ACTS = {
    close_campaign: "closed",
    stop_campaign: "stopped",
    archive_campaign: "archived",
    back_to_draft: "draft",
}


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """What the engine does with these signals is tested there."""
    for signal in (campaign_published, campaign_moving, draft_deleting):
        monkeypatch.setattr(signal, "receivers", [])
        signal.sender_receivers_cache.clear()


def in_state(state):
    campaign = save_draft(None, named("one"))
    Campaign.objects.update(state=state)
    campaign.refresh_from_db()
    return campaign


@pytest.mark.parametrize("state", CAMPAIGN.states)
@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_possible_where_the_table_of_states_says_so(act, state):
    campaign = in_state(state)
    if state in CAMPAIGN.before(ACTS[act]):
        act(campaign)
        assert campaign.state == ACTS[act]
    else:
        with pytest.raises(ProblemsError, match="not possible"):
            act(campaign)
        assert Campaign.objects.get().state == state


def test_a_receiver_may_refuse():
    def refuse(state, **_):
        raise ProblemsError([Problem("run.completed", "", "It ran.", "Duplicate it.")])

    campaign_moving.connect(refuse, weak=False)
    campaign = in_state("live")
    with pytest.raises(ProblemsError, match="It ran"):
        back_to_draft(campaign)
    assert (
        Campaign.objects.get().state,
        AuditEntry.objects.filter(action="campaign.back_to_draft").count(),
    ) == (
        "live",
        0,
    )


def test_a_version_taken_back_is_withdrawn():
    campaign = in_state("scheduled")
    CampaignVersion.objects.create(campaign=campaign, number=1, definition="{}", hash="h")
    back_to_draft(campaign)
    assert campaign.versions.get().state == "superseded"


def test_every_act_is_audited():
    close_campaign(in_state("live"))
    entry = AuditEntry.objects.get(action="campaign.close")
    assert (entry.object, entry.detail) == ("campaign one", {"before": "live", "after": "closed"})


def test_only_drafts_are_deleted():
    with pytest.raises(ProblemsError, match="Only a draft"):
        delete_draft(in_state("completed"))


def test_a_draft_that_was_published_is_kept():
    campaign = in_state("draft")
    CampaignVersion.objects.create(campaign=campaign, number=1, definition="{}", hash="h")
    with pytest.raises(ProblemsError, match="kept"):
        delete_draft(campaign)
    assert Campaign.objects.exists()
    assert not AuditEntry.objects.filter(action="campaign.delete").exists()


def test_a_draft_is_deleted_with_its_parts():
    campaign = save_draft(None, parse_document({"tutti": 1, "campaign": {"slug": "one", "name": "One"}}))
    delete_draft(campaign)
    assert not Campaign.objects.exists()
    assert AuditEntry.objects.get(action="campaign.delete").object == "campaign one"
