"""Writing an SMS on the canvas: its cost while one types, what can be inserted, and how real people get it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from playwright.sync_api import Browser, Page, Route, expect

from campaigns.admin.canvas import BUILT
from campaigns.admin.page import campaign_url
from campaigns.drafts import read_draft
from campaigns.models import AuditEntry, Campaign
from orchestration.proofs import OUTCOME
from tests.browser.test_composing import looks
from tests.browser.visits import Visitor
from tests.config.admin.offices import drop_working_tables, person
from tests.orchestration.texting import make_phone_dimension, make_sms_channel, texting

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

"""Each preview is rendered in a process of its own."""
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def campaign(live_server: object) -> Iterator[Campaign]:
    if finders.find(BUILT) is None:
        pytest.fail("The canvas is not built. Run: make canvas")
    make_phone_dimension("010-1234-5678", "010-2345-6789", "010-3456-7890")
    make_sms_channel(opt_out_text="Reply STOP to opt out")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE person SET name = repeat('하늘 ', 20) WHERE id = 1")
        cursor.execute("UPDATE person SET name = %s WHERE id = 2", [HOSTILE])
    yield texting(content={"text": "Hi {{ profile.name }}, the sale begins today. {{ opt_out_text }}"})
    drop_working_tables()


@pytest.fixture
def drawer(visitor: Visitor, campaign: Campaign) -> Page:
    person("Publisher")
    visitor.sign_in("publisher")
    visitor.go(campaign_url(campaign, "canvas") + "#text")
    expect(visitor.page.locator(".sm-field textarea")).to_be_visible()
    return visitor.page


def text_of(campaign: Campaign) -> str:
    return str(read_draft(campaign.slug).document.activity("text").config["content"]["text"])


def test_the_cost_follows_what_is_typed(
    drawer: Page, campaign: Campaign, visitor: Visitor, pictures: Path | None
) -> None:
    area, counts = drawer.locator(".sm-field textarea"), drawer.locator(".sm-counts")
    expect(counts).to_contain_text("At least 1 segment")
    area.fill("a" * 161)
    expect(counts).to_contain_text("2 segments")
    expect(counts).to_contain_text("GSM-7")
    expect(counts).to_contain_text("145 left")
    area.fill("It’s here – " + "a" * 100)
    expect(counts).to_contain_text("Unicode")
    expect(drawer.locator(".sm-outside li")).to_have_text(["’ U+2019", "– U+2013"])
    warned = drawer.locator(".sm-field .cv-field-problems")
    expect(warned).to_contain_text("instead of 2 segments")
    visitor.picture(pictures, "sms-unicode")
    area.fill("a" * 1600)
    expect(drawer.locator(".sm-field")).to_contain_text("more than 10 segments are not sent")
    expect(drawer.locator("[data-saving=saved]")).to_be_visible()
    assert text_of(campaign) == "a" * 1600


def test_a_name_is_inserted_by_keys_where_the_caret_is(drawer: Page, campaign: Campaign) -> None:
    area = drawer.locator(".sm-field textarea")
    expect(drawer.locator(".sm-bubble")).to_contain_text("Person 0")
    area.fill("Hi !")
    area.press("ArrowLeft")
    drawer.get_by_role("button", name="Insert", exact=True).focus()
    drawer.keyboard.press("Enter")
    drawer.keyboard.type("city")
    drawer.keyboard.press("Enter")
    expect(area).to_have_value("Hi {{ profile.city }}!")
    expect(area).to_be_focused()
    drawer.keyboard.type("?")
    expect(area).to_have_value("Hi {{ profile.city }}?!")
    expect(drawer.locator("[data-saving=saved]")).to_be_visible()
    assert text_of(campaign) == "Hi {{ profile.city }}?!"
    drawer.get_by_role("button", name="Undo").click()
    expect(area).not_to_have_value("Hi {{ profile.city }}?!")


def test_real_people_are_shown_and_the_longest_is_found(
    drawer: Page, visitor: Visitor, pictures: Path | None
) -> None:
    bubble, turn = drawer.locator(".sm-bubble"), drawer.locator(".sm-turn")
    expect(bubble).to_have_text("Hi Person 0, the sale begins today. Reply STOP to opt out")
    expect(turn).to_contain_text("Person 1 of 3")
    expect(drawer.locator(".sm-longest")).to_contain_text("needs 2 segments")
    assert looks(visitor, pictures, "sms-editor") == {}
    drawer.get_by_role("button", name="Show it").click()
    expect(turn).to_contain_text("Person 2 of 3")
    expect(drawer.locator(".sm-cost")).to_have_text("2 segments · Unicode (UCS-2)")
    drawer.get_by_role("button", name="Next person").click()
    expect(bubble).to_have_text(f"Hi {HOSTILE}, the sale begins today. Reply STOP to opt out")
    expect(drawer.locator(".sm-bubble img")).to_have_count(0)


def test_without_the_server_nothing_that_is_written_is_lost(drawer: Page, visitor: Visitor) -> None:
    expect(drawer.locator(".sm-bubble")).to_contain_text("Person 0")

    def refuse(route: Route) -> None:
        route.fulfill(status=503, body="")

    drawer.route("**/texts/preview/", refuse)
    drawer.locator(".sm-field textarea").fill("Still here")
    expect(drawer.locator(".sm-away")).to_contain_text("cannot be reached now")
    expect(drawer.locator(".sm-field textarea")).to_have_value("Still here")
    drawer.unroute("**/texts/preview/", refuse)
    drawer.get_by_role("button", name="Try again").click()
    expect(drawer.locator(".sm-bubble")).to_have_text("Still here")
    visitor.complaints.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_telephone(
    browser: Browser, campaign: Campaign, live_server: object, pictures: Path | None, scheme: str
) -> None:
    person("Publisher")
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ko-KR", color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    small = Visitor(page, str(live_server))
    small.sign_in("publisher")
    small.go(campaign_url(campaign, "canvas") + "#text")
    expect(page.locator(".sm-bubble")).to_contain_text("Person 0")
    page.locator(".sm-phone").scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(
        "document.querySelector('.cv-form').scrollWidth <= document.querySelector('.cv-form').clientWidth"
    )
    small.picture(pictures, f"sms-390-{scheme}")
    context.close()


def test_a_proof_goes_to_a_telephone(
    drawer: Page, campaign: Campaign, visitor: Visitor, pictures: Path | None
) -> None:
    """As it is saved, and as the person who is shown gets it; what is no number is said beside the field."""
    expect(drawer.locator(".sm-bubble")).to_contain_text("Person 0")
    drawer.get_by_role("button", name="Proof …").click()
    panel = drawer.locator(".pf-panel")
    panel.get_by_label("Send to").fill("none")
    panel.get_by_role("button", name="Send a proof").click()
    expect(panel).to_contain_text("cannot be written to")
    visitor.complaints.clear()
    panel.get_by_label("Send to").fill("010-9999-8888")
    panel.get_by_role("button", name="Send a proof").click()
    expect(panel).to_contain_text("The gateway has taken it.")
    assert looks(visitor, pictures, "sms-proof") == {}
    entry = AuditEntry.objects.get(action=OUTCOME)
    assert (entry.detail["address"], entry.detail["state"]) == ("+821099998888", "sent")
    assert entry.detail["recipient"] == "0"
