"""The home of campaigns: begun from templates, kept in folders, seen in a calendar; in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from playwright.sync_api import expect

from campaigns.admin.canvas import BUILT
from campaigns.campaign_templates.gallery import shipped_templates
from campaigns.drafts import load_draft, read_draft
from campaigns.folders import create_folder, put_into_folder
from campaigns.lint import lint_campaign
from campaigns.models import Campaign, CampaignFolder, CampaignTemplate
from campaigns.problems import errors_of
from campaigns.publishing import publish_campaign
from orchestration.models import CampaignRun
from tests.browser.test_composing import looks
from tests.browser.visits import Visitor
from tests.config.admin.offices import Office, drop_working_tables, furnish, person, with_dates
from tests.orchestration.engine import draft

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LIST = "/admin/campaigns/campaign/"
CALENDAR = f"{LIST}calendar/"


@pytest.fixture
def office(live_server: object) -> Iterator[Office]:
    if finders.find(BUILT) is None:
        pytest.fail("The canvas is not built. Run: make canvas")
    made = furnish(person("Author"))
    CampaignFolder.objects.all().delete()
    CampaignTemplate.objects.all().delete()
    with_dates(made.things["targetingdimension"])
    yield made
    drop_working_tables()


@pytest.fixture
def publisher(visitor: Visitor, office: Office) -> Visitor:
    person("Publisher")
    visitor.sign_in("publisher")
    return visitor


def launching(slug: str, **schedule: Any) -> Campaign:
    """A published campaign with that schedule."""
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    made = draft(slug, [everybody, {"id": "over", "type": "end"}], ["all over"], schedule=schedule)
    publish_campaign(made, by=None, if_match=made.draft_hash, confirm_warnings=True)
    return made


def test_a_campaign_is_begun_from_a_template(publisher: Visitor, pictures: Path | None) -> None:
    page = publisher.page
    publisher.go(f"{LIST}add/")
    publisher.sees("A blank campaign")
    assert page.locator(".tt-gallery .tt-template").count() == len(shipped_templates())
    assert looks(publisher, pictures, "home-create") == {}
    page.get_by_role("link", name=re.compile("^(.* )?Welcome series")).click()
    assert looks(publisher, pictures, "home-template") == {}
    publisher.fill("Name", "Hello, newcomers")
    page.get_by_label("Since when they are with you").select_option(label="Joined on")
    page.get_by_role("button", name="Create campaign").click()
    expect(page).to_have_url(re.compile("/canvas/$"))
    expect(page.locator("[data-activity=hello]")).to_be_visible()
    publisher.settle()
    publisher.picture(pictures, "home-canvas-of-template")
    made = Campaign.objects.get(slug="hello-newcomers")
    assert errors_of(lint_campaign(made)) == ()
    assert read_draft(made.slug).document.schedule == {"frequency": "daily", "at": "09:00"}


def test_campaigns_are_put_into_a_folder(publisher: Visitor, office: Office, pictures: Path | None) -> None:
    page = publisher.page
    publisher.go(f"{LIST}folders/")
    publisher.sees("No folders yet")
    assert looks(publisher, pictures, "home-no-folders") == {}
    publisher.fill("Name", "Retention")
    page.get_by_role("button", name="Create folder").click()
    publisher.sees("The folder is there.")
    before = load_draft(office.draft)
    publisher.go(LIST)
    page.locator("tr", has_text="drafted").locator("input.action-select").check()
    page.locator("select[name=action]").select_option(label="Move to a folder")
    page.get_by_role("button", name="Run").click()
    page.get_by_label("Folder").select_option(label="Retention")
    assert looks(publisher, pictures, "home-move") == {}
    page.get_by_role("button", name="Move to a folder").click()
    publisher.sees("1 campaign moved.")
    page.get_by_role("link", name="Retention").first.click()
    expect(page.locator(".tt-named")).to_have_count(1)
    expect(page.locator(".tt-crumbs [aria-current]")).to_have_text("Retention")
    assert looks(publisher, pictures, "home-folder") == {}
    office.draft.refresh_from_db()
    assert office.draft.folder is not None
    assert (load_draft(office.draft), office.draft.revision) == (before, 1)


def test_the_calendar_is_walked_by_keys(publisher: Visitor, office: Office, pictures: Path | None) -> None:
    page = publisher.page
    launching("daily-news", frequency="daily", at="09:00")
    launching("each-minute", frequency="every", interval=1, unit="minutes")
    publisher.go(CALENDAR)
    publisher.sees("1,440 launches")
    assert page.locator(".cal-entry", has_text="Each-Minute").count() <= 42
    assert looks(publisher, pictures, "home-calendar-month") == {}
    page.get_by_role("link", name="Later").focus()
    heading = page.locator(".cal-heading").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".cal-heading")).not_to_have_text(heading)
    page.get_by_role("link", name="Week").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cal-days.week .cal-day")).to_have_count(7)
    assert looks(publisher, pictures, "home-calendar-week") == {}
    page.locator(".cal-entry", has_text="Daily-News").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/schedule/$"))
    publisher.go(f"{CALENDAR}?view=agenda")
    assert looks(publisher, pictures, "home-calendar-list") == {}
    publisher.go(f"{CALENDAR}?on=2027-03-10&channel=email&tag=nothing")
    publisher.sees("Nothing here with these filters")
    assert looks(publisher, pictures, "home-calendar-nothing") == {}


def test_the_reader_s_own_zone_is_offered_and_kept(publisher: Visitor, office: Office) -> None:
    page = publisher.page
    publisher.go(CALENDAR)
    page.get_by_role("link", name="Europe/Berlin").click()
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    publisher.go(CALENDAR)
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")


def test_the_home_shows_what_waits(publisher: Visitor, office: Office, pictures: Path | None) -> None:
    page = publisher.page
    folder = create_folder("Retention")
    create_folder("Europe", parent=folder.pk)
    put_into_folder([office.live], folder.pk)
    news = launching("daily-news", frequency="daily", at="09:00")
    for state in ("failed", "completed"):
        CampaignRun.objects.create(
            campaign=news,
            version=news.versions.get(),
            kind="live",
            definition="{}",
            state=state,
            started_at=timezone.now() - timedelta(days=2),
        )
    publisher.go(LIST)
    expect(page.locator(".tt-wait")).to_have_count(2)
    assert looks(publisher, pictures, "home-list") == {}
    page.locator(".tt-wait.w-confirmation").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/deliveries/\d+/"))


def test_nothing_made_yet_teaches(visitor: Visitor, live_server: object, pictures: Path | None) -> None:
    person("Author")
    visitor.sign_in("author")
    visitor.go(LIST)
    visitor.sees("No campaign yet")
    expect(visitor.page.locator(".tt-wait")).to_have_count(0)
    assert looks(visitor, pictures, "home-untouched") == {}
    visitor.click("Begin with a template")
    visitor.click("Announcement")
    visitor.sees("there is nothing to choose from yet")
    assert looks(visitor, pictures, "home-template-lacking") == {}
    visitor.go(CALENDAR)
    assert looks(visitor, pictures, "home-calendar-untouched") == {}
