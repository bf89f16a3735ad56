"""A new activity type is one Python file: palette, form, findings, run and documentation follow from it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.utils.translation import override
from playwright.sync_api import Locator, Page, expect

from campaigns import activity_types
from campaigns.admin.canvas import BUILT
from campaigns.admin.page import campaign_url
from campaigns.campaign_choices import channel_types
from campaigns.models import TargetingDimension
from config.environment import ROOT
from orchestration import activities
from orchestration.activity_pages import activities_page
from orchestration.models import CampaignRun
from tests.browser.test_canvas import arrows, box, is_saved, of_the_api
from tests.browser.test_composing import looks
from tests.browser.visits import Visitor
from tests.config.admin.offices import Office, drop_working_tables, furnish, person
from tests.ledger import add_person
from tests.orchestration.engine import counts, work_off

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ADDED = Path(__file__).parent / "added_activities"
NAME = "every_nth"
PEOPLE, EVERY, PLACES = 12, 4, 2


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The file is found as if it lay among the others, by the same search that finds them at the start."""
    monkeypatch.setattr(activities, "__path__", [*activities.__path__, str(ADDED)])
    monkeypatch.setattr(activity_types, "_registry", dict(activity_types._registry))
    apps.get_app_config("orchestration").ready()
    yield
    for module in [name for name in sys.modules if name == f"{activities.__name__}.{NAME}"]:
        del sys.modules[module]
    vars(activities).pop(NAME, None)


@pytest.fixture
def office(added: None, live_server: object) -> Iterator[Office]:
    if finders.find(BUILT) is None:
        pytest.fail("The canvas is not built. Run: make canvas")
    office = furnish(person("Author"))
    dimension = TargetingDimension.objects.get()
    for key in range(3, PEOPLE):
        add_person(dimension, key)
    yield office
    drop_working_tables()


@pytest.fixture
def canvas(visitor: Visitor, office: Office) -> Visitor:
    person("Publisher")
    visitor.sign_in("publisher")
    visitor.go(campaign_url(office.draft, "canvas"))
    expect(box(visitor.page, "all")).to_be_visible()
    return visitor


def test_one_file_is_a_whole_activity_type(canvas: Visitor, office: Office, pictures: Path | None) -> None:
    page = canvas.page
    before = of_the_api(page, office)
    _find_and_place(page)
    _take_back(page, office, before)
    _insert(page, office)
    _fill_in(page, office)
    found = looks(canvas, pictures, "new-type")
    _mistake(canvas, office, pictures)
    found |= _run(canvas, office, pictures)
    assert found == {}


def _find_and_place(page: Page) -> None:
    page.get_by_role("searchbox", name="Search activities").fill("nth")
    targeting = page.get_by_role("region", name="Targeting", exact=True)
    kind = targeting.get_by_role("button", name="Every nth")
    expect(kind.locator(".material-symbols-outlined")).to_have_text("linear_scale")
    expect(kind).to_have_attribute("title", "Take every third, tenth or hundredth of the people.")
    expect(page.locator(".cv-kind")).to_have_count(1)
    kind.click()
    expect(box(page, NAME)).to_contain_text("Every nth")
    expect(page.locator(".cv-drawer header")).to_contain_text("Take every third")


def _take_back(page: Page, office: Office, before: dict[str, Any]) -> None:
    page.get_by_role("button", name="Undo").click()
    expect(box(page, NAME)).to_have_count(0)
    is_saved(page)
    assert {**of_the_api(page, office), "layout": None} == {**before, "layout": None}


def _insert(page: Page, office: Office) -> None:
    page.get_by_role("button", name="Insert an activity into this transition").click()
    page.get_by_role("dialog").get_by_role("combobox").fill("every nth")
    page.keyboard.press("Enter")
    expect(box(page, NAME)).to_be_visible()
    is_saved(page)
    assert arrows(of_the_api(page, office)) == {f"all.main {NAME}", f"{NAME}.main mail"}


