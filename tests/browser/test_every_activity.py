"""A campaign of all activity types built from blank, by hand and by keys alone, and lived through to its report."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Locator, Page, expect
from pytest_django import Settings

from campaigns.admin.canvas import BUILT
from campaigns.document import as_data, canonical_text
from campaigns.drafts import read_draft
from campaigns.files.store import remove_file
from campaigns.models import Campaign, StoredFile
from config.settings import LOCAL
from orchestration.models import CampaignRun, Message, Population
from tests.browser.hands import Hands, Keys, Mouse
from tests.browser.market import close_market
from tests.browser.shop import open_shop
from tests.browser.spring import AFTERWARDS, CONNECTIONS, LABEL, STEPS, Apart, Behind, Form, Into, Step
from tests.browser.test_canvas import box, is_saved
from tests.browser.test_composing import looks
from tests.browser.test_run_view import run_is
from tests.browser.visits import WORKERS, Visitor
from tests.config.admin.offices import drop_working_tables, person
from tests.faults.installation import Installation, installation
from tests.faults.mailings import arrived
from tests.ledger import forget_events

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HOME = "/admin/"
FORESEEN = re.compile(r"(\d+) people by e-mail")
NAME = "Spring thanks"
SPRING = Path(__file__).with_name("spring.json")
"""What both hands have to come to, but for the name and the places of the boxes."""


@pytest.fixture
def house(tmp_path: Path, live_server: object, settings: Settings) -> Iterator[Installation]:
    """The shop, with workers, beat and a sink."""
    if finders.find(BUILT) is None:
        pytest.fail("The canvas is not built. Run: make canvas")
    settings.PUBLIC_BASE_URL = str(live_server)
    settings.MAIL_FOLDER = tmp_path / "mail"
    settings.FILES_FOLDER = LOCAL / "files"
    surroundings = {"BROKER_URL": os.environ["BROKER_URL"], "PUBLIC_BASE_URL": str(live_server)}
    with installation(tmp_path, **surroundings) as started:
        open_shop(started.start_sink())
        started.start_worker("engine", "engine", children=1)
        started.start_worker("sender", "email,default", children=1)
        started.start_beat()
        yield started
    for file in StoredFile.objects.all():
        remove_file(file)
    forget_events()
    close_market()
    drop_working_tables()


@pytest.fixture
def building(visitor: Visitor, house: Installation) -> Iterator[Visitor]:
    """Whoever calls a question off may be told that it has just been answered."""
    person("Publisher")
    visitor.page.set_viewport_size({"width": 1900, "height": 1080})
    visitor.sign_in("publisher")
    yield visitor
    visitor.complaints[:] = [each for each in visitor.complaints if "/rules/questions/" not in each]


class ByHand:
    """On the canvas: dragged, clicked and searched for."""

    def __init__(self, page: Page) -> None:
        self.page, self.hands = page, Mouse(page)

    def begin(self) -> None:
        self.page.get_by_role("link", name="New campaign").click()
        self.page.get_by_label("Name", exact=True).first.fill(NAME)
        self.page.get_by_role("button", name="Create campaign").click()
        expect(self.page.get_by_text("Who should hear from you?")).to_be_visible()

    def place(self, step: Step, label: str) -> None:
        match step.spot:
            case Apart("first"):
                self.page.get_by_role("button", name="Add the first activity").click()
                self._choose(label)
            case Apart("drag"):
                self._drag_in(label)
            case Apart():
                self._search(label)
            case Behind(activity, how="search"):
                self.show_all()
                box(self.page, activity).locator(".cv-box-head").click()
                self._search(label)
            case Behind(activity, port):
                self.show_all()
                plus = self.page.locator(f".cv-plus-behind[data-port='{port}']")
                box(self.page, activity).locator(plus).click()
                self._choose(label)
            case Into(source, target):
                self.show_all()
                self.page.locator(f"[data-transition^='{source} '][data-transition$=' {target}']").click()
                self._choose(label)

    def _choose(self, label: str) -> None:
        dialog = self.page.locator("dialog.cv-chooser")
        dialog.get_by_role("combobox").fill(label)
        dialog.get_by_role("option").filter(has=self.page.get_by_text(label, exact=True)).click()

    def _search(self, label: str) -> None:
        search = self.page.get_by_role("searchbox", name="Search activities")
        search.fill(label)
        self._kind(label).click()
        search.fill("")

    def _kind(self, label: str) -> Locator:
        return self.page.locator(".cv-kind").filter(has_text=re.compile(rf"{label}$"))

    def _drag_in(self, label: str) -> None:
        """To where nothing stands: below everything."""
        self.show_all()
        pane = self.page.locator(".cv-canvas").bounding_box()
        assert pane
        boxes = [each.bounding_box() for each in self.page.locator("[data-activity]").all()]
        lowest = max(each["y"] + each["height"] for each in boxes if each)
        spot = {"x": pane["width"] / 2, "y": min(lowest - pane["y"] + 60, pane["height"] - 30)}
        self._kind(label).drag_to(self.page.locator(".cv-canvas"), target_position=spot)

    def close(self, step: str) -> None:
        self.page.locator(".cv-drawer").get_by_role("button", name="Close").click()
        self.page.locator(".react-flow__pane").click(position={"x": 12, "y": 12})

    def open(self, activity: str) -> None:
        self.show_all()
        box(self.page, activity).locator(".cv-box-head").click()

    def show_all(self) -> None:
        self.page.get_by_role("button", name="Arrange", exact=True).click()
        self.page.locator(".react-flow__controls-fitview").click()
        self.page.wait_for_timeout(50)

    def look_at(self, activity: str) -> None:
        """Of a run."""
        box(self.page, activity).locator(".cv-box-head").click()

    def connect(self, source: str, port: str, target: str) -> None:
        self.show_all()
        box(self.page, source).locator(f".react-flow__handle-right[data-handleid='{port}']").drag_to(
            box(self.page, target).locator(".react-flow__handle-left")
        )


class ByKeys:
    """In the outline, without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page, self.hands = page, Keys(page)

    def begin(self) -> None:
        self.hands.press(self.page.get_by_role("link", name="New campaign"))
        self.hands.fill(self.page.get_by_label("Name", exact=True).first, NAME)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_text("Who should hear from you?")).to_be_visible()
        self.page.keyboard.press("o")

    def place(self, step: Step, label: str) -> None:
        match step.spot:
            case Apart("first"):
                self.hands.press(self.page.get_by_role("button", name="Add the first activity"))
            case Apart():
                self.page.keyboard.press("Shift+A")
            case Behind(activity, port):
                self._row(f"{activity} {port}")
                self.page.keyboard.press("a")
            case Into(source, target):
                self._row(f"{source} main {target}")
                self.page.keyboard.press("a")
        self._choose(label)

    def _choose(self, words: str) -> None:
        expect(self.page.locator("dialog.cv-chooser [role=combobox]")).to_be_focused()
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")
        expect(self.page.locator("dialog.cv-chooser")).to_have_count(0)

    def _row(self, key: str) -> None:
        """The tabulator leads to the row that was left last, arrows to any other."""
        rows = self.page.locator("[data-key]")
        wanted = self.page.locator(f"[data-key='{key}']")
        expect(wanted).to_be_visible()
        self.hands.reach(self.page.locator("[data-key][tabindex='0']"))
        keys = rows.evaluate_all("rows => rows.map(row => row.dataset.key)")
        here = rows.evaluate_all("rows => rows.indexOf(document.activeElement)")
        steps = keys.index(key) - here
        for _step in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
        expect(wanted).to_be_focused()

    def close(self, step: str) -> None:
        self.page.keyboard.press("Escape")
        expect(self.page.locator(f"[data-row='{step}']")).to_be_focused()

    def open(self, activity: str) -> None:
        self._row(activity)
        self.page.keyboard.press("Enter")

    def look_at(self, activity: str) -> None:
        self.page.keyboard.press("o")
        self.hands.press(self.page.locator(f".cv-run-rows [data-key='{activity}']"))

    def connect(self, source: str, port: str, target: str) -> None:
        self._row(f"{source} {port}")
        self.page.keyboard.press("c")
        self._choose({step.id: step.label for step in STEPS}[target])
        expect(self.page.locator(f"[data-key='{source} {port} {target}']")).to_be_visible()


