from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns.admin.page import campaign_url
from campaigns.models import AuditEntry
from tests.config.admin.pages import arrows, document, look, mailing, send
from tests.ledger import make_dimension
from tests.orchestration.engine import draft

pytestmark = pytest.mark.django_db

ADD_STEP = "?type=deduplication&after=all&port=main&before=over"


def test_a_type_nobody_knows_leads_back_to_the_palette(author: Client) -> None:
    answer = author.get(campaign_url(mailing(), "activity_add") + "?type=wand", follow=True)
    assert "Add an activity" in answer.content.decode()


def test_a_circle_is_refused_and_nothing_is_saved(author: Client) -> None:
    steps = [{"id": i, "type": "fork", "config": {}} for i in ("a", "b")]
    campaign = draft("ring", steps, ["a.branch-1 b"])
    sent = {"source": "b", "port": "branch-1", "target": "a"}
    assert "in a circle" in send(author, campaign, "connect", data=sent).content.decode()
    assert arrows(campaign) == {"a.branch-1>b"}


@pytest.mark.parametrize("sent", [{}, {"source": "../x", "port": "", "target": "%"}, {"source": "all"}])
def test_a_nonsensical_transition_is_refused(author: Client, sent: dict[str, str]) -> None:
    campaign = mailing()
    assert send(author, campaign, "connect", data=sent).status_code == 200
    assert arrows(campaign) == {"all.main>over"}


def test_an_activity_of_a_type_that_is_gone_can_be_removed(author: Client) -> None:
    campaign = draft("old", [{"id": "odd", "type": "wand"}], [])
    assert "No installed activity type is called “wand”" in look(
        author, campaign, "activity", activity_id="odd"
    )
    send(author, campaign, "remove", activity_id="odd")
    assert document(campaign).activities == ()


def test_who_may_only_look_is_offered_no_change(viewer: Client) -> None:
    campaign = mailing()
    page = look(viewer, campaign, "flow")
    assert campaign_url(campaign, "activity", activity_id="all") in page
    for route in ("palette", "connect", "disconnect"):
        assert campaign_url(campaign, route) not in page


def test_a_closed_campaign_is_offered_no_change(author: Client) -> None:
    campaign = mailing()
    type(campaign).objects.filter(pk=campaign.pk).update(state="closed")
    page = look(author, campaign, "flow")
    assert campaign_url(campaign, "palette") not in page
    assert "cannot be changed" in page


def test_an_empty_draft_says_how_to_begin(author: Client) -> None:
    assert "Who should hear from you?" in look(author, draft("blank", [], []), "flow")


def test_the_palette_of_an_empty_draft_has_only_starts(author: Client) -> None:
    page = look(author, draft("blank", [], []), "palette")
    assert "Build audience" in page
    assert "Deduplication" not in page


def test_an_activity_is_put_into_an_arrow_under_its_label(author: Client) -> None:
    campaign = mailing()
    make_dimension()
    data = {"label": "One each", "config/keys/0?": "on", "config/keys/0": "email", "config/keep": "1"}
    send(author, campaign, "activity_add", query=ADD_STEP, data=data)
    assert arrows(campaign) == {"all.main>one-each", "one-each.main>over"}
    assert document(campaign).activity("one-each").config["keys"] == ["email"]


def test_unfinished_settings_are_saved_and_named_at_their_field(author: Client) -> None:
    campaign = mailing()
    page = send(author, campaign, "activity_add", query=ADD_STEP, data={"label": "Later"}).content.decode()
    assert document(campaign).activity("later").type == "deduplication"
    assert "“keys” is missing. Add it." in page


def test_a_rule_that_cannot_be_read_is_shown_again_and_nothing_is_saved(author: Client) -> None:
    campaign = mailing()
    before = campaign.draft_hash
    data = {"config/dimension": "person", "config/rule": "kind: all\nof: [}"}
    answer = send(author, campaign, "activity", activity_id="all", data=data)
    assert answer.status_code == 422
    assert "of: [}" in answer.content.decode()
    campaign.refresh_from_db()
    assert campaign.draft_hash == before


def test_removing_connects_what_is_left(author: Client) -> None:
    campaign = mailing()
    send(author, campaign, "activity_add", query=ADD_STEP, data={"label": "Mid"})
    send(author, campaign, "remove", activity_id="mid", data={"reconnect": "on"})
    assert arrows(campaign) == {"all.main>over"}


def test_what_somebody_did_here_is_in_the_audit_log(author: Client) -> None:
    campaign = mailing()
    send(author, campaign, "remove", activity_id="over")
    entry = AuditEntry.objects.filter(object="campaign mailing").first()
    assert entry
    assert (entry.action, entry.door, entry.actor_name) == ("campaign.save", "admin", "author")


def test_the_page_costs_few_queries(
    author: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    steps = [{"id": f"s{n}", "type": "end"} for n in range(40)]
    campaign = draft(
        "wide", [{"id": "all", "type": "fork"}, *steps], [f"all.branch-1 s{n}" for n in range(40)]
    )
    with django_assert_max_num_queries(20):
        look(author, campaign, "flow")