def _fill_in(page: Page, office: Office) -> None:
    """Every kind of field that the type asks for, and a step back that takes one of them back."""
    drawer = page.locator(".cv-drawer")
    drawer.get_by_label("People to count").fill(str(EVERY))
    order = drawer.get_by_label("Order of counting")
    expect(order.locator("option")).to_have_text(["By chance", "By their key"])
    order.select_option(label="By their key")
    drawer.get_by_label("Lottery number").fill("2026")
    places = drawer.get_by_role("group", name="Places that are taken")
    for number, place in enumerate((1, 3)):
        places.get_by_role("button", name="Add", exact=True).click()
        entry = places.locator("li").nth(number)
        entry.get_by_label("Place").fill(str(place))
        entry.get_by_label("Remark").fill(f"number {place}")
    drawer.get_by_label("Generate the others").check()
    expect(box(page, NAME).locator(".cv-port")).to_have_text(["main", "the othersadd"])
    page.locator(".cv-tools").get_by_role("button", name="Undo").click()
    expect(drawer.get_by_label("Generate the others")).not_to_be_checked()
    page.locator(".cv-tools").get_by_role("button", name="Redo").click()
    expect(drawer.get_by_label("Generate the others")).to_be_checked()
    is_saved(page)
    assert _settings(page, office) == {
        "every": EVERY,
        "order": "key",
        "seed": "2026",
        "places": [{"place": 1, "label": "number 1"}, {"place": 3, "label": "number 3"}],
        "complement": True,
    }


def _settings(page: Page, office: Office) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each["config"] for each in of_the_api(page, office)["activities"] if each["id"] == NAME
    )
    return found


def _mistake(canvas: Visitor, office: Office, pictures: Path | None) -> None:
    """Out of its bounds, and against the type's own check: at the field, on the box and in the list of problems."""
    page = canvas.page
    every = page.locator(".cv-drawer").get_by_label("People to count")
    every.fill("1001")
    expect(_around(every)).to_contain_text("1000")
    expect(every).to_have_attribute("aria-invalid", "true")
    every.fill("2")
    third = page.locator(".cv-drawer").get_by_label("Place", exact=True).nth(1)
    expect(_around(third)).to_contain_text("Among 2 people nobody has place 3. Choose from 1 to 2.")
    expect(box(page, NAME).locator(".cv-mark.bad")).to_contain_text("1 error")
    canvas.picture(pictures, "new-type-mistake")
    page.locator(".cv-drawer").get_by_role("button", name="Close").click()
    page.get_by_role("button", name="1 error").click()
    problem = page.get_by_role("region", name="Problems").locator("li", has_text="Among 2 people")
    problem.get_by_role("button", name="Go to").click()
    expect(third).to_be_focused()
    expect(third).to_be_in_viewport()
    every.fill(str(EVERY))
    expect(box(page, NAME).locator(".cv-mark")).to_have_count(0)
    is_saved(page)
    assert _settings(page, office)["every"] == EVERY


def _around(field: Locator) -> Locator:
    return field.locator("xpath=ancestor::*[contains(concat(' ', @class, ' '), ' cv-field ')][1]")


def _run(canvas: Visitor, office: Office, pictures: Path | None) -> dict[str, int]:
    """By the engine, in PostgreSQL."""
    page = canvas.page
    page.locator(".cv-acts").get_by_role("button", name="Test run", exact=True).click()
    expect(page.locator("[data-run]").first).to_be_visible()
    run = work_off(CampaignRun.objects.filter(campaign=office.draft).latest("pk"))
    taken = PEOPLE * PLACES // EVERY
    assert counts(run)[f"{NAME}.main"] == taken
    assert counts(run)[f"{NAME}.rest"] == PEOPLE - taken
    expect(box(page, NAME)).to_contain_text("done", ignore_case=True)
    expect(box(page, NAME).locator(".cv-port-count")).to_have_text([str(taken), str(PEOPLE - taken)])
    box(page, NAME).click()
    drawer = page.locator(".cv-run-drawer")
    expect(drawer.locator(".cv-ways")).to_contain_text("the others")
    drawer.get_by_text("SQL", exact=True).click()
    expect(drawer.locator("pre")).to_contain_text("ROW_NUMBER()")
    drawer.get_by_text("Settings as they were run").click()
    expect(drawer.get_by_label("People to count")).to_have_value(str(EVERY))
    return looks(canvas, pictures, "new-type-run")


def test_api_and_pages_tell_of_it_and_the_application_does_not(added: None, canvas: Visitor) -> None:
    kinds = canvas.page.evaluate("fetch('/api/v1/activity-types/').then((answer) => answer.json())")
    told = next(each for each in kinds if each["name"] == NAME)
    assert (told["label"], told["category"], told["icon"]) == ("Every nth", "targeting", "linear_scale")
    assert told["settings"]["properties"]["every"]["maximum"] == 1000
    assert NAME not in channel_types()
    with override("en"):
        page = activities_page()
    assert "### Every nth (`every_nth`)" in page
    assert "| `places[].place` | integer from 1 to 1000; required | Place |" in page
    sources = [path for path in (ROOT / "frontend" / "src").rglob("*") if path.is_file()]
    assert [path.name for path in sources if NAME in path.read_text(encoding="utf-8")] == []