def build(builder: ByHand | ByKeys, labels: dict[str, str]) -> str:
    """Every step; the slug of the campaign that comes of it."""
    page, form = builder.page, Form(builder.hands)
    builder.begin()
    for step in STEPS:
        builder.place(step, labels[step.type])
        expect(page.locator(LABEL)).to_be_visible()
        builder.hands.fill(page.locator(LABEL), step.label)
        step.settings(form)
        builder.close(step.id)
    for source, port, target in CONNECTIONS:
        builder.connect(source, port, target)
    for activity, fill_in in AFTERWARDS:
        builder.open(activity)
        expect(page.locator(LABEL)).to_be_visible()
        fill_in(form)
        builder.close(activity)
    is_saved(page)
    found = re.search(r"/campaign/(\d+)/", page.url)
    assert found
    return Campaign.objects.get(pk=int(found[1])).slug


def types_of_the_api(page: Page) -> dict[str, str]:
    """By name, what people read for it."""
    kinds = page.evaluate("fetch('/api/v1/activity-types/').then((answer) => answer.json())")
    return {kind["name"]: kind["label"] for kind in kinds}


def as_the_api_gives_it(page: Page, slug: str) -> dict[str, Any]:
    text = page.evaluate(f"fetch('/api/v1/campaigns/{slug}/').then((answer) => answer.text())")
    assert text == canonical_text(as_data(read_draft(slug).document))
    document: dict[str, Any] = json.loads(text)
    return document


