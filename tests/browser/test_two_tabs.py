"""Two tabs on one campaign at once, in random interleavings: no change that the server accepted is lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pytest
from playwright.sync_api import Page, expect

from campaigns.admin.page import campaign_url
from campaigns.document import as_data, canonical, parse_document
from campaigns.drafts import read_draft, save_draft
from tests.browser.test_canvas import labels_of, office
from tests.browser.visits import Visitor
from tests.config.admin.offices import Office, person

__all__ = ["office"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS = 100 if os.environ.get("TUTTI_FAULTS") == "full" else 20
SEED = 11
AT_REST = "[data-saving=saved], dialog[open]"


@dataclass
class Tab:
    page: Page
    name: str

    def __post_init__(self) -> None:
        """In the outline nothing lies behind the drawer."""
        self.page.bring_to_front()
        expect(self.page.locator("[data-canvas=ready]")).to_be_visible()
        self.page.locator(".cv-switch").get_by_role("button", name="Outline").click()
        expect(self.page.locator(".cv-outline")).to_be_visible()

    def label(self, activity: str, words: str) -> None:
        """Typed into the drawer, as a person does."""
        self.page.locator(f"[data-key='{activity}']").press("Enter")
        self.page.get_by_label("Label", exact=True).fill(words)

    def rest(self, side: str) -> bool:
        """Wait until everything is saved; what both changed is chosen. Whether it was."""
        was_asked = False
        while True:
            expect(self.page.locator("[data-saving=unsaved], [data-saving=saving]")).to_have_count(0)
            expect(self.page.locator(AT_REST).first).to_be_visible()
            if not self.page.get_by_role("dialog").is_visible():
                return was_asked
            was_asked = True
            self.page.get_by_role("radio", name=side).first.check()
            self.page.get_by_role("button", name="Save it so").click()


@pytest.fixture
def tabs(visitor: Visitor, office: Office) -> Iterator[list[Tab]]:
    draft = read_draft(office.draft.slug)
    data = as_data(draft.document)
    data["activities"] += [{"id": f"wait-{number}", "type": "wait"} for number in range(4)]
    save_draft(draft.campaign, parse_document(data), if_match=draft.hash)
    person("Publisher")
    visitor.sign_in("publisher")
    url = campaign_url(office.draft, "canvas")
    visitor.go(url)
    other = Visitor(visitor.page.context.new_page(), visitor.base)
    other.go(url)
    yield [Tab(visitor.page, "first"), Tab(other.page, "second")]
    for each in (visitor, other):
        each.complaints[:] = [complaint for complaint in each.complaints if ": 412 " not in complaint]
    assert other.complaints == []


def test_no_accepted_change_is_lost(tabs: list[Tab], office: Office) -> None:
    random = Random(SEED)
    activities = sorted(labels_of(tabs[0].page, office))
    expected = dict(labels_of(tabs[0].page, office))
    asked = 0
    for number in range(ROUNDS):
        order = random.sample(tabs, 2)
        edits = [(tab, random.choice(activities), f"{tab.name} {number}") for tab in order]
        for tab, activity, words in edits:
            tab.label(activity, words)
            tab.page.wait_for_timeout(random.choice([0, 0, 300, 900]))
        side = random.choice(["Keep mine", "Take theirs"])
        was_asked = [tab.rest(side) for tab in order]
        asked += sum(was_asked)
        now = labels_of(tabs[0].page, office)
        typed = {activity: {words} for _tab, activity, words in edits}
        for _tab, activity, words in edits:
            typed[activity].add(words)
        for (_tab, activity, _words), chose in zip(edits, was_asked, strict=True):
            if chose:
                typed[activity].add(expected[activity])
        for activity, last in expected.items():
            assert now[activity] in typed.get(activity, {last}), (number, edits, now)
        expected = now
    print(f"seed {SEED}: {ROUNDS} interleavings, {asked} choices, 0 changes lost")
    assert asked


def test_undoing_everything_gives_back_every_byte(visitor: Visitor, office: Office) -> None:
    person("Publisher")
    visitor.sign_in("publisher")
    before = canonical(read_draft(office.draft.slug).document)
    visitor.go(campaign_url(office.draft, "canvas"))
    page = visitor.page
    tab = Tab(page, "only")
    for number in range(20):
        tab.label("all", f"All {number}")
        tab.label("mail", f"Mail {number}")
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("o")
    for kind in ("wait", "fork", "split"):
        page.get_by_role("searchbox", name="Search activities").fill(kind)
        page.locator(".cv-kind").first.click()
    tab.rest("Keep mine")
    assert canonical(read_draft(office.draft.slug).document) != before
    undo = page.get_by_role("button", name="Undo")
    for _step in range(200):
        if undo.is_disabled():
            break
        undo.click()
    expect(undo).to_be_disabled()
    tab.rest("Keep mine")
    assert canonical(read_draft(office.draft.slug).document) == before
