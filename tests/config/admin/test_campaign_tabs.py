from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns.admin.page import campaign_url
from campaigns.document_text import Form, write_document
from campaigns.models import Campaign, CampaignVersion
from tests.config.admin.offices import furnish, person
from tests.config.admin.pages import document, look, mailing, send

pytestmark = pytest.mark.django_db

EXAMPLES = Path("examples")


def test_a_schedule_that_is_not_complete_says_what_is_missing(author: Client) -> None:
    campaign = mailing()
    page = send(author, campaign, "schedule", data={"schedule/frequency": "daily"}).content.decode()
    assert "“at” is missing." in page
    assert "not complete yet" in page


def test_a_schedule_shows_its_sentence_and_the_next_ten_launches(author: Client) -> None:
    campaign = mailing()
    sent = {"schedule/frequency": "daily", "schedule/at": "09:00"}
    page = send(author, campaign, "schedule", data=sent).content.decode()
    assert "Every day at 9 a.m. (UTC)" in page
    assert page.count("<time class=") == 10


def test_a_schedule_is_shown_before_it_is_saved(author: Client) -> None:
    campaign = mailing()
    sent = {"schedule/frequency": "cron", "schedule/expression": "0 9 1 * *"}
    page = send(author, campaign, "schedule_preview", data=sent).content.decode()
    assert "0 9 1 * *" in page
    assert document(campaign).schedule == {}


def test_two_variables_of_one_name_are_refused_and_shown_again(author: Client) -> None:
    campaign = mailing()
    sent = {"settings/header/name": "New name", "settings/header/time_zone": "Asia/Seoul"}
    for number in (0, 1):
        place = f"settings/variables/{number}"
        sent |= {f"{place}?": "on", f"{place}/name": "day", f"{place}/type": "date"}
    answer = send(author, campaign, "settings", data=sent)
    assert answer.status_code == 422
    assert "New name" in answer.content.decode()
    assert document(campaign).variables == {}


def test_settings_are_saved_and_a_wrong_value_is_named(author: Client) -> None:
    campaign = mailing()
    sent = {
        "settings/header/name": "New name",
        "settings/header/time_zone": "Asia/Seoul",
        "settings/header/tags/0?": "on",
        "settings/header/tags/0": "pets",
        "settings/variables/0?": "on",
        "settings/variables/0/name": "day",
        "settings/variables/0/type": "date",
        "settings/variables/0/value": "soon",
        "settings/errors/policy": "ignore",
    }
    page = send(author, campaign, "settings", data=sent).content.decode()
    saved = document(campaign)
    assert (saved.campaign.name, saved.campaign.tags, saved.errors.policy) == (
        "New name",
        ("pets",),
        "ignore",
    )
    assert "“soon” is no value of the type date." in page


def test_a_broken_document_is_refused_at_its_line(author: Client) -> None:
    campaign = mailing()
    text = write_document(document(campaign), Form.YAML) + "surprise: yes\n"
    answer = send(author, campaign, "document", data={"text": text})
    lines = text.count("\n")
    assert answer.status_code == 422
    assert f'data-goto-line="{lines}"' in answer.content.decode()
    assert "surprise: yes" in answer.content.decode()


def test_a_document_is_saved_as_a_whole(author: Client) -> None:
    campaign = mailing()
    text = write_document(document(campaign), Form.YAML).replace("person", "customer")
    send(author, campaign, "document", data={"text": text})
    assert document(campaign).activity("all").config == {"dimension": "customer"}


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_campaign_goes_out_as_a_file_and_comes_back_the_same(author: Client, form: str) -> None:
    campaign = mailing()
    file = author.get(campaign_url(campaign, "download", form=form)).content
    sent = {"file": SimpleUploadedFile(f"x.{form}", file), "slug": "again"}
    author.post("/admin/campaigns/campaign/add/", sent)
    copy = Campaign.objects.get(slug="again")
    assert document(copy).activities == document(campaign).activities


def test_findings_lead_to_the_form_that_mends_them(author: Client) -> None:
    campaign = mailing()
    page = look(author, campaign, "checks")
    assert "“person” is not known here." in page
    assert campaign_url(campaign, "activity", activity_id="all") in page


def test_a_draft_with_errors_is_not_published(publisher: Client) -> None:
    campaign = mailing()
    answer = send(publisher, campaign, "publish")
    assert answer.status_code == 409
    assert not CampaignVersion.objects.exists()


def test_a_draft_is_published_and_its_version_kept(publisher: Client) -> None:
    office = furnish(person("Author"))
    send(publisher, office.draft, "publish", data={"confirm_warnings": "on"})
    office.draft.refresh_from_db()
    assert office.draft.state == "live"
    assert "The activity “all” is new." in look(publisher, office.draft, "version", number=1)


def test_a_draft_somebody_changed_is_not_published_unseen(publisher: Client) -> None:
    office = furnish(person("Author"))
    answer = send(publisher, office.draft, "publish", at="f" * 64)
    assert answer.status_code == 409
    assert not office.draft.versions.exists()


def test_a_draft_is_deleted_only_after_it_was_confirmed(author: Client) -> None:
    campaign = mailing()
    assert "cannot be undone" in look(author, campaign, "act", name="delete-draft")
    assert Campaign.objects.filter(pk=campaign.pk).exists()
    send(author, campaign, "act", name="delete-draft")
    assert not Campaign.objects.filter(pk=campaign.pk).exists()


def test_an_act_that_is_not_possible_any_more_does_nothing(publisher: Client) -> None:
    campaign = mailing()
    page = send(publisher, campaign, "act", name="close").content.decode()
    assert "not possible any more" in page
    campaign.refresh_from_db()
    assert campaign.state == "draft"


def test_a_name_in_another_script_gets_a_slug(author: Client) -> None:
    author.post("/admin/campaigns/campaign/add/", {"name": "단골 고객"})
    assert Campaign.objects.get(name="단골 고객").slug == "campaign"


def test_a_copy_has_the_same_activities_and_no_history(author: Client) -> None:
    campaign = mailing()
    send(author, campaign, "duplicate", data={"name": "Twin", "slug": "twin"})
    twin = Campaign.objects.get(slug="twin")
    assert document(twin).activities == document(campaign).activities
    assert twin.revision == 1


@pytest.mark.parametrize("route", ["schedule", "settings", "checks", "document", "versions", "runs", "audit"])
def test_every_tab_costs_few_queries(
    author: Client, route: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    campaign = mailing()
    with django_assert_max_num_queries(20):
        look(author, campaign, route)
