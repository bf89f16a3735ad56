"""Every screen of the canvas and of the campaigns' home, looked at by axe-core: light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, expect

from campaigns.admin.canvas import BUILT
from campaigns.admin.page import campaign_url
from campaigns.publishing import publish_campaign
from orchestration.models import CampaignRun
from orchestration.runs import stop_run
from tests.browser.axe import AXE, Survey
from tests.browser.test_canvas import box, relabelled_by_somebody_else
from tests.browser.test_content_editor import CONTENT, write
from tests.browser.visits import Visitor
from tests.config.admin.offices import Office, drop_working_tables, furnish, person, with_dates
from tests.orchestration.engine import draft, email
from tests.orchestration.texting import make_sms_channel, sms

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WIDTHS = (1440, 390)
LIST = "/admin/campaigns/campaign/"
RULE = {
    "kind": "all",
    "of": [
        {"kind": "condition", "attribute": "city", "operator": "equal", "value": "Busan"},
        {"kind": "condition", "attribute": "id", "operator": "less_or_equal", "value": 40},
    ],
}
KINDS = [
    {
        "id": "all",
        "type": "build_audience",
        "label": "Everybody",
        "config": {"dimension": "person", "rule": RULE},
    },
    {
        "id": "split",
        "type": "split",
        "label": "Near or far",
        "config": {"subsets": [{"id": "near", "label": "Near", "rule": RULE}], "complement": True},
    },
    {**email("mail"), "label": "Thank you"},
    sms("text"),
    {"id": "wait", "type": "wait", "config": {}},
    {"id": "end", "type": "end", "label": "The others"},
]
ARROWS = ["all split", "split.near mail", "split.complement wait", "wait text", "mail.sent end"]
EXCUSED = {
    (
        "target-size",
        ".cv-plus",
    ): "what stands in the drawing is as large as its reader zooms it; palette, keys and"
    " outline do the same at full size",
}
"""What is left as it is, by rule and selector, and why."""


@pytest.fixture
def office(live_server: object) -> Iterator[Office]:
    if finders.find(BUILT) is None:
        pytest.fail("The canvas is not built. Run: make canvas")
    if not AXE.exists():
        pytest.fail("axe-core is not installed. Run: make canvas")
    yield furnish(person("Author"))
    drop_working_tables()


@pytest.fixture
def survey() -> Survey:
    return Survey(EXCUSED)


@pytest.fixture
def publisher(visitor: Visitor, office: Office) -> Visitor:
    person("Publisher")
    visitor.sign_in("publisher")
    return visitor


def look(visitor: Visitor, survey: Survey, name: str) -> None:
    """In both themes at both widths; the window is as it was afterwards."""
    page = visitor.page
    for theme in ("light", "dark"):
        visitor.dress(theme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            survey.look(page, f"{name} @{width} {theme}")
    visitor.dress("light")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def told(survey: Survey, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{survey.table()}", *survey.lesser(), sep="\n")


def judged(survey: Survey, capsys: pytest.CaptureFixture[str]) -> None:
    told(survey, capsys)
    assert survey.failures == [], "\n\n".join(survey.failures)


def test_the_canvas_and_its_editors(
    publisher: Visitor, office: Office, survey: Survey, capsys: pytest.CaptureFixture[str]
) -> None:
    page = publisher.page
    make_sms_channel(opt_out_text="Reply STOP")
    campaign = draft("kinds", KINDS, ARROWS)
    publisher.go(campaign_url(campaign, "canvas"))
    expect(box(page, "mail")).to_be_visible()
    look(publisher, survey, "canvas")
    for kind in ("all", "split", "wait", "text"):
        box(page, kind).click()
        expect(page.locator(".cv-drawer")).to_be_visible()
        publisher.settle()
        look(publisher, survey, f"drawer: {kind}")
        page.keyboard.press("Escape")
    page.keyboard.press("o")
    look(publisher, survey, "outline")
    page.locator("[data-key=all]").press("Enter")
    look(publisher, survey, "outline and drawer")
    page.get_by_role("button", name="Edit in full").click()
    expect(page.locator("dialog.rb-full .rb-table tbody tr").first).to_be_visible()
    look(publisher, survey, "rule builder")
    judged(survey, capsys)


def test_dialogs(
    publisher: Visitor, office: Office, survey: Survey, capsys: pytest.CaptureFixture[str]
) -> None:
    page = publisher.page
    write(office, CONTENT)
    publisher.go(campaign_url(office.draft, "canvas") + "#mail")
    page.get_by_role("button", name="Edit the content").click()
    expect(page.locator(".ct-stage iframe:not(.ct-coming)")).to_be_visible()
    look(publisher, survey, "content editor")
    page.get_by_role("button", name="Done").click()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    look(publisher, survey, "keys")
    page.keyboard.press("Escape")
    page.locator(".cv-acts").get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Counted")
    look(publisher, survey, "publish dialog")
    page.keyboard.press("Escape")
    relabelled_by_somebody_else(office, all="Theirs", mail="Theirs")
    page.keyboard.press("o")
    page.locator("[data-key=all]").press("Enter")
    page.get_by_label("Label", exact=True).fill("Mine")
    expect(page.get_by_role("dialog")).to_contain_text("Theirs")
    look(publisher, survey, "conflict dialog")
    publisher.complaints[:] = [each for each in publisher.complaints if ": 412 " not in each]
    judged(survey, capsys)


def test_a_run(
    publisher: Visitor, office: Office, survey: Survey, capsys: pytest.CaptureFixture[str]
) -> None:
    page = publisher.page
    publisher.go(campaign_url(office.live, "canvas") + f"?run={office.run.pk}")
    expect(box(page, "mail")).to_contain_text("waits for a confirmation")
    look(publisher, survey, "run")
    box(page, "mail").click()
    expect(page.locator(".cv-run-drawer")).to_be_visible()
    for section in ("Settings as they were run", "Log"):
        page.locator(".cv-run-drawer").get_by_text(section, exact=True).click()
    look(publisher, survey, "run: activity")
    page.keyboard.press("Escape")
    page.locator(".cv-arrow-count").first.click()
    expect(page.locator("[data-people] tbody tr").first).to_be_visible()
    look(publisher, survey, "run: people")
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    look(publisher, survey, "run: outline")
    page.get_by_role("button", name="Confirm send").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look(publisher, survey, "run: confirm")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Runs").click()
    expect(page.locator(".cv-runs tbody tr").first).to_be_visible()
    look(publisher, survey, "runs")
    judged(survey, capsys)


def test_the_home(
    publisher: Visitor, office: Office, survey: Survey, capsys: pytest.CaptureFixture[str]
) -> None:
    with_dates(office.things["targetingdimension"])
    daily = draft("daily", [KINDS[0], KINDS[5]], ["all end"], schedule={"frequency": "daily", "at": "09:30"})
    publish_campaign(daily, by=None, if_match=daily.draft_hash, confirm_warnings=True)
    folder = office.things["folder"].pk
    pages = {
        "home: list": LIST,
        "home: folder": f"{LIST}?folder={folder}",
        "home: folders": f"{LIST}folders/",
        "home: calendar, month": f"{LIST}calendar/",
        "home: calendar, week": f"{LIST}calendar/?view=week",
        "home: calendar, list": f"{LIST}calendar/?view=agenda",
        "home: gallery": f"{LIST}add/",
        "home: create": f"{LIST}templates/announcement/",
        "home: nothing found": f"{LIST}calendar/?tag=nothing",
    }
    for name, path in pages.items():
        publisher.go(path)
        look(publisher, survey, name)
    judged(survey, capsys)


def test_the_home_without_anything(
    visitor: Visitor, live_server: object, survey: Survey, capsys: pytest.CaptureFixture[str]
) -> None:
    person("Author")
    visitor.sign_in("author")
    for name, path in {"list": LIST, "folders": f"{LIST}folders/", "calendar": f"{LIST}calendar/"}.items():
        visitor.go(path)
        look(visitor, survey, f"home, empty: {name}")
    judged(survey, capsys)


# --- what no scanner sees -------------------------------------------------------------------------------------

_TABBED = """() => {
    const PARTS = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderColor", "backgroundColor",
        "stroke", "strokeWidth", "opacity"];
    const element = document.activeElement;
    if (element === document.body) return null;
    const ancestors = [element.parentElement, element.parentElement?.parentElement].filter(Boolean);
    const around = [element, ...ancestors, ...[...element.querySelectorAll("*")].slice(0, 20)];
    const looks = () => around.map((each) => PARTS.map((part) => getComputedStyle(each)[part]).join(" ")).join("\\n");
    const focused = looks();
    element.blur();
    const blurred = looks();
    element.focus({ preventScroll: true });
    const name = element.getAttribute("aria-label") || element.textContent.trim().slice(0, 40) || element.className;
    const key = [element.tagName, name, element.dataset.id ?? "", element.getAttribute("class")].join(" | ");
    return { key, isVisible: focused !== blurred };
}"""


_NO_FOCUS = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(".cv :focus-visible { outline: none !important; }");
    document.adoptedStyleSheets.push(sheet);
}"""


