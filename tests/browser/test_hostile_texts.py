"""Payloads in every place a text can come from: nothing runs, nothing leaves, and each is shown as it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from playwright.sync_api import Page, expect

from campaigns.admin.canvas import BUILT
from campaigns.admin.page import campaign_url
from campaigns.document import as_data, parse_document
from campaigns.drafts import read_draft, save_draft
from campaigns.models import Table
from orchestration.models import Delivery, Population
from tests.browser.hostile_world import MANY, World, make_world
from tests.browser.payloads import PAYLOADS, Canary, fit, lively, unseen
from tests.browser.test_canvas import box, labels_of
from tests.browser.visits import Visitor
from tests.config.admin.offices import Office, drop_working_tables, furnish, person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(live_server: object) -> Iterator[World]:
    if finders.find(BUILT) is None:
        pytest.fail("The canvas is not built. Run: make canvas")
    yield make_world(person("Author"))
    drop_working_tables()


@pytest.fixture
def canary(visitor: Visitor) -> Canary:
    return Canary(visitor.page.context, visitor.base)


ADMIN = "/admin/campaigns/"
TABS = (
    "flow",
    "checks",
    "settings",
    "schedule",
    "versions",
    "document",
    "publish",
    "runs",
    "report",
    "audit",
)
SHOWN = {
    "flow": 200,
    "settings": 200,
    "publish": 200,
    "version": 200,
    "run": 200,
    "failed run": 200,
    "activity of a rule": 200,
    "audit": 80,
    "list": 200,
    "folders": 60,
    "gallery": 120,
    "audience": 200,
    "predefinedfilter": 200,
    "channelconfiguration": 120,
    "storedfile": 200,
    "link": 200,
    "users": 150,
}
"""Pages that have every payload, and how many characters of each there is room for."""


def admin_pages(world: World) -> dict[str, str]:
    campaign, run = world.campaign, world.run.pk
    people = Table.objects.get(slug="person").pk
    everybody = Population.objects.get(activity_run__run=run, activity_run__activity_id="all")
    delivery = Delivery.objects.filter(activity_run__run=run).earliest("pk")
    of_the_run = {
        "run": campaign_url(campaign, "run", run_id=run),
        "failed run": campaign_url(campaign, "run", run_id=world.failed.pk),
        "version": campaign_url(campaign, "version", number=1),
        "delivery": campaign_url(campaign, "delivery", delivery_id=delivery.pk),
        "people": campaign_url(campaign, "people", run_id=run, population_id=everybody.pk),
        "trace": reverse("admin:trace", args=[run]) + "?key=6",
    }
    things = {
        "activity of a rule": campaign_url(campaign, "activity", activity_id="all"),
        "activity with a message": campaign_url(campaign, "activity", activity_id="mail"),
        "activity with branches": campaign_url(campaign, "activity", activity_id="fork"),
        "template": f"{ADMIN}campaign/templates/t6/",
        "one audience": f"{ADMIN}audience/{world.audience.pk}/change/",
        "table": f"{ADMIN}table/{people}/change/",
        "file": f"{ADMIN}storedfile/{world.file.pk}/change/",
        "columns of a file": campaign_url(world.loading, "activity", activity_id="load"),
    }
    models = ("audience", "predefinedfilter", "channelconfiguration", "storedfile", "link", "auditentry")
    lists = {
        "list": f"{ADMIN}campaign/?all=",
        "folders": f"{ADMIN}campaign/folders/",
        "calendar": f"{ADMIN}campaign/calendar/?view=agenda",
        "gallery": f"{ADMIN}campaign/add/",
        **{model: f"{ADMIN}{model}/?all=" for model in models},
        "users": "/admin/auth/user/?all=",
    }
    return {name: campaign_url(campaign, name) for name in TABS} | of_the_run | things | lists


def test_nothing_of_what_is_shown_runs(
    visitor: Visitor, world: World, canary: Canary, capsys: pytest.CaptureFixture[str]
) -> None:
    person("Administrator")
    found = Findings(visitor.page)
    visitor.sign_in("administrator")
    for name, path in admin_pages(world).items():
        visitor.go(path)
        visitor.settle()
        found.note(name, "body" if name in SHOWN else None, length=SHOWN.get(name, 200))
    _the_canvas(visitor, world, found)
    with capsys.disabled():
        print(f"\n{MANY} payloads, {found.places} places looked at")
    visitor.complaints[:] = [each for each in visitor.complaints if ": 412 " not in each]
    assert canary.noticed == []
    assert dict(found) == {}, "\n".join(f"{place}: {what}" for place, what in found.items())


class Findings(dict[str, list[str]]):
    """By place: what a payload became part of, and which of them are not shown there as they were written."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.places = 0

    def note(self, place: str, selector: str | None = None, *, length: int = 200) -> None:
        self.places += 1
        missing = unseen(self.page, selector=selector, length=length) if selector else []
        if found := [*lively(self.page), *missing]:
            self[place] = found


