"""Why is this person in or out, and what would an edit do: asked on the rule's page and on a person's way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from campaigns.admin.page import campaign_url
from tests.browser.test_composing import looks
from tests.browser.visits import Visitor
from tests.config.admin.offices import Office, drop_working_tables, furnish, person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(live_server: object) -> Iterator[Office]:
    yield furnish(person("Author"))
    drop_working_tables()


def test_a_person_is_explained_and_an_edit_counted(
    visitor: Visitor, office: Office, pictures: Path | None
) -> None:
    page = visitor.page
    person("Publisher")
    visitor.sign_in("publisher")
    visitor.go(campaign_url(office.draft, "activity", activity_id="all"))
    visitor.settle()
    page.get_by_role("button", name="+ Condition").first.click()
    visitor.pick(page.locator(".r-line input[role=combobox]").last, "id")
    page.get_by_role("button", name="Values of this attribute").first.click()
    page.locator(".r-values td button").first.click()
    visitor.settle()

    page.get_by_text("Why is this person in or out?").click()
    page.get_by_label("Key or e-mail address").fill("2")
    page.get_by_role("button", name="Explain").click()
    expect(page.locator(".r-result li").last).to_contain_text("✗")
    page.get_by_text("Who would enter and leave").click()
    visitor.sees("leave")
    assert looks(visitor, pictures, "explaining") == {}
