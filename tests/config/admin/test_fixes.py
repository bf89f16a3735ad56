from __future__ import annotations

import re

import pytest
from django.test import Client

from campaigns.admin.page import campaign_url
from campaigns.models import Campaign
from tests.config.admin.pages import document, look, send
from tests.ledger import make_dimension
from tests.orchestration.engine import draft

pytestmark = pytest.mark.django_db

CODE, PATH = "settings.unknown_key", "/activities/0/config/nonsense"
REMOVE = {"code": CODE, "path": PATH, "label": "Remove “nonsense”"}


def odd() -> Campaign:
    make_dimension()
    people = {"id": "all", "type": "build_audience", "config": {"dimension": "person", "nonsense": 1}}
    return draft("odd", [people, {"id": "over", "type": "end"}], ["all over"])


def test_a_fix_that_nothing_asks_for_is_refused(author: Client) -> None:
    campaign = odd()
    answer = send(author, campaign, "fix", data={**REMOVE, "label": "Remove everything"})
    assert "not there any more" in answer.content.decode()
    assert "nonsense" in document(campaign).activity("all").config


def test_a_fix_of_a_draft_that_somebody_changed_meets_the_change(author: Client) -> None:
    campaign = odd()
    opened = campaign.draft_hash
    label = {"label": "All", "config/dimension": "person"}
    send(author, campaign, "activity", activity_id="all", data=label)
    assert send(author, campaign, "fix", at=opened, data=REMOVE).status_code == 409


def test_who_may_only_look_is_offered_no_fix_and_makes_none(viewer: Client) -> None:
    campaign = odd()
    assert campaign_url(campaign, "fix") not in look(viewer, campaign, "checks")
    assert send(viewer, campaign, "fix", data=REMOVE).status_code == 403
    assert "nonsense" in document(campaign).activity("all").config


def test_one_click_mends_the_draft(author: Client) -> None:
    campaign = odd()
    page = look(author, campaign, "checks")
    assert re.search(r'<button[^>]*name="label" value="Remove “nonsense”"', page)
    answer = send(author, campaign, "fix", data=REMOVE)
    assert "Done: Remove “nonsense”" in answer.content.decode()
    assert document(campaign).activity("all").config == {"dimension": "person"}
    assert CODE not in look(author, campaign, "checks")