def _the_canvas(visitor: Visitor, world: World, found: Findings) -> None:
    page = visitor.page
    visitor.go(campaign_url(world.campaign, "canvas"))
    expect(box(page, "constructor")).to_be_attached()
    found.note("canvas", ".react-flow")
    _rules(page, found)
    _outline(page, found)
    _contents(page, found)
    _conflict(page, world, found)
    _publishing(page, found)
    _runs(visitor, world, found)
    visitor.go(campaign_url(world.loading, "canvas") + "#load")
    expect(page.locator(".cv-drawer")).to_be_visible()
    found.note("columns of a file on the canvas")


def _rules(page: Page, found: Findings) -> None:
    box(page, "all").click()
    page.get_by_role("button", name="Edit in full").click()
    editor = page.locator("dialog.rb-full")
    expect(editor.locator(".rb-table tbody tr").first).to_be_visible()
    found.note("rule", "dialog.rb-full")
    editor.get_by_role("tab", name="SQL and plan").click()
    expect(editor.locator(".rb-sql")).to_contain_text("SELECT")
    found.note("SQL")
    row = editor.locator("[data-at='/of/0']")
    row.get_by_role("button", name="Values in the data").click()
    expect(page.locator("dialog.rb-values button").nth(20)).to_be_visible()
    found.note("distribution")
    assert len(unseen(page, selector="dialog.rb-values")) <= MANY - 20
    page.keyboard.press("Escape")
    editor.get_by_role("button", name="Add condition").last.click()
    expect(page.locator("dialog.rb-picker [role=option]").nth(20)).to_be_visible()
    found.note("picker", "dialog.rb-picker")
    page.locator("dialog.rb-picker").get_by_role("combobox").fill("<svg")
    found.note("found in the picker")
    page.locator("dialog.rb-picker").get_by_role("combobox").fill("saved filter")
    page.locator("dialog.rb-picker").get_by_role("option").first.click()
    expect(page.locator("dialog.rb-filters button").nth(20)).to_be_visible()
    found.note("filters", "dialog.rb-filters")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    page.keyboard.press("Escape")


def _outline(page: Page, found: Findings) -> None:
    page.keyboard.press("o")
    found.note("outline", ".cv-outline")
    for activity in ("fork", "split", "text"):
        page.locator(f"[data-key='{activity}']").press("Enter")
        expect(page.locator(".cv-drawer")).to_be_visible()
        found.note(f"drawer of {activity}")
    expect(page.locator(".sm-bubble")).to_contain_text("<script>__ran(1)</script> <b>")
    page.keyboard.press("Escape")


def _contents(page: Page, found: Findings) -> None:
    page.locator("[data-key='mail']").press("Enter")
    page.get_by_role("button", name="Edit the content").click()
    frame = page.locator(".ct-stage iframe:not(.ct-coming)").content_frame
    inbox = page.locator(".ct-dialog .ct-inbox strong")
    for number in range(4):
        expect(frame.locator("#there")).to_have_text(fit(number))
        expect(inbox).to_have_text(f"{fit(number)} <b>")
        page.get_by_role("button", name="Next person").click()
    found.note("content")
    page.get_by_role("button", name="Shown for").click()
    expect(page.locator(".ct-people button").first).to_be_visible()
    found.note("people")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Done").click()
    page.keyboard.press("Escape")