def still(browser: Browser, base: object, path: str) -> tuple[Visitor, Callable[[], None]]:
    """A window of somebody who wants no motion."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-US", reduced_motion="reduce"
    )
    visitor = Visitor(context.new_page(), str(base))
    visitor.sign_in("publisher")
    visitor.go(path)
    return visitor, context.close


def tabbed(page: Page, most: int = 150) -> dict[str, bool]:
    """Everything that the tabulator leads to, and whether it looks different with the focus."""
    found: dict[str, bool] = {}
    for _step in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(_TABBED)
        if at is None or at["key"] in found:
            if at is None and found:
                break
            continue
        found[at["key"]] = at["isVisible"]
    return found


def test_the_focus_is_seen_wherever_it_is(browser: Browser, live_server: object, office: Office) -> None:
    person("Publisher")
    make_sms_channel(opt_out_text="Reply STOP")
    campaign = draft("kinds", KINDS, ARROWS)
    visitor, close = still(browser, live_server, campaign_url(campaign, "canvas"))
    page = visitor.page
    expect(box(page, "mail")).to_be_visible()
    seen = {"canvas": tabbed(page)}
    box(page, "split").click()
    expect(page.locator(".cv-drawer")).to_be_visible()
    seen["drawer"] = tabbed(page)
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    seen["outline"] = tabbed(page)
    visitor.go(campaign_url(office.live, "canvas") + f"?run={office.run.pk}")
    expect(box(page, "mail")).to_contain_text("waits for a confirmation")
    seen["run"] = tabbed(page)
    page.evaluate(_NO_FOCUS)
    assert not all(tabbed(page).values()), "what cannot be seen is noticed"
    close()
    unseen = {
        name: [key for key, is_visible in found.items() if not is_visible] for name, found in seen.items()
    }
    assert {name: keys for name, keys in unseen.items() if keys} == {}
    assert len(seen["canvas"]) > 30
    assert any(KINDS[0]["label"] in key for key in seen["canvas"]), "activities are reached"


def test_the_focus_comes_back_from_dialogs(publisher: Visitor, office: Office) -> None:
    page = publisher.page
    publisher.go(campaign_url(office.draft, "canvas"))
    expect(box(page, "mail")).to_be_visible()
    openers = (
        page.locator("[aria-keyshortcuts='?']"),
        page.locator(".cv-tools > [aria-keyshortcuts=A]"),
        page.locator("[aria-keyshortcuts='Control+F']"),
        page.locator(".cv-acts").get_by_role("button", name="Runs"),
        page.locator(".cv-acts").get_by_role("button", name="Publish", exact=True),
    )
    for opener in openers:
        opener.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert page.evaluate("document.activeElement.closest('dialog') !== null"), (
            "the focus is in the dialog"
        )
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(opener).to_be_focused()
    publisher.go(campaign_url(office.live, "canvas") + f"?run={office.run.pk}")
    stop = page.get_by_role("button", name="Stop")
    stop.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(stop).to_be_focused()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_focus_goes_into_drawers_and_back(publisher: Visitor, office: Office, width: int) -> None:
    page = publisher.page
    page.set_viewport_size({"width": width, "height": 900})
    publisher.go(campaign_url(office.draft, "canvas"))
    expect(box(page, "all")).to_be_attached()
    page.keyboard.press("o")
    row = page.locator("[data-key=all]")
    for closing in ("Escape", "Enter"):
        row.press("Enter")
        expect(page.locator(".cv-drawer")).to_be_visible()
        if width < 640:
            expect(page.locator(".cv-drawer")).to_be_focused()
        page.locator(".cv-drawer").get_by_role("button", name="Close").focus()
        page.keyboard.press(closing)
        expect(row).to_be_focused()
    publisher.go(campaign_url(office.live, "canvas") + f"?run={office.run.pk}")
    expect(page.locator("[data-run-state=running]")).to_be_visible()
    if width >= 640:
        page.keyboard.press("o")
    row = page.locator(".cv-run-rows [data-key=mail]")
    for closing in ("Escape", "Enter"):
        row.press("Enter")
        expect(page.locator(".cv-run-drawer")).to_be_focused()
        page.locator(".cv-run-drawer").get_by_role("button", name="Close").focus()
        page.keyboard.press(closing)
        expect(row).to_be_focused()


def test_what_changes_by_itself_is_announced(publisher: Visitor, office: Office) -> None:
    page = publisher.page
    publisher.go(campaign_url(office.draft, "canvas"))
    box(page, "all").click()
    page.evaluate(_LISTEN)
    page.get_by_label("Label", exact=True).fill("Mine")
    announced(page, "Saved")
    relabelled_by_somebody_else(office, mail="Theirs")
    page.get_by_label("Label", exact=True).fill("Mine again")
    announced(page, "Somebody else works on this campaign too")
    expect(page.locator("[data-saving=saved]")).to_be_visible()
    relabelled_by_somebody_else(office, all="Theirs", mail="Theirs")
    page.get_by_label("Label", exact=True).fill("Mine still")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_have_attribute("aria-label", "Somebody else has changed this campaign too")
    assert page.evaluate("document.activeElement.closest('dialog') !== null"), "a dialog announces itself"
    page.keyboard.press("Escape")
    expect(page.locator("[role=alert]")).to_contain_text("Somebody else has changed this campaign too")
    publisher.complaints[:] = [each for each in publisher.complaints if ": 412 " not in each]

    publisher.go(campaign_url(office.live, "canvas") + f"?run={office.run.pk}")
    expect(box(page, "mail")).to_contain_text("waits for a confirmation")
    page.evaluate(_LISTEN)
    stop_run(CampaignRun.objects.get(pk=office.run.pk))
    announced(page, "stopped")


_LISTEN = """() => {
    window.announced = [];
    const live = [...document.querySelectorAll("[role=status], [role=alert], [aria-live]")];
    new MutationObserver((changes) => {
        for (const { target } of changes) {
            const region = live.find((each) => each.contains(target));
            if (region) window.announced.push(region.textContent);
        }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""Only regions that were there before are sure to be read."""


def announced(page: Page, words: str) -> None:
    page.wait_for_function("(words) => window.announced.some((each) => each.includes(words))", arg=words)


def test_whoever_wants_no_motion_sees_none(browser: Browser, live_server: object, office: Office) -> None:
    person("Publisher")
    visitor, close = still(browser, live_server, campaign_url(office.draft, "canvas"))
    page = visitor.page
    box(page, "all").click()
    expect(page.locator(".cv-drawer")).to_be_visible()
    moving = page.evaluate(_MOVING)
    page.get_by_role("button", name="Edit in full").click()
    moving += page.evaluate(_MOVING)
    page.keyboard.press("Escape")
    page.locator("[aria-keyshortcuts='Control+F']").click()
    page.keyboard.type("mail")
    before = page.locator(".react-flow__viewport").get_attribute("style")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "(before) => document.querySelector('.react-flow__viewport').getAttribute('style') !== before",
        arg=before,
    )
    at_once = page.locator(".react-flow__viewport").get_attribute("style")
    page.wait_for_timeout(400)
    assert page.locator(".react-flow__viewport").get_attribute("style") == at_once
    visitor.go(campaign_url(office.live, "canvas") + f"?run={office.run.pk}")
    expect(box(page, "mail")).to_contain_text("waits for a confirmation")
    moving += page.evaluate(_MOVING)
    close()
    assert moving == []


_MOVING = """() => {
    const found = new Set(document.getAnimations().map(({ effect }) => `animation of ${effect?.target?.className}`));
    for (const element of document.querySelectorAll("#canvas *")) {
        for (const pseudo of [null, "::before", "::after"]) {
            const { animationName, transitionDuration } = getComputedStyle(element, pseudo);
            const isMoving = animationName !== "none" || /[1-9]/.test(transitionDuration);
            if (isMoving) found.add(`${element.getAttribute("class")} ${pseudo ?? ""}`);
        }
    }
    return [...found];
}"""


@pytest.mark.parametrize("width", [320, 720], ids=["320 pixels", "at 200 percent"])
def test_nothing_is_lost_without_room(
    publisher: Visitor, office: Office, pictures: Path | None, width: int
) -> None:
    page = publisher.page
    page.set_viewport_size({"width": width, "height": 450 if width == 720 else 640})
    lost: dict[str, list[str]] = {}

    def check(name: str) -> None:
        publisher.picture(pictures, f"narrow-{width}-{name}")
        wide = publisher.overflow()
        lost[name] = page.evaluate(_LOST) + ([f"{wide} pixels too wide"] if wide else [])

    publisher.go(campaign_url(office.draft, "canvas"))
    expect(box(page, "all")).to_be_attached()
    check("canvas")
    page.keyboard.press("o")
    check("outline")
    page.locator("[data-key=all]").press("Enter")
    expect(page.locator(".cv-drawer")).to_be_visible()
    check("drawer")
    page.get_by_role("button", name="Edit in full").click()
    expect(page.locator("dialog.rb-full")).to_be_visible()
    check("rule builder")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator(".cv-acts").get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("Counted")
    check("publish")
    page.keyboard.press("Escape")
    publisher.go(campaign_url(office.live, "canvas") + f"?run={office.run.pk}")
    expect(page.locator("[data-run-state=running]")).to_be_visible()
    check("run")
    for name, path in {
        "list": LIST,
        "folders": f"{LIST}folders/",
        "calendar": f"{LIST}calendar/",
        "gallery": f"{LIST}add/",
    }.items():
        publisher.go(path)
        check(name)
    assert {name: found for name, found in lost.items() if found} == {}


_LOST = """() => {
    const scopes = ["dialog[open]", "#canvas", "#content, main, .tt"];
    const scope = scopes.flatMap((each) => [...document.querySelectorAll(each)].slice(-1))[0];
    const found = [];
    for (const element of scope.querySelectorAll("button, a[href], input, select, textarea, summary")) {
        if (!element.checkVisibility({ visibilityProperty: true })) continue;
        if (element.closest(".react-flow__viewport, [type=hidden]")) continue;
        element.scrollIntoView({ block: "center", inline: "center" });
        const { left, right, top, bottom } = element.getBoundingClientRect();
        if (right - left < 2) continue;
        const isInside = left >= -1 && right <= innerWidth + 1 && bottom > 0 && top < innerHeight;
        const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        const isFree = at !== null && (element.contains(at) || at.contains(element) || at.closest("label") !== null);
        const name = element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 30);
        const place = `at ${Math.round(left)}–${Math.round(right)}, ${Math.round(top)}–${Math.round(bottom)}`;
        if (!isInside) found.push(`${element.tagName} ${name} ${element.className} ${place}`);
        else if (!isFree) found.push(`${element.tagName} ${name} ${element.className} ${place} under ${at?.className}`);
    }
    return found;
}"""
"""What can be clicked but not be brought into the window, or lies under something else."""
