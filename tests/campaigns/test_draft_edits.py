from __future__ import annotations

from functools import partial

import pytest

from campaigns.document import Document
from campaigns.document_edits import removed, with_activity, with_section
from campaigns.draft_edits import Collision, draft_with, edit_draft, merged
from campaigns.drafts import load_draft, save_draft
from campaigns.models import Campaign
from tests.campaigns.documents import named

pytestmark = pytest.mark.django_db

daily = partial(with_section, section="schedule", value={"frequency": "daily", "at": "09:00"})
weekly = partial(with_section, section="schedule", value={"frequency": "cron", "expression": "0 9 * * 1"})
relabelled = partial(with_activity, activity_id="lapsed", label="Lapsed", config={})


@pytest.fixture
def campaign() -> Campaign:
    return save_draft(None, named("win-back"))


def collide(campaign: Campaign, theirs: object, yours: object) -> Collision:
    before = campaign.draft_hash
    assert edit_draft(campaign, theirs, if_match=before, by=None) is None  # type: ignore[arg-type]
    collision = edit_draft(campaign, yours, if_match=before, by=None)  # type: ignore[arg-type]
    assert collision
    return collision


def resolved(campaign: Campaign, collision: Collision, *wins: str) -> Document:
    return merged(load_draft(campaign), collision.conflict.parts, frozenset(wins))


def test_a_change_from_an_old_page_writes_nothing(campaign: Campaign) -> None:
    collision = collide(campaign, daily, relabelled)
    assert load_draft(campaign).activity("lapsed").label == ""
    assert collision.yours.activity("lapsed").label == "Lapsed"


def test_a_change_nobody_disturbs_is_saved(campaign: Campaign) -> None:
    assert edit_draft(campaign, relabelled, if_match=campaign.draft_hash, by=None) is None
    assert load_draft(campaign).activity("lapsed").label == "Lapsed"


def test_changes_of_different_parts_go_together(campaign: Campaign) -> None:
    collision = collide(campaign, daily, relabelled)
    assert collision.conflict.mergeable
    both = resolved(campaign, collision)
    assert (both.schedule["frequency"], both.activity("lapsed").label) == ("daily", "Lapsed")


def test_of_one_part_theirs_stands_unless_yours_is_chosen(campaign: Campaign) -> None:
    collision = collide(campaign, daily, weekly)
    assert not collision.conflict.mergeable
    assert resolved(campaign, collision).schedule["frequency"] == "daily"
    assert resolved(campaign, collision, "schedule").schedule["frequency"] == "cron"


def test_a_removal_is_merged_too(campaign: Campaign) -> None:
    collision = collide(campaign, daily, partial(removed, activity_id="done", reconnect=False))
    assert [part.id for part in resolved(campaign, collision).activities] == ["lapsed"]


def test_notes_of_both_lie_in_what_is_merged(campaign: Campaign) -> None:
    theirs = partial(with_section, section="notes", value={"theirs": {"text": "Ask legal", "at": [0, 0]}})
    yours = partial(with_section, section="notes", value={"yours": {"text": "Done", "at": [5, 5]}})
    assert set(resolved(campaign, collide(campaign, theirs, yours)).notes) == {"theirs", "yours"}


def test_a_draft_nobody_remembers_is_the_present_one(campaign: Campaign) -> None:
    assert draft_with(campaign, "f" * 64) == load_draft(campaign)