def _conflict(page: Page, world: World, found: Findings) -> None:
    now = read_draft(world.campaign.slug)
    data = as_data(now.document)
    for each in data["activities"]:
        each["label"] = fit(6) if each["id"] == "all" else each.get("label", "")
    save_draft(now.campaign, parse_document(data), if_match=now.hash)
    page.locator("[data-key='all']").press("Enter")
    page.get_by_label("Label", exact=True).fill(fit(7))
    expect(page.get_by_role("dialog")).to_contain_text(fit(6))
    expect(page.get_by_role("dialog")).to_contain_text(fit(7))
    found.note("conflict")
    page.get_by_role("button", name="Save it so").click()
    expect(page.locator("[data-saving=saved]")).to_be_visible()
    page.keyboard.press("Escape")


def _publishing(page: Page, found: Findings) -> None:
    page.locator(".cv-acts").get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[data-change=changed]").nth(MANY - 1)).to_be_attached()
    found.note("publishing", "dialog")
    page.keyboard.press("Escape")


def _runs(visitor: Visitor, world: World, found: Findings) -> None:
    page = visitor.page
    visitor.go(campaign_url(world.campaign, "canvas") + f"?run={world.run.pk}")
    expect(box(page, "mail")).to_contain_text("waits for a confirmation")
    found.note("run", ".react-flow")
    page.locator(".cv-arrow-count").first.dispatch_event("click")
    people = page.locator(".cv-run-drawer [data-people] tbody tr")
    for shown in range(20, MANY, 20):
        expect(people).to_have_count(shown)
        page.locator(".cv-run-drawer").get_by_role("button", name="Show more").click()
    expect(people).to_have_count(MANY)
    found.note("people of a run", "[data-people]")
    visitor.go(campaign_url(world.campaign, "canvas") + f"?run={world.failed.pk}")
    expect(page.locator(".cv-life-problem").nth(MANY - 1)).to_be_attached()
    found.note("failed run", ".react-flow")
    page.keyboard.press("o")
    found.note("outline of a failed run", ".cv-outline")
    page.locator("[data-key='constructor']").press("Enter")
    expect(page.locator(".cv-run-drawer")).to_contain_text("constructor")
    page.locator(".cv-run-drawer").get_by_text("Log", exact=True).click()
    found.note("activity of a failed run")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Runs").click()
    expect(page.locator(".cv-runs tbody tr").first).to_be_visible()
    found.note("history")


# --- what a browser is given ----------------------------------------------------------------------------------


@pytest.fixture
def office(live_server: object) -> Iterator[Office]:
    yield furnish(person("Author"))
    drop_working_tables()


@pytest.fixture
def canvas(visitor: Visitor, office: Office) -> Visitor:
    person("Publisher")
    visitor.sign_in("publisher")
    visitor.go(campaign_url(office.draft, "canvas"))
    expect(box(visitor.page, "all")).to_be_visible()
    return visitor


def test_what_is_typed_and_pasted_is_text(canvas: Visitor, office: Office, canary: Canary) -> None:
    page, found = canvas.page, Findings(canvas.page)
    activities = [
        {"id": f"p{n}", "type": "end", "label": fit(n), "config": {"note": fit(n)}} for n in range(MANY)
    ]
    odd = [
        {"id": each, "type": each, "label": each} for each in ("constructor", "__proto__", "tostring", "<b>")
    ]
    for cutting in ([*activities, odd[0], odd[2]], odd, [{**odd[0], "config": {"__proto__": {"a": 1}}}]):
        paste(page, json.dumps({"kind": "tutti/cutting", "activities": cutting}))
    for text in PAYLOADS.values():
        paste(page, text)
    expect(box(page, f"p{MANY - 1}")).to_be_attached()
    found.note("pasted", ".react-flow")
    box(page, "all").dispatch_event("click")
    for text in (fit(6), fit(46), fit(48), fit(55), "\ud800 half", "nul \0 here"):
        type_label(page, text)
        found.note(f"typed {text!r}")
    type_label(page, fit(3))
    expect(page.locator("[data-saving=saved]")).to_be_visible()
    assert page.evaluate("Object.keys(Object.prototype).length + Object.keys({}).length") == 0
    assert labels_of(page, office)["all"] == fit(3)
    canvas.complaints[:] = [each for each in canvas.complaints if not REFUSED.search(each)]
    assert (canary.noticed, dict(found)) == ([], {})


REFUSED = re.compile(": 4(00|12|22|28) ")


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """(text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            clipboardData.setData("text/html", text);
            document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }""",
        text,
    )


