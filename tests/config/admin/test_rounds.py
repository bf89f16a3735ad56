from __future__ import annotations

import pytest
from django.test import Client

from campaigns.models import Campaign
from orchestration.admin import runs
from orchestration.models import CampaignRun
from orchestration.runs import start_test_run
from tests.config.admin.pages import document, look, send
from tests.orchestration.engine import draft, work_off
from tests.orchestration.going_round import ALL, END, hold, make_people, simple

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(db: None) -> Campaign:
    make_people(5)
    return simple(2)


def page_of(viewer: Client, run: CampaignRun) -> str:
    return look(viewer, run.campaign, "run", run_id=run.pk)


def test_a_run_that_did_not_go_round_says_nothing_of_rounds(viewer: Client, campaign: Campaign) -> None:
    page = page_of(viewer, start_test_run(campaign))
    assert "At first" not in page
    assert "all rounds together" not in page
    assert 'data-state-of="hold"' in page.split("<table")[1]


def test_each_round_stands_alone_and_the_drawing_is_their_sum(viewer: Client, campaign: Campaign) -> None:
    run = work_off(start_test_run(campaign))
    page = page_of(viewer, run)
    rounds = page.split('scope="rowgroup"')
    assert [part[1:].split("<")[0] for part in rounds[1:]] == [
        "At first",
        "Round 1: from “Jump” back to “Control group”",
        "Round 2: from “Jump” in round 1 back to “Control group”",
    ]
    assert [f"<strong>{people}</strong>" in part for part, people in zip(rounds[1:], "432", strict=True)] == [
        True
    ] * 3
    assert 'data-state-of="hold"' not in "".join(rounds[1:])
    assert "The drawing counts all rounds together" in page
    state = viewer.get(f"/admin/campaigns/campaign/{campaign.pk}/runs/{run.pk}/state/").json()
    assert state["ports"]["hold.main"] == "9"


def test_of_many_rounds_the_last_are_shown(
    viewer: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "SHOWN_ROUNDS", 1)
    page = page_of(viewer, work_off(start_test_run(campaign)))
    assert "2 earlier rounds are left out." in page
    assert page.count('scope="rowgroup"') == 1


def test_the_drawing_has_a_dashed_way_back_that_nothing_is_inserted_into(
    author: Client, campaign: Campaign
) -> None:
    page = look(author, campaign, "flow")
    back = page.split('class="g-arrow back"')[1].split("</g>")[0]
    assert 'data-count-of="again.back"' in back
    assert "g-insert" not in back
    assert page.count('class="g-arrow back"') == 1


def test_the_form_offers_what_people_can_go_back_to(author: Client) -> None:
    make_people(1)
    activities = [ALL, hold(), hold("more"), {"id": "again", "type": "jump"}, END]
    campaign = draft("forms", activities, ["all hold", "hold.main more", "more.main again", "again.main end"])
    page = look(author, campaign, "activity", activity_id="again")
    offered = page.split('name="config/to"')[1].split("</select>")[0]
    assert [name for name in ("all", "hold", "more", "again", "end") if f'value="{name}"' in offered] == [
        "hold",
        "more",
    ]
    sent = {"config/to": "more", "config/most": "4"}
    send(author, campaign, "activity", activity_id="again", data=sent)
    assert document(campaign).activity("again").config == {"to": "more", "most": 4}