def meaning(document: dict[str, Any]) -> str:
    """Without its name and without where it is drawn."""
    return canonical_text({**document, "campaign": None, "layout": None})


def is_the_spring_campaign(document: dict[str, Any], labels: dict[str, str]) -> None:
    """With every type that may be placed, and to the letter what the other hand builds."""
    assert {each["type"] for each in document["activities"]} == set(labels)
    assert meaning(document) == canonical_text(json.loads(SPRING.read_text()))


def test_by_hand_from_blank_to_the_report(
    building: Visitor, house: Installation, pictures: Path | None
) -> None:
    page = building.page
    building.go(HOME)
    labels = types_of_the_api(page)
    slug = build(ByHand(page), labels)
    is_the_spring_campaign(as_the_api_gives_it(page, slug), labels)
    _look_at_the_drawing(building, pictures)
    _live_through(ByHand(page), building, house, slug, pictures)


def test_by_keys_alone_from_blank_to_the_report(
    building: Visitor, house: Installation, pictures: Path | None
) -> None:
    page = building.page
    building.go(HOME)
    labels = types_of_the_api(page)
    slug = build(ByKeys(page), labels)
    is_the_spring_campaign(as_the_api_gives_it(page, slug), labels)
    assert looks(building, pictures, "every-outline") == {}
    _live_through(ByKeys(page), building, house, slug, None)


def _live_through(
    by: ByHand | ByKeys, visitor: Visitor, house: Installation, slug: str, pictures: Path | None
) -> None:
    """Tested, published, confirmed, watched to the end and reported."""
    campaign = Campaign.objects.get(slug=slug)
    _test(by.hands, campaign)
    visitor.picture(pictures, "every-test")
    foreseen, run = _publish(by.hands, campaign)
    _watch_to_the_end(by.hands, run)
    assert _see_what_came_of_it(by, visitor, house, run, pictures) == foreseen


def _look_at_the_drawing(visitor: Visitor, pictures: Path | None) -> None:
    page = visitor.page
    page.get_by_role("button", name="Arrange", exact=True).click()
    page.locator(".react-flow__controls-fitview").click()
    page.wait_for_timeout(500)
    visitor.picture(pictures, "every-canvas")
    is_saved(page)


def _test(hands: Hands, campaign: Campaign) -> None:
    page = hands.page
    hands.press(page.locator(".cv-acts").get_by_role("button", name="Test run", exact=True))
    run_is(page, "completed")
    run = campaign.runs.get(kind="test")
    assert on_the_arrows(page) == in_postgresql(run)
    assert not Message.objects.exclude(state__in=("ready", "excluded")).exists()


