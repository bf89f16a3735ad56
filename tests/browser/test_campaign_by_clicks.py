"""A campaign from a blank page to its report, by clicks alone, with real workers and a real mail server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from orchestration.models import Message, MessageEvent
from tests.browser.visits import WORKERS, Visitor
from tests.config.admin.offices import drop_working_tables, person
from tests.faults.installation import Installation, installation
from tests.faults.mailings import make_people
from tests.ledger import forget_events
from tests.orchestration.engine import make_channel

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PEOPLE = 40
MESSAGE = """<p>Dear {{ profile.name }}, thank you.</p><p><a href="https://shop.example.com/gift">Your gift</a></p>
<p>{{ postal_address }} <a href="{{ unsubscribe_url }}">Unsubscribe</a></p>"""


@pytest.fixture
def house(tmp_path: Path, live_server: object, settings: Settings) -> Iterator[Installation]:
    """Workers, beat and a sink; links in mails lead to the server of this test."""
    settings.PUBLIC_BASE_URL = str(live_server)
    settings.MAIL_FOLDER = tmp_path / "mail"
    surroundings = {"BROKER_URL": os.environ["BROKER_URL"], "PUBLIC_BASE_URL": str(live_server)}
    with installation(tmp_path, **surroundings) as started:
        port = started.start_sink()
        make_people(PEOPLE)
        make_channel(provider_config={"host": "127.0.0.1", "port": port, "security": "none"})
        started.start_worker("engine", "engine", children=1)
        started.start_worker("sender", "email,default", children=1)
        started.start_beat()
        yield started
    forget_events()
    drop_working_tables()


def test_a_campaign_is_built_sent_and_read_by_clicks_alone(
    house: Installation, visitor: Visitor, pictures: Path | None
) -> None:
    person("Publisher")
    visitor.sign_in("publisher")
    _build(visitor, pictures)
    _test(visitor, pictures)
    _publish_and_confirm(visitor, pictures)
    _read_as_a_recipient(visitor, pictures)
    _report(visitor, pictures)


def _build(visitor: Visitor, pictures: Path | None) -> None:
    visitor.click("New campaign")
    visitor.fill("Name", "Thank our friends")
    visitor.click("Create campaign")
    visitor.page.locator(".cv-menu > summary").click()
    visitor.click("As forms")
    visitor.picture(pictures, "1-blank")
    visitor.click("Build an audience")
    visitor.fill("Label", "Friends in Busan")
    visitor.choose("Targeting dimension", "Person")
    visitor.click("+ Condition")
    visitor.pick(visitor.page.locator(".r-line input[role=combobox]").first, "city")
    visitor.page.locator(".r-line .r-value input").first.fill("Busan")
    visitor.sees("“Busan”")
    visitor.click("Count people")
    visitor.sees(f"{PEOPLE} found")
    visitor.picture(pictures, "2-rule")
    visitor.click("Add to the flow")
    visitor.page.locator(".g-outlet .g-insert").click()
    visitor.click("E-mail")
    visitor.fill("Label", "Thank you")
    visitor.choose("Channel configuration", "marketing-mail")
    visitor.fill("Subject", "Thank you, {{ profile.name }}!")
    visitor.fill("Message (HTML)", MESSAGE)
    visitor.sees("Thank you, Person 1!")
    preview = visitor.page.frame_locator("iframe")
    expect(preview.get_by_text("Dear Person 1, thank you.")).to_be_visible()
    visitor.picture(pictures, "3-email")
    visitor.click("Add to the flow")
    visitor.sees("no findings")
    visitor.picture(pictures, "4-flow")


def _test(visitor: Visitor, pictures: Path | None) -> None:
    visitor.click("Test")
    visitor.click("Start test run")
    visitor.sees("test run")
    visitor.page.locator("[data-run-words]", has_text="completed").wait_for(timeout=WORKERS)
    friends = visitor.page.locator("[data-live=activities] tr", has_text="Friends in Busan")
    expect(friends).to_contain_text(f"main {PEOPLE}")
    expect(visitor.page.get_by_role("link", name="Stop")).to_have_count(0)
    visitor.picture(pictures, "5-test")
    assert not Message.objects.exclude(state__in=("ready", "excluded")).exists()


def _publish_and_confirm(visitor: Visitor, pictures: Path | None) -> None:
    visitor.click("Publish")
    visitor.sees(f"would have gone to {PEOPLE} of {PEOPLE} people")
    visitor.picture(pictures, "6-publish")
    visitor.click("Publish now")
    visitor.click("Home")
    visitor.wait_for("waits for a confirmation")
    visitor.picture(pictures, "7-home")
    visitor.click("Look at it")
    visitor.click("Confirm send")
    visitor.sees(f"is sent to {PEOPLE} people")
    visitor.picture(pictures, "8-confirm")
    visitor.click("Confirm send")
    visitor.wait_for(f"{PEOPLE} of {PEOPLE} sent")
    visitor.picture(pictures, "9-sent")


def _read_as_a_recipient(visitor: Visitor, pictures: Path | None) -> None:
    visitor.click("Mailbox")
    visitor.fill("A recipient’s address", "person7@example.com")
    visitor.click("Show")
    visitor.picture(pictures, "9-mailbox")
    visitor.click("Read")
    visitor.sees("Thank you, Person 7!")
    frame = visitor.page.frame_locator("iframe")
    expect(frame.get_by_text("Dear Person 7, thank you.")).to_be_visible()
    visitor.picture(pictures, "10-message")
    with visitor.page.context.expect_page() as opened:
        frame.get_by_text("Your gift").click()
    opened.value.wait_for_load_state()
    assert MessageEvent.objects.filter(kind="clicked", recipient_key="7").count() == 1


def _report(visitor: Visitor, pictures: Path | None) -> None:
    visitor.click("Campaigns")
    visitor.click("Thank our friends")
    visitor.page.locator(".cv-menu > summary").click()
    visitor.click("Report")
    visitor.choose("Whose opens and clicks", "People and software")
    visitor.sees("shop.example.com/gift")
    visitor.picture(pictures, "11-report")
    clicks = visitor.page.locator("table tr", has_text="Unique clicks").first
    expect(clicks.locator("td.num")).to_have_text("1")
