"""The home of campaigns: cards, folders, bulk acts, calendar and gallery, each with what it refuses first."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from campaigns.campaign_templates.gallery import shipped_templates
from campaigns.drafts import load_draft
from campaigns.folders import create_folder, put_into_folder
from campaigns.models import Campaign, CampaignFolder, CampaignTemplate
from tests.config.admin.offices import furnish, person, with_dates
from tests.config.admin.pages import look, mailing, send
from tests.ledger import make_dimension
from tests.orchestration.engine import make_channel

pytestmark = pytest.mark.django_db

LIST = "/admin/campaigns/campaign/"
FOLDERS = f"{LIST}folders/"
CALENDAR = f"{LIST}calendar/"
TEMPLATES = f"{LIST}templates/"


def text(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def bulk(client: Client, act: str, *campaigns: Campaign, **sent: Any) -> str:
    data = {"action": act, "_selected_action": [each.pk for each in campaigns], **sent}
    answer = client.post(LIST, data, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


# --- cards


def test_nothing_is_shown_to_whoever_may_do_nothing_about_it(viewer: Client) -> None:
    furnish(person("Author"))
    assert "tt-wait" not in text(viewer, LIST)
    assert "tt-wait" not in text(viewer, "/admin/")


def test_what_waits_is_counted_and_led_to(publisher: Client) -> None:
    office = furnish(person("Author"))
    for page in (text(publisher, LIST), text(publisher, "/admin/")):
        assert "send waits for a confirmation" in page
        assert f"/deliveries/{office.delivery.pk}/" in page
    assert "<strong>Live</strong>" in text(publisher, f"{LIST}?needs=confirmation")
    assert "<strong>Drafted</strong>" not in text(publisher, f"{LIST}?needs=confirmation")


# --- empty states


def test_where_nothing_is_yet_the_list_teaches(author: Client, viewer: Client) -> None:
    page = text(author, LIST)
    assert "No campaign yet" in page
    assert TEMPLATES in page
    assert "Ask an administrator" in text(viewer, LIST)


def test_where_nothing_is_found_the_list_says_how_to_find(author: Client) -> None:
    mailing()
    assert "No campaign is like this" in text(author, f"{LIST}?q=unheard")
    folder = create_folder("Pets")
    assert "No campaign in this folder" in text(author, f"{LIST}?folder={folder.pk}")


# --- folders


@pytest.mark.parametrize(
    "query", ["?folder=0", "?folder=x", "?folder=99999999999999999999", "?needs=x", "?channel=x"]
)
def test_a_filter_that_means_nothing_breaks_nothing(author: Client, query: str) -> None:
    mailing()
    assert author.get(LIST + query, follow=True).status_code == 200


def test_a_folder_that_is_not_empty_is_not_deleted(author: Client) -> None:
    folder = create_folder("Pets")
    put_into_folder([mailing()], folder.pk)
    page = author.post(f"{FOLDERS}{folder.pk}/", {"act": "delete"}, follow=True).content.decode()
    assert "is not empty: 1 campaign and 0 folders" in page
    assert CampaignFolder.objects.count() == 1


def test_folders_are_made_renamed_moved_and_deleted(author: Client) -> None:
    author.post(FOLDERS, {"name": "Retention"})
    top = CampaignFolder.objects.get()
    author.post(FOLDERS, {"name": "Pets", "parent": top.pk})
    inner = CampaignFolder.objects.get(name="Pets")
    page = author.post(FOLDERS, {"name": "pets", "parent": top.pk}, follow=True).content.decode()
    assert "in the same place already" in page
    author.post(f"{FOLDERS}{inner.pk}/", {"act": "save", "name": "Cats", "parent": ""})
    inner.refresh_from_db()
    assert (inner.name, inner.parent_id) == ("Cats", None)
    author.post(f"{FOLDERS}{inner.pk}/", {"act": "delete"})
    assert CampaignFolder.objects.count() == 1
    assert "Retention" in text(author, FOLDERS)


def test_a_folder_stands_for_all_below_it(viewer: Client) -> None:
    top = create_folder("Retention")
    put_into_folder([mailing("deep")], create_folder("Pets", parent=top.pk).pk)
    mailing("loose")
    page = text(viewer, f"{LIST}?folder={top.pk}")
    assert "<strong>Deep</strong>" in page
    assert "<strong>Loose</strong>" not in page
    assert "Retention / Pets" in page
    assert "<strong>Loose</strong>" in text(viewer, f"{LIST}?folder=none")


# --- bulk acts


@pytest.mark.parametrize("act", ["move_to_folder", "add_tag", "remove_tag", "archive"])
def test_whoever_only_looks_does_nothing_in_bulk(viewer: Client, act: str) -> None:
    campaign = mailing()
    Campaign.objects.update(state="stopped")
    bulk(viewer, act, campaign, confirmed="1", tag="pets")
    campaign.refresh_from_db()
    assert (campaign.state, campaign.tags, campaign.folder_id) == ("stopped", [], None)


def test_nothing_is_done_before_it_is_confirmed(author: Client) -> None:
    campaign = mailing()
    Campaign.objects.update(state="stopped")
    assert "1 campaign:" in bulk(author, "archive", campaign)
    campaign.refresh_from_db()
    assert campaign.state == "stopped"


def test_campaigns_are_moved_into_a_folder(author: Client) -> None:
    campaigns = [mailing("one"), mailing("two")]
    folder = create_folder("Pets")
    assert "Pets" in bulk(author, "move_to_folder", *campaigns)
    assert "2 campaigns moved." in bulk(author, "move_to_folder", *campaigns, confirmed="1", folder=folder.pk)
    assert set(Campaign.objects.values_list("folder", flat=True)) == {folder.pk}
    assert "This folder is not there." in bulk(
        author, "move_to_folder", *campaigns, confirmed="1", folder="999999"
    )


def test_a_tag_is_put_on_those_that_may_be_changed(author: Client) -> None:
    one, closed = mailing("one"), mailing("two")
    Campaign.objects.filter(pk=closed.pk).update(state="closed")
    assert "at most 40 characters" in bulk(author, "add_tag", one, confirmed="1", tag=" ")
    page = bulk(author, "add_tag", one, closed, confirmed="1", tag="pets")
    assert "1 campaign changed." in page
    assert "Two: The campaign is closed" in page
    assert load_draft(one).campaign.tags == ("pets",)
    bulk(author, "remove_tag", one, confirmed="1", tag="pets")
    assert load_draft(one).campaign.tags == ()


def test_only_what_is_over_is_archived(author: Client) -> None:
    over, drafted = mailing("over"), mailing("drafted")
    Campaign.objects.filter(pk=over.pk).update(state="completed")
    assert "This one stays as it is" in bulk(author, "archive", over, drafted)
    assert "1 campaign changed." in bulk(author, "archive", over, drafted, confirmed="1")
    assert set(Campaign.objects.values_list("slug", "state")) == {("over", "archived"), ("drafted", "draft")}


# --- calendar


@pytest.mark.parametrize(
    "query",
    [
        "?on=never",
        "?on=9999-12-31",
        "?on=0001-01-01",
        "?view=year",
        "?folder=x",
        "?channel=x&tag=<b>",
        "?on=1971-01-01",
    ],
)
def test_whatever_the_address_asks_the_calendar_answers(viewer: Client, query: str) -> None:
    page = text(viewer, CALENDAR + query)
    assert "cal-days" in page
    assert "<b>" not in page.replace("<b>9", "").split("cal-filters")[1].split("</form>")[0]


def test_a_zone_that_is_none_is_told(viewer: Client) -> None:
    page = text(viewer, f"{CALENDAR}?zone=Europe/Berlim")
    assert "There is no time zone “Europe/Berlim”." in page
    assert "Europe/Berlin" in page


def test_the_calendar_says_what_stands_in_it_once_something_does(viewer: Client) -> None:
    assert "Give a campaign a schedule and publish it" in text(viewer, CALENDAR)
    assert "Nothing here with these filters" in text(viewer, f"{CALENDAR}?tag=x")


def test_a_run_stands_in_the_calendar_and_leads_to_its_page(viewer: Client) -> None:
    office = furnish(person("Author"))
    for view in ("month", "week", "agenda"):
        assert f"/runs/{office.run.pk}/" in text(viewer, f"{CALENDAR}?view={view}")
    assert f"/runs/{office.run.pk}/" not in text(viewer, f"{CALENDAR}?tag=x")


def test_days_are_written_as_the_language_writes_them(viewer: Client) -> None:
    furnish(person("Author"))
    page = viewer.get(f"{CALENDAR}?view=agenda", headers={"Accept-Language": "ko"}).content.decode()
    assert re.search(r"\d{4}년 \d{1,2}월 \d{1,2}일 [월화수목금토일]요일", page)


# --- templates


def test_whoever_only_looks_makes_nothing_of_a_template(viewer: Client) -> None:
    assert "You may look at campaigns, but not make any" in text(viewer, f"{TEMPLATES}welcome/")
    assert viewer.post(f"{TEMPLATES}welcome/", {"name": "x"}).status_code == 403


def test_what_a_template_lacks_is_said_with_where_to_get_it(author: Client) -> None:
    page = text(author, f"{TEMPLATES}welcome/")
    assert page.count("there is nothing to choose from yet") == 2
    answer = author.post(f"{TEMPLATES}welcome/", {"name": "Hello"})
    assert answer.status_code == 422
    assert "Set up a channel that sends e-mail." in answer.content.decode()
    assert author.get(f"{TEMPLATES}nothing/").status_code == 404


def test_a_template_s_questions_are_answered_and_lead_to_the_canvas(author: Client) -> None:
    with_dates(make_dimension())
    make_channel()
    folder = create_folder("Pets")
    sent = {"name": "Hello", "joined": "person:joined_on", "channel": "marketing-mail", "folder": folder.pk}
    answer = author.post(f"{TEMPLATES}welcome/", sent)
    made = Campaign.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}{made.pk}/canvas/")
    assert (made.slug, made.folder_id) == ("hello", folder.pk)
    assert "hello" in [part.id for part in load_draft(made).activities]


def test_every_template_is_in_the_gallery_with_its_drawing(author: Client) -> None:
    for path in (TEMPLATES, f"{LIST}add/"):
        page = text(author, path)
        assert page.count("<svg x=") >= 3 * len(shipped_templates())
        assert "None yet." in page


def test_a_campaign_is_saved_as_a_template_and_the_template_deleted(
    author: Client, sign_in: Callable[[str], Client]
) -> None:
    campaign = mailing()
    refused = send(author, campaign, "save_template", data={"name": "", "slug": "mine"})
    assert refused.status_code == 422
    send(author, campaign, "save_template", data={"name": "Mine", "slug": "", "description": "<b>Bold</b>"})
    assert CampaignTemplate.objects.get().slug == "mine"
    page = text(author, TEMPLATES)
    assert "&lt;b&gt;Bold" in page
    viewer = sign_in("Viewer")
    assert viewer.post(f"{TEMPLATES}mine/delete/").status_code == 403
    author.post(f"{TEMPLATES}mine/delete/")
    assert not CampaignTemplate.objects.exists()


def test_a_template_that_no_longer_reads_spoils_no_gallery(author: Client) -> None:
    CampaignTemplate.objects.create(slug="old", name="Old", document={"tutti": 7})
    assert "Old" in text(author, TEMPLATES)
    assert "Old" in text(author, f"{TEMPLATES}old/")
    assert author.post(f"{TEMPLATES}old/", {"name": "x"}).status_code == 422


# --- creating


def test_a_new_campaign_leads_to_the_canvas_and_a_copy_to_its_page(author: Client) -> None:
    answer = author.post(f"{LIST}add/", {"name": "Blank"})
    made = Campaign.objects.get()
    assert answer["Location"] == f"{LIST}{made.pk}/canvas/"
    answer = author.post(f"{LIST}add/", {"copy_of": made.pk})
    assert answer["Location"] == f"{LIST}{made.pk}/duplicate/"
    assert author.get(f"{LIST}{made.pk}/change/")["Location"] == f"{LIST}{made.pk}/canvas/"
    assert "Save as template" in look(author, made, "flow")