def on_the_arrows(page: Page) -> dict[str, str]:
    """By the transition, as it is read out."""
    found = page.locator(".react-flow__edge").evaluate_all("all => all.map((each) => each.dataset.id)")
    counts = page.locator(".cv-arrow-count").all_inner_texts()
    assert counts
    return {"transitions": str(len(found)), "counts": " ".join(sorted(counts))}


def in_postgresql(run: CampaignRun) -> dict[str, str]:
    """What left each way out, in all rounds together."""
    left: Counter[tuple[str, str]] = Counter()
    rows = Population.objects.filter(activity_run__run=run).exclude(row_count=None)
    for population in rows.select_related("activity_run"):
        left[population.activity_run.activity_id, population.port] += population.row_count or 0
    arrows = json.loads(run.definition)["transitions"]
    ways = [(arrow["from"], arrow.get("port", "main")) for arrow in arrows]
    counts = sorted(str(left[way]) for way in ways if way in left)
    return {"transitions": str(len(ways)), "counts": " ".join(counts)}


def _publish(hands: Hands, campaign: Campaign) -> tuple[int, CampaignRun]:
    """How many mails are foreseen, and the run that comes of it."""
    page, dialog = hands.page, hands.page.get_by_role("dialog")
    hands.press(page.get_by_role("button", name="Publish", exact=True))
    expect(dialog).to_contain_text(FORESEEN, timeout=WORKERS)
    foreseen = FORESEEN.search(dialog.inner_text())
    assert foreseen
    expect(dialog).to_contain_text(re.compile("Nothing speaks against it|all the same"), timeout=WORKERS)
    if (everything := dialog.get_by_label("all the same", exact=False)).count():
        hands.check(everything)
    hands.press(dialog.get_by_role("button", name="Publish", exact=True))
    _once_there(hands, dialog.get_by_role("button", name="Watch it"))
    run = campaign.runs.get(kind="live")
    expect(page.locator(f"[data-run='{run.pk}']").first).to_be_visible()
    return int(foreseen[1]), run


def _once_there(hands: Hands, button: Locator) -> None:
    expect(button).to_be_visible(timeout=WORKERS)
    hands.press(button)


def _watch_to_the_end(hands: Hands, run: CampaignRun) -> None:
    """Both sends are confirmed; the wait of two days is ended."""
    page, dialog = hands.page, hands.page.get_by_role("dialog")
    for title in ("Spring letter", "Spring text"):
        note = page.locator(".cv-trouble").filter(has_text=title)
        _once_there(hands, note.get_by_role("button", name="Confirm send"))
        hands.press(dialog.get_by_role("button", name="Confirm send"))
        expect(dialog).to_have_count(0)
    expect(box(page, "wait")).to_contain_text("waiting until", timeout=WORKERS)
    hands.press(page.get_by_role("button", name="End waits now"))
    hands.press(dialog.get_by_role("button", name="End waits now"))
    run_is(page, "completed")
    assert on_the_arrows(page) == in_postgresql(run)


def _look_at_the_run(visitor: Visitor, pictures: Path | None) -> None:
    assert looks(visitor, pictures, "every-run") == {}
    visitor.page.locator(".react-flow__controls-fitview").click()
    visitor.page.wait_for_timeout(500)
    visitor.picture(pictures, "every-run")


def _see_what_came_of_it(
    by: ByHand | ByKeys, visitor: Visitor, house: Installation, run: CampaignRun, pictures: Path | None
) -> int:
    """How many mails the sink has, each once, which is what the report says too."""
    page = visitor.page
    sent = sorted(
        Message.objects.filter(
            delivery__activity_run__run=run, delivery__channel="email", state="sent"
        ).values_list("pk", flat=True)
    )
    assert sent
    assert arrived(house) == Counter(dict.fromkeys(sent, 1))
    if isinstance(by, ByHand):
        _look_at_the_run(visitor, pictures)
    by.look_at("email")
    by.hands.press(page.get_by_role("link", name="Open the report"))
    row = page.locator("table tr").filter(has=page.get_by_text("Sends", exact=True)).first
    expect(row.locator("td.num")).to_have_text(str(len(sent)))
    visitor.picture(pictures, "every-report")
    return len(sent)