def type_label(page: Page, text: str) -> None:
    """With half characters and others that no keyboard has."""
    label = page.get_by_label("Label", exact=True)
    label.evaluate(
        """(field, text) => {
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, text);
            field.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        text,
    )
    page.wait_for_timeout(50)


def test_addresses_lead_nowhere_else(canvas: Visitor, office: Office, canary: Canary) -> None:
    page = canvas.page
    found = Findings(page)
    for number in range(0, MANY, 6):
        query = "&".join(f"{quote(fit(each))}={quote(fit(each))}" for each in range(number, number + 6))
        part = quote(fit(number)) if number % 4 else fit(number).replace("\t", "%09")
        page.goto("about:blank")
        canvas.go(f"{campaign_url(office.draft, 'canvas')}?run={quote(fit(number))}&{query}#{part}")
        expect(box(page, "all")).to_be_visible()
        found.note(f"address {number}")
    canvas.go(f"{campaign_url(office.draft, 'canvas')}#%E0%A4%A")
    expect(box(page, "all")).to_be_visible()
    assert (canary.noticed, dict(found)) == ([], {})


KEPT: tuple[Any, ...] = (
    "{half",
    None,
    [],
    {"document": {"tutti": 1}, "base": {"tutti": 1}, "etag": "1", "at": 1},
    {
        "document": {"tutti": 1, "campaign": fit(6)},
        "base": {"tutti": 1, "campaign": fit(6)},
        "etag": "1",
        "at": 1,
    },
)


def test_kept_edits_of_somebody_else_s_making_do_no_harm(
    canvas: Visitor, office: Office, canary: Canary
) -> None:
    page, found = canvas.page, Findings(canvas.page)
    document = as_data(read_draft(office.draft.slug).document)
    hostile = [{"id": f"p{n}", "type": "end", "label": fit(n)} for n in range(MANY)]
    faulty = (
        {"activities": [None]},
        {"activities": [{"id": 1, "type": {}, "label": [fit(6)]}]},
        {"activities": fit(6)},
        {"transitions": [{"from": fit(6)}]},
        {"layout": {"all": fit(6)}},
        {"variables": fit(6)},
    )
    whole = [{"document": {**document, **each}, "base": document, "etag": '"1"', "at": 1} for each in faulty]
    for kept in [*KEPT, *whole]:
        keep(page, office, kept)
        expect(box(page, "all")).to_be_visible()
        found.note(f"kept {json.dumps(kept)[:60]}")
    kept = {**document, "activities": [*document["activities"], *hostile]}
    keep(
        page,
        office,
        {"document": kept, "base": document, "etag": read_draft(office.draft.slug).hash, "at": 1},
    )
    expect(box(page, f"p{MANY - 1}")).to_be_attached()
    found.note("kept", ".react-flow")
    canvas.complaints[:] = [each for each in canvas.complaints if not REFUSED.search(each)]
    assert (canary.noticed, dict(found)) == ([], {})


def keep(page: Page, office: Office, kept: Any) -> None:
    """As if a tab that is gone had left it, and then the page is opened again."""
    page.evaluate(
        """([slug, kept]) => {
            const { user } = JSON.parse(document.getElementById("canvas-told").textContent);
            localStorage.clear();
            localStorage.setItem(`tutti-canvas:${user}:${slug}:gone`, kept);
        }""",
        [office.draft.slug, kept if isinstance(kept, str) else json.dumps(kept)],
    )
    page.reload()


# --- whether any of this would be noticed ---------------------------------------------------------------------


def test_the_canary_sings(canvas: Visitor, canary: Canary) -> None:
    page = canvas.page
    page.reload()
    expect(box(page, "all")).to_be_visible()
    assert (canary.noticed, lively(page)) == ([], [])
    page.evaluate("__ran('by hand')")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=__ran(7)>')")
    page.evaluate("new Image().src = 'https://evil.example/b.png'")
    page.evaluate("alert('here')")
    page.evaluate("window.open('about:blank')")
    page.wait_for_timeout(500)
    heard = "\n".join(canary.noticed)
    for expected in ("ran: by hand", "script-src", "evil.example", "dialog here", "window about:blank"):
        assert expected in heard, expected
    assert lively(page) == ["IMG onerror=__ran(7)"]
    assert unseen(page, selector="h1") == list(PAYLOADS)
    canvas.complaints.clear()
