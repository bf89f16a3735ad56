"""Two tabs of one session: what is edited after it has ended is saved once its owner is back, and only theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from campaigns.admin.page import campaign_url
from campaigns.drafts import read_draft
from tests.browser.test_canvas import box, is_saved, office
from tests.browser.visits import Visitor
from tests.config.admin.offices import Office, person

__all__ = ["office"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EXPECTED = (": 401 ", ": 403 ")


@pytest.fixture
def other(visitor: Visitor, office: Office) -> Iterator[Visitor]:
    """A second tab beside the open canvas; that the server refuses who is signed out is no fault."""
    person("Publisher")
    visitor.sign_in("publisher")
    visitor.go(campaign_url(office.draft, "canvas"))
    expect(box(visitor.page, "all")).to_be_visible()
    yield Visitor(visitor.page.context.new_page(), visitor.base)
    visitor.complaints[:] = [
        complaint for complaint in visitor.complaints if not any(code in complaint for code in EXPECTED)
    ]


def sign_out(tab: Visitor) -> None:
    tab.page.context.clear_cookies(name="sessionid")


def label(page: Page, words: str) -> None:
    page.bring_to_front()
    if not page.get_by_label("Label", exact=True).is_visible():
        box(page, "all").click()
    page.get_by_label("Label", exact=True).fill(words)


def label_of(office: Office) -> str:
    return read_draft(office.draft.slug).document.activity("all").label


def test_what_is_edited_after_the_session_has_ended_is_saved_after_the_next_sign_in(
    visitor: Visitor, other: Visitor, office: Office
) -> None:
    sign_out(other)
    label(visitor.page, "Kept")
    expect(visitor.page.locator("[data-saving=signed_out]")).to_be_visible()
    other.page.bring_to_front()
    other.sign_in("publisher")
    visitor.page.bring_to_front()
    visitor.page.evaluate("window.dispatchEvent(new Event('focus'))")
    is_saved(visitor.page)
    assert label_of(office) == "Kept"


def test_nothing_is_saved_under_the_name_of_somebody_else(
    visitor: Visitor, other: Visitor, office: Office
) -> None:
    before = label_of(office)
    sign_out(other)
    other.page.bring_to_front()
    other.sign_in("author")
    label(visitor.page, "Whose")
    expect(visitor.page.locator("[data-saving=other_user]")).to_be_visible()
    expect(visitor.page.get_by_role("alert")).to_contain_text("author")
    assert label_of(office) == before
