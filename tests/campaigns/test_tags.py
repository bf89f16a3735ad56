from __future__ import annotations

import pytest

from campaigns.drafts import load_draft
from campaigns.models import Campaign
from campaigns.problems import ProblemsError
from campaigns.tags import with_tag, without_tag
from tests.config.admin.pages import mailing

pytestmark = pytest.mark.django_db


def test_a_campaign_that_cannot_be_changed_keeps_its_tags() -> None:
    campaign = mailing()
    Campaign.objects.update(state="archived")
    with pytest.raises(ProblemsError):
        with_tag(campaign, "pets")
    assert load_draft(campaign).campaign.tags == ()


def test_a_tag_is_part_of_the_draft() -> None:
    campaign = mailing()
    before = campaign.draft_hash
    assert with_tag(campaign, "pets")
    assert not with_tag(campaign, "pets")
    campaign.refresh_from_db()
    assert load_draft(campaign).campaign.tags == tuple(campaign.tags) == ("pets",)
    assert campaign.draft_hash != before
    assert without_tag(campaign, "pets")
    assert not without_tag(campaign, "pets")
    campaign.refresh_from_db()
    assert campaign.draft_hash == before
