"""A rule is composed by clicks: values looked up, parts counted, a filter saved and used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from campaigns.admin.page import campaign_url
from campaigns.models import PredefinedFilter
from campaigns.predefined_filters import create_filter
from tests.browser.visits import Visitor
from tests.config.admin.offices import Office, drop_working_tables, furnish, person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(live_server: object) -> Iterator[Office]:
    yield furnish(person("Author"))
    drop_working_tables()


def looks(visitor: Visitor, pictures: Path | None, name: str) -> dict[str, int]:
    found = {}
    for theme in ("light", "dark"):
        visitor.dress(theme)
        for width in (1440, 390):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            visitor.picture(pictures, f"{name}-{width}-{theme}")
            found[f"{name}-{width}-{theme}"] = visitor.overflow()
    visitor.dress("light")
    visitor.page.set_viewport_size({"width": 1440, "height": 900})
    return {look: pixels for look, pixels in found.items() if pixels}


ASKS = {
    "label": "Numbered up to",
    "table": "person",
    "rule": {
        "kind": "condition",
        "attribute": "id",
        "operator": "less_or_equal",
        "value": {"parameter": "last"},
    },
    "parameters": [{"name": "last", "type": "number", "label": "Last number", "default": 2}],
    "shared": True,
}


def test_a_rule_is_composed_with_help(visitor: Visitor, office: Office, pictures: Path | None) -> None:
    author = person("Publisher")
    create_filter("up_to", ASKS, by=author)
    visitor.sign_in("publisher")
    visitor.go(campaign_url(office.draft, "activity", activity_id="all"))
    visitor.settle()
    compose(visitor)
    count_and_save(visitor)

    assert looks(visitor, pictures, "composing") == {}
    assert PredefinedFilter.objects.get(label="My people").owner == author


def compose(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("button", name="+ Condition").first.click()
    visitor.pick(page.locator(".r-line input[role=combobox]").last, "id")
    page.get_by_role("button", name="Values of this attribute").first.click()
    page.locator(".r-values td button").first.click()
    page.get_by_role("button", name="+ Saved filter").first.click()
    page.locator("select[aria-label='Saved filter']").select_option(label="Numbered up to")
    page.get_by_role("button", name="Refer to it").click()
    visitor.sees("the filter “Numbered up to” holds")
    page.get_by_label("Last number").fill("1")
    visitor.sees("Last number: 1")


def count_and_save(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("button", name="Values of this attribute").first.click()
    expect(page.locator(".r-values td button").first).to_be_visible()
    page.get_by_role("button", name="Count every part").click()
    expect(page.locator(".r-counter .r-count")).to_have_text(["1", "1", "2"])
    page.get_by_text("How the database goes about it").click()
    visitor.sees("expected.")
    page.get_by_text("Save as a filter").click()
    page.get_by_label("Name of the filter").fill("My people")
    page.locator("details").get_by_role("button", name="Save", exact=True).click()
    visitor.sees("Saved as a private filter of yours.")


def test_a_saved_filter_is_changed(visitor: Visitor, office: Office, pictures: Path | None) -> None:
    create_filter("up_to", ASKS, by=person("Publisher"))
    page = visitor.page
    visitor.sign_in("publisher")
    visitor.go("/admin/campaigns/predefinedfilter/")
    assert looks(visitor, pictures, "filters") == {}
    page.get_by_role("link", name="Numbered up to").click()
    assert looks(visitor, pictures, "filter") == {}
    page.get_by_label("Label").first.fill("Numbered to")
    page.get_by_role("button", name="Save", exact=True).first.click()
    visitor.sees("Numbered to")
    assert PredefinedFilter.objects.get(slug="up_to").label == "Numbered to"
