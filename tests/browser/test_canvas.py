"""The canvas by hand and by keys: what is drawn, undone and saved is the document that the API gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route, expect

from campaigns.admin.canvas import BUILT
from campaigns.admin.page import campaign_url
from campaigns.document import as_data, canonical_text, parse_document
from campaigns.drafts import read_draft, save_draft
from campaigns.models import Campaign
from tests.browser.test_composing import looks
from tests.browser.visits import Visitor
from tests.config.admin.offices import Office, drop_working_tables, furnish, person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(live_server: object) -> Iterator[Office]:
    if finders.find(BUILT) is None:
        pytest.fail("The canvas is not built. Run: make canvas")
    yield furnish(person("Author"))
    drop_working_tables()


@pytest.fixture
def canvas(visitor: Visitor, office: Office) -> Visitor:
    person("Publisher")
    visitor.sign_in("publisher")
    visitor.go(campaign_url(office.draft, "canvas"))
    expect(box(visitor.page, "all")).to_be_visible()
    return visitor


def box(page: Page, activity: str) -> Any:
    return page.locator(f"[data-activity='{activity}']")


def is_saved(page: Page) -> None:
    expect(page.locator("[data-saving=unsaved], [data-saving=saving]")).to_have_count(0)
    expect(page.locator("[data-saving=saved]")).to_be_visible()


def nothing_is_kept(page: Page) -> None:
    page.wait_for_function("() => !Object.keys(localStorage).some((key) => key.startsWith('tutti-canvas:'))")


def of_the_api(page: Page, office: Office) -> dict[str, Any]:
    text = page.evaluate(f"fetch('/api/v1/campaigns/{office.draft.slug}/').then((answer) => answer.text())")
    assert text == canonical_text(as_data(read_draft(office.draft.slug).document))
    found: dict[str, Any] = json.loads(text)
    return found


def arrows(document: dict[str, Any]) -> set[str]:
    return {f"{each['from']}.{each.get('port', 'main')} {each['to']}" for each in document["transitions"]}


def test_an_activity_is_added_connected_undone_and_saved(
    canvas: Visitor, office: Office, pictures: Path | None
) -> None:
    page = canvas.page
    before = of_the_api(page, office)
    page.get_by_role("searchbox", name="Search activities").fill("wait")
    page.locator(".cv-kind", has_text="Wait").click()
    expect(box(page, "wait")).to_be_visible()
    is_saved(page)
    assert [each["id"] for each in of_the_api(page, office)["activities"]] == ["all", "mail", "wait"]
    canvas.picture(pictures, "canvas-added")

    page.get_by_role("button", name="Close").click()
    page.locator(".react-flow__controls-fitview").click()
    page.locator("[data-activity=mail] .react-flow__handle-right").first.drag_to(
        page.locator("[data-activity=wait] .react-flow__handle-left")
    )
    is_saved(page)
    assert "mail.sent wait" in arrows(of_the_api(page, office))

    for _step in range(2):
        page.get_by_role("button", name="Undo").click()
    is_saved(page)
    after = of_the_api(page, office)
    assert {**after, "layout": None} == {**before, "layout": None}
    expect(box(page, "wait")).to_have_count(0)


def test_an_illegal_transition_is_refused_with_its_reason(canvas: Visitor, office: Office) -> None:
    page = canvas.page
    page.locator("[data-activity=mail] .react-flow__handle-right").first.hover()
    page.mouse.down()
    page.mouse.move(400, 300, steps=4)
    box(page, "all").hover()
    page.mouse.up()
    expect(page.locator(".cv-notices .bad")).to_be_visible()
    assert arrows(of_the_api(page, office)) == {"all.main mail"}


def test_the_outline_does_the_same_by_keys_alone(
    canvas: Visitor, office: Office, pictures: Path | None
) -> None:
    page = canvas.page
    page.keyboard.press("o")
    page.locator("[data-key='all']").focus()
    page.keyboard.press("a")
    page.keyboard.type("wait")
    page.keyboard.press("Enter")
    expect(page.locator("[data-key='wait']")).to_be_visible()
    is_saved(page)
    assert arrows(of_the_api(page, office)) == {"all.main wait", "wait.main mail"}
    canvas.picture(pictures, "outline-added")
    page.keyboard.press("Escape")
    page.locator("[data-key='wait']").focus()
    page.keyboard.press("r")
    page.keyboard.type("Three days")
    page.keyboard.press("Enter")
    page.locator("[data-key='wait']").focus()
    page.keyboard.press("Delete")
    is_saved(page)
    assert arrows(of_the_api(page, office)) == {"all.main mail"}


def test_notes_and_labels_are_written_where_they_stand(
    canvas: Visitor, office: Office, pictures: Path | None
) -> None:
    page = canvas.page
    page.keyboard.press("n")
    page.keyboard.type("Ask legal\nbefore Friday")
    page.keyboard.press("Escape")
    note = page.locator(".react-flow__node-paper")
    expect(note).to_be_focused()
    is_saved(page)
    [written] = of_the_api(page, office)["notes"].values()
    assert written["text"] == "Ask legal\nbefore Friday"

    page.locator(".react-flow__edge").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("everybody")
    page.keyboard.press("Enter")
    expect(page.locator(".react-flow__edge")).to_be_focused()
    is_saved(page)
    assert [each.get("label") for each in of_the_api(page, office)["transitions"]] == ["everybody"]

    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Align left").click()
    lefts = [page.locator(f".react-flow__node-{kind}").first.bounding_box() for kind in ("paper", "box")]
    assert len({round(each["x"]) for each in lefts if each}) == 1
    canvas.picture(pictures, "canvas-note")
    page.get_by_role("button", name="Undo").click()
    page.keyboard.press("Escape")
    note.focus()
    page.keyboard.press("Delete")
    is_saved(page)
    left = of_the_api(page, office)
    assert ("notes" in left, [each["id"] for each in left["activities"]]) == (False, ["all", "mail"])
    assert canvas.complaints == []


def test_a_problem_is_mended_by_what_it_offers_and_undone(
    canvas: Visitor, office: Office, pictures: Path | None
) -> None:
    page = canvas.page
    document = read_draft(office.draft.slug).document
    data = as_data(document)
    for activity in data["activities"]:
        if activity["type"] == "email":
            activity["config"]["channel"] = "marketing-mial"
    saved = save_draft(office.draft, parse_document(data), if_match=office.draft.draft_hash)
    page.reload()
    page.locator(".cv-count").click()
    fix = page.locator(".cv-fixes").get_by_role("button", name="marketing-mail")
    expect(fix).to_be_visible()
    assert looks(canvas, pictures, "canvas-fixes") == {}
    fix.click()
    is_saved(page)
    mended = of_the_api(page, office)
    assert [each["config"]["channel"] for each in mended["activities"] if each["type"] == "email"] == [
        "marketing-mail"
    ]
    expect(page.locator(".cv-fixes").get_by_role("button", name="marketing-mail")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    is_saved(page)
    assert read_draft(saved.slug).document == parse_document(data)
    assert canvas.complaints == []


def test_keys_take_what_has_the_focus_and_nothing_from_the_drawer(canvas: Visitor, office: Office) -> None:
    page = canvas.page
    page.keyboard.press("o")
    page.locator("[data-key=all]").press("Enter")
    page.locator(".cv-drawer").get_by_role("button", name="Close").focus()
    page.keyboard.press("Backspace")
    expect(page.locator("[data-key=all]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-key=all]")).to_be_focused()
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-key=mail]")).to_be_focused()
    page.keyboard.press("Control+x")
    expect(page.locator("[data-key=mail]")).to_have_count(0)
    is_saved(page)
    assert [each["id"] for each in of_the_api(page, office)["activities"]] == ["all"]


def test_a_link_is_followed_while_the_canvas_is_open(canvas: Visitor) -> None:
    page = canvas.page
    page.evaluate("location.hash = 'mail'")
    expect(page.locator(".cv-drawer")).to_be_visible()
    page.evaluate("location.hash = 'gone'")
    expect(page.locator(".cv-notices .bad")).to_contain_text("gone")
    expect(page.locator(".cv-drawer")).to_be_visible()
    assert page.evaluate("location.hash") == "#mail"


def relabelled_by_somebody_else(office: Office, **labels: str) -> None:
    theirs = read_draft(office.draft.slug)
    data = as_data(theirs.document)
    data["activities"] = [
        {**each, "label": labels.get(each["id"], each.get("label", ""))} for each in data["activities"]
    ]
    save_draft(theirs.campaign, parse_document(data), if_match=theirs.hash)


def labels_of(page: Page, office: Office) -> dict[str, str]:
    return {each["id"]: each.get("label", "") for each in of_the_api(page, office)["activities"]}


def test_what_somebody_else_changed_besides_is_taken_over(canvas: Visitor, office: Office) -> None:
    page = canvas.page
    relabelled_by_somebody_else(office, mail="Theirs")
    box(page, "all").click()
    page.get_by_label("Label", exact=True).fill("Mine")
    expect(page.get_by_text("Somebody else works on this campaign too")).to_be_visible()
    canvas.complaints[:] = [each for each in canvas.complaints if ": 412 " not in each]
    expect(box(page, "mail")).to_contain_text("Theirs")
    is_saved(page)
    assert labels_of(page, office) == {"all": "Mine", "mail": "Theirs"}
    page.get_by_role("button", name="Undo").click()
    is_saved(page)
    assert labels_of(page, office) == {"all": "", "mail": "Theirs"}


@pytest.mark.parametrize(("choice", "label"), [("Keep mine", "Mine"), ("Take theirs", "Theirs")])
def test_what_both_changed_is_shown_and_chosen(
    canvas: Visitor, office: Office, pictures: Path | None, choice: str, label: str
) -> None:
    page = canvas.page
    relabelled_by_somebody_else(office, all="Theirs", mail="Theirs")
    box(page, "all").click()
    page.get_by_label("Label", exact=True).fill("Mine")
    expect(page.get_by_role("dialog")).to_contain_text("Theirs")
    canvas.complaints[:] = [each for each in canvas.complaints if ": 412 " not in each]
    found = looks(canvas, pictures, "canvas-conflict")
    page.get_by_role("radio", name=choice).check()
    page.get_by_role("button", name="Save it so").click()
    is_saved(page)
    assert (labels_of(page, office), found) == ({"all": label, "mail": "Theirs"}, {})


def left_offline(canvas: Visitor, label: str) -> str:
    """The address to come back to. A page that goes sends what it has left; this one is torn away before it can."""
    page = canvas.page
    page.context.set_offline(True)
    box(page, "all").click()
    page.get_by_label("Label", exact=True).fill(label)
    expect(page.locator("[data-saving=offline]")).to_be_visible()
    page.evaluate("() => { window.fetch = () => new Promise(() => undefined); }")
    here = page.url
    page.goto("about:blank")
    canvas.complaints.clear()
    page.context.set_offline(False)
    return here


def test_a_dead_network_loses_nothing_even_over_a_reload(canvas: Visitor, office: Office) -> None:
    page = canvas.page
    page.goto(left_offline(canvas, "Typed without a network"))
    expect(box(page, "all")).to_contain_text("Typed without a network")
    is_saved(page)
    assert labels_of(page, office)["all"] == "Typed without a network"


def test_what_arrived_before_the_page_comes_back_is_not_sent_again(canvas: Visitor, office: Office) -> None:
    page = canvas.page
    here = left_offline(canvas, "On its way")
    relabelled_by_somebody_else(office, all="On its way")
    arrived = read_draft(office.draft.slug).hash
    page.goto(here)
    nothing_is_kept(page)
    is_saved(page)
    assert read_draft(office.draft.slug).hash == arrived


def test_what_arrives_behind_the_back_of_the_page_is_recognised(canvas: Visitor, office: Office) -> None:
    """The page that went had sent it; the server takes it after the new page was told of the draft before."""
    page = canvas.page
    reached: list[int] = []

    def first_behind_its_back(route: Route) -> None:
        if not reached:
            reached.append(route.fetch().status)
        route.continue_()

    here = left_offline(canvas, "On its way")
    page.route("**/drafted/?positions=kept", first_behind_its_back)
    with page.expect_response(lambda answer: answer.status == 412):
        page.goto(here)
    nothing_is_kept(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    is_saved(page)
    assert (labels_of(page, office)["all"], reached) == ("On its way", [200])
    canvas.complaints[:] = [each for each in canvas.complaints if ": 412 " not in each]


def test_a_link_that_cannot_be_followed_yet_says_why(canvas: Visitor) -> None:
    page = canvas.page
    page.context.set_offline(True)
    box(page, "all").click()
    page.get_by_label("Label", exact=True).fill("Kept")
    page.get_by_role("link", name="Campaigns").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("no connection")
    dialog.get_by_role("button", name="Stay").click()
    expect(dialog).to_have_count(0)
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    is_saved(page)
    expect(page.get_by_label("Label", exact=True)).to_have_value("Kept")
    canvas.complaints.clear()


def test_edits_of_a_campaign_that_is_closed_by_now_are_kept_downloaded_and_discarded_on_purpose(
    canvas: Visitor, office: Office, pictures: Path | None
) -> None:
    page = canvas.page
    page.context.set_offline(True)
    box(page, "all").click()
    page.get_by_label("Label", exact=True).fill("Too late")
    expect(page.locator("[data-saving=offline]")).to_be_visible()
    Campaign.objects.filter(pk=office.draft.pk).update(state="closed")
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_text("cannot be edited now")).to_be_visible()
    assert looks(canvas, pictures, "canvas-left-edits") == {}
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    text = Path(download.value.path()).read_text()
    assert text == canonical_text(as_data(parse_document(json.loads(text))))
    assert "Too late" in text
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    expect(page.get_by_text("cannot be edited now")).to_have_count(0)
    page.reload()
    expect(box(page, "all")).to_be_visible()
    expect(page.get_by_text("cannot be edited now")).to_have_count(0)
    canvas.complaints.clear()


def test_a_long_drawing_is_read_from_its_beginning_and_a_link_leads_to_its_place(
    canvas: Visitor, office: Office, pictures: Path | None
) -> None:
    page = canvas.page
    waits = [
        {"id": f"w{number}", "type": "wait", "config": {"until": {"kind": "duration", "amount": 1}}}
        for number in range(12)
    ]
    known = read_draft(office.draft.slug)
    data = as_data(known.document)
    steps = ["all", *(each["id"] for each in waits), "mail"]
    data["activities"] += waits
    data["transitions"] = [{"from": source, "to": target} for source, target in pairwise(steps)]
    save_draft(known.campaign, parse_document(data), if_match=known.hash)
    page.reload()
    expect(box(page, "all")).to_be_in_viewport(ratio=1)
    expect(box(page, "w11")).not_to_be_in_viewport()
    letters = box(page, "all").locator("strong").evaluate("(it) => it.getBoundingClientRect().height")
    assert letters > 12
    canvas.picture(pictures, "canvas-long")
    page.goto(f"{page.url.split('#')[0]}#w11")
    page.reload()
    expect(box(page, "w11")).to_be_in_viewport(ratio=1)
    expect(page.locator(".cv-drawer")).to_be_visible()
    canvas.picture(pictures, "canvas-linked")


def test_a_notice_lies_above_an_open_dialog(canvas: Visitor) -> None:
    page = canvas.page
    box(page, "all").click()
    page.keyboard.press("Control+c")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator(".cv-notices:popover-open")).to_be_visible()


def test_the_arrow_leads_back_to_all_campaigns(canvas: Visitor) -> None:
    canvas.page.locator(".cv-top").get_by_role("link", name="Campaigns").click()
    expect(canvas.page.locator("#result_list")).to_contain_text("Drafted")


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_it_fits_its_window_in_both_languages(
    browser: Browser, live_server: object, office: Office, pictures: Path | None, locale: str
) -> None:
    person("Publisher")
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=locale)
    visitor = Visitor(context.new_page(), str(live_server))
    visitor.sign_in("publisher")
    visitor.go(campaign_url(office.draft, "canvas"))
    box(visitor.page, "mail").click()
    expect(visitor.page.locator(".cv-drawer")).to_be_visible()
    found = looks(visitor, pictures, f"canvas-{locale}")
    visitor.page.keyboard.press("Escape")
    visitor.page.keyboard.press("o")
    found |= looks(visitor, pictures, f"outline-{locale}")
    context.close()
    assert (found, visitor.complaints) == ({}, [])
