from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from tests.config.admin.pages import document, mailing, send

pytestmark = pytest.mark.django_db

DAILY = {"schedule/frequency": "daily", "schedule/at": "09:00"}
CRON = {"schedule/frequency": "cron", "schedule/expression": "0 9 * * 1"}
LABEL = {"label": "Everybody", "config/dimension": "person"}


def hidden(page: str) -> dict[str, str]:
    """What the page of a conflict sends back."""
    fields = dict(re.findall(r'name="(seen|if_match)" value="([^"]*)"', page))
    yours = re.search(r'<textarea name="yours" hidden>(.*?)</textarea>', page, re.DOTALL)
    assert yours
    return {**fields, "yours": html.unescape(yours[1])}


def test_a_page_opened_before_somebody_elses_change_loses_nothing(author: Client) -> None:
    campaign = mailing()
    opened = campaign.draft_hash
    send(author, campaign, "schedule", data=DAILY)
    answer = send(author, campaign, "activity", activity_id="all", at=opened, data=LABEL)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this draft" in page
    assert document(campaign).activity("all").label == ""
    send(author, campaign, "resolve", data=hidden(page))
    both = document(campaign)
    assert (both.schedule["frequency"], both.activity("all").label) == ("daily", "Everybody")


@pytest.mark.parametrize(("keep", "stands"), [({}, "daily"), ({"yours_wins": "schedule"}, "cron")])
def test_of_one_part_somebody_chooses(author: Client, keep: dict[str, str], stands: str) -> None:
    campaign = mailing()
    opened = campaign.draft_hash
    send(author, campaign, "schedule", data=DAILY)
    page = send(author, campaign, "schedule", at=opened, data=CRON).content.decode()
    send(author, campaign, "resolve", data={**hidden(page), **keep})
    assert document(campaign).schedule["frequency"] == stands


def test_a_third_change_meanwhile_is_a_conflict_again(author: Client) -> None:
    campaign = mailing()
    opened = campaign.draft_hash
    send(author, campaign, "schedule", data=DAILY)
    page = send(author, campaign, "schedule", at=opened, data=CRON).content.decode()
    send(author, campaign, "activity", activity_id="all", data=LABEL)
    again = send(author, campaign, "resolve", data={**hidden(page), "yours_wins": "schedule"})
    assert again.status_code == 409
    send(author, campaign, "resolve", data={**hidden(again.content.decode()), "yours_wins": "schedule"})
    both = document(campaign)
    assert (both.schedule["frequency"], both.activity("all").label) == ("cron", "Everybody")


def test_a_change_that_cannot_be_read_changes_nothing(author: Client) -> None:
    campaign = mailing()
    before = document(campaign)
    send(author, campaign, "resolve", data={"yours": "{", "seen": "x"})
    assert document(campaign) == before
