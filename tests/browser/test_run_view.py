"""A draft is tested, published, sent and watched on its own canvas, with real workers and a real mail server."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, Route, expect
from pytest_django import Settings

from campaigns.admin.canvas import BUILT
from campaigns.admin.page import campaign_url
from campaigns.drafts import read_draft, save_draft
from campaigns.models import Campaign, Consent
from campaigns.publishing import publish_campaign
from orchestration.events import NewEvent, record_event
from orchestration.models import (
    CampaignRun,
    EventKind,
    Message,
    Population,
    RunLogEntry,
)
from orchestration.runs import stop_run
from tests.browser.test_composing import looks
from tests.browser.visits import WORKERS, Visitor
from tests.config.admin.offices import Office, drop_working_tables, furnish, person
from tests.faults.installation import Installation, installation
from tests.faults.mailings import make_people
from tests.ledger import forget_events
from tests.orchestration.engine import draft, email, make_channel

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PEOPLE, WITHOUT_CONSENT = 60, 7
RULE = {"kind": "condition", "attribute": "id", "operator": "less_or_equal", "value": 40}
ACTIVITIES = [
    {"id": "all", "type": "build_audience", "label": "Everybody", "config": {"dimension": "person"}},
    {
        "id": "split",
        "type": "split",
        "label": "New or known",
        "config": {"subsets": [{"id": "known", "label": "Known", "rule": RULE}], "complement": True},
    },
    {**email("mail"), "label": "Thank you"},
    {"id": "end", "type": "end", "label": "The others"},
]


@pytest.fixture(autouse=True)
def built() -> None:
    if finders.find(BUILT) is None:
        pytest.fail("The canvas is not built. Run: make canvas")


@pytest.fixture
def house(tmp_path: Path, live_server: object, settings: Settings) -> Iterator[Installation]:
    """Workers, beat and a sink; seven of the sixty people have not consented."""
    settings.PUBLIC_BASE_URL = str(live_server)
    settings.MAIL_FOLDER = tmp_path / "mail"
    surroundings = {"BROKER_URL": os.environ["BROKER_URL"], "PUBLIC_BASE_URL": str(live_server)}
    with installation(tmp_path, **surroundings) as started:
        port = started.start_sink()
        make_people(PEOPLE)
        Consent.objects.filter(recipient_key__in=[str(key) for key in range(1, WITHOUT_CONSENT + 1)]).delete()
        make_channel(provider_config={"host": "127.0.0.1", "port": port, "security": "none"})
        started.start_worker("engine", "engine", children=1)
        started.start_worker("sender", "email,default", children=1)
        started.start_beat()
        yield started
    forget_events()
    drop_working_tables()


@pytest.fixture
def office(live_server: object) -> Iterator[Office]:
    yield furnish(person("Author"))
    drop_working_tables()


def box(page: Page, activity: str) -> Locator:
    return page.locator(f"[data-activity='{activity}']")


def run_is(page: Page, state: str) -> None:
    expect(page.locator(f"[data-run-state='{state}']")).to_be_visible(timeout=WORKERS)


def counted(run: CampaignRun) -> dict[str, int]:
    """What PostgreSQL says left each way out."""
    rows = Population.objects.filter(activity_run__run=run).exclude(row_count=None)
    return {f"{each.activity_run.activity_id} {each.port}": each.row_count for each in rows}


def on_the_arrows(page: Page) -> list[str]:
    return sorted(page.locator(".cv-arrow-count").all_inner_texts())


def by_hand(visitor: Visitor, statuses: str) -> None:
    """What a test provoked is no complaint."""
    pattern = re.compile(statuses)
    visitor.complaints[:] = [each for each in visitor.complaints if not pattern.search(each)]


# --- the whole way ------------------------------------------------------------------------------------------


def test_from_drawing_to_rates(house: Installation, visitor: Visitor, pictures: Path | None) -> None:
    person("Publisher")
    campaign = draft("thanks", ACTIVITIES, ["all split", "split.known mail"])
    visitor.sign_in("publisher")
    visitor.go(campaign_url(campaign, "canvas"))
    _draw_and_test(visitor, campaign, pictures)
    _look_closer(visitor, pictures)
    run = _publish(visitor, campaign, pictures)
    _confirm_and_send(visitor, run, pictures)
    _see_rates(visitor, run, pictures)
    _history(visitor, campaign, run, pictures)


def _draw_and_test(visitor: Visitor, campaign: Campaign, pictures: Path | None) -> None:
    page = visitor.page
    expect(box(page, "all")).to_be_visible()
    page.keyboard.press("o")
    page.locator("[data-key='split complement']").focus()
    page.keyboard.press("c")
    page.keyboard.type("The others")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.locator(".cv-acts").get_by_role("button", name="Test run", exact=True).dblclick()
    run_is(page, "completed")
    assert campaign.runs.count() == 1
    run = campaign.runs.get()
    assert f"run={run.pk}" in page.url
    found = counted(run)
    assert on_the_arrows(page) == sorted(
        str(found[way]) for way in ("all main", "split known", "split complement")
    )
    expect(box(page, "mail")).to_contain_text(f"would go to {40 - WITHOUT_CONSENT} people")
    expect(box(page, "mail")).to_contain_text(f"{WITHOUT_CONSENT} excluded")
    expect(page.locator("[data-news]")).to_contain_text("completed")
    assert looks(visitor, pictures, "run-test") == {}
    assert not Message.objects.exclude(state__in=("ready", "excluded")).exists()


def _look_closer(visitor: Visitor, pictures: Path | None) -> None:
    page = visitor.page
    box(page, "mail").click()
    drawer = page.locator(".cv-run-drawer")
    expect(drawer.locator("[data-excluded=no_consent]")).to_contain_text(str(WITHOUT_CONSENT))
    drawer.get_by_text("Settings as they were run").click()
    expect(drawer.locator(".cv-as-run select").first).to_be_disabled()
    drawer.get_by_text("Log", exact=True).click()
    expect(drawer.locator(".cv-log")).to_contain_text("messages were prepared")
    assert looks(visitor, pictures, "run-activity") == {}
    page.keyboard.press("Escape")
    box(page, "all").click()
    drawer.get_by_text("SQL", exact=True).click()
    expect(drawer.locator("pre")).to_contain_text("SELECT")
    page.keyboard.press("Escape")
    page.locator(".cv-arrow-count", has_text=str(PEOPLE)).click()
    rows = drawer.locator("[data-people] tbody tr")
    expect(rows).to_have_count(20)
    expect(rows.first).to_contain_text("person1@example.com")
    drawer.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(40)
    assert looks(visitor, pictures, "run-people") == {}
    page.keyboard.press("Escape")


def _publish(visitor: Visitor, campaign: Campaign, pictures: Path | None) -> CampaignRun:
    page = visitor.page
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("first version")
    expect(dialog).to_contain_text(f"{40 - WITHOUT_CONSENT} people by e-mail")
    expect(dialog).to_contain_text("Counted")
    assert looks(visitor, pictures, "publish") == {}
    confirm = dialog.get_by_label("all the same", exact=False)
    if confirm.count():
        confirm.check()
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(dialog).to_contain_text("Version 1 is published")
    dialog.get_by_role("button", name="Watch it").click(timeout=WORKERS)
    run = campaign.runs.get(kind="live")
    expect(page.locator(f"[data-run='{run.pk}']").first).to_be_visible()
    return run


def _confirm_and_send(visitor: Visitor, run: CampaignRun, pictures: Path | None) -> None:
    page = visitor.page
    page.get_by_role("button", name="Confirm send").first.click(timeout=WORKERS)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(str(40 - WITHOUT_CONSENT))
    assert looks(visitor, pictures, "confirm") == {}
    dialog.get_by_role("button", name="Confirm send").dblclick()
    run_is(page, "completed")
    expect(box(page, "mail")).to_contain_text(re.compile(r"33 of 33 sent|82\.5%"))
    assert RunLogEntry.objects.filter(run=run, event="delivery_confirmed").count() == 1
    states = dict(
        Message.objects.filter(delivery__activity_run__run=run).values_list("recipient_key", "state")
    )
    assert list(states.values()).count("sent") == 40 - WITHOUT_CONSENT


def _see_rates(visitor: Visitor, run: CampaignRun, pictures: Path | None) -> None:
    page = visitor.page
    messages = Message.objects.filter(delivery__activity_run__run=run, state="sent").order_by("pk")
    for number, message in enumerate(messages[:11]):
        _opened(message, EventKind.OPENED, number)
    _opened(messages[0], EventKind.CLICKED, 99)
    rates = box(page, "mail").locator(".cv-rates")
    expect(rates).to_contain_text("100%")
    expect(rates.locator("div", has_text="opened")).to_contain_text("33.3% 11", timeout=WORKERS)
    expect(rates.locator("div", has_text="clicked")).to_contain_text("3% 1")
    assert looks(visitor, pictures, "run-live") == {}
    page.set_viewport_size({"width": 390, "height": 900})
    page.keyboard.press("o")
    assert looks(visitor, pictures, "run-outline") == {}
    page.keyboard.press("o")
    box(page, "mail").click()
    report = page.get_by_role("link", name="Open the report")
    expect(report).to_have_attribute("href", re.compile(rf"report/\?run={run.pk}&activity=mail"))
    assert looks(visitor, pictures, "run-live-activity") == {}
    page.keyboard.press("Escape")


def _opened(message: Message, kind: str, number: int) -> None:
    event = NewEvent(
        message_id=message.pk,
        kind=kind,
        occurred_at=timezone.now(),
        provider="test",
        provider_event_id=f"{kind}-{number}",
        user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    )
    record_event(event)


def _history(visitor: Visitor, campaign: Campaign, run: CampaignRun, pictures: Path | None) -> None:
    page = visitor.page
    page.get_by_role("button", name="Runs").click()
    rows = page.locator(".cv-runs tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(f"Live run {run.pk}")
    assert looks(visitor, pictures, "history") == {}
    test = campaign.runs.get(kind="test")
    page.get_by_role("button", name=f"Test run {test.pk}").click()
    expect(page.locator(f"[data-run='{test.pk}']").first).to_be_visible()
    page.get_by_label("Compare with").select_option(value=str(run.pk))
    expect(page.locator(".cv-arrow-count small")).to_have_text(
        ["±0"] * page.locator(".cv-arrow-count").count()
    )
    assert looks(visitor, pictures, "compared") == {}
    page.go_back()
    expect(page.locator(f"[data-run='{run.pk}']").first).to_be_visible()
    page.reload()
    expect(page.locator(f"[data-run='{run.pk}']").first).to_be_visible()
    page.get_by_role("button", name="Back to the draft").click()
    expect(page.locator(".cv-palette")).to_be_visible()


# --- soon after it is committed -----------------------------------------------------------------------------


def test_counts_appear_as_soon_as_they_are_committed(
    house: Installation, visitor: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    """Waits part the steps, so that each number comes while somebody watches; a worker commits, a browser shows."""
    wait = {"type": "wait", "config": {"until": {"kind": "duration", "amount": 3, "unit": "seconds"}}}
    steps = [ACTIVITIES[0], *({**wait, "id": f"wait{number}"} for number in range(3)), ACTIVITIES[3]]
    campaign = draft("timed", steps, ["all wait0", "wait0 wait1", "wait1 wait2", "wait2 end"])
    person("Publisher")
    visitor.sign_in("publisher")
    visitor.go(campaign_url(campaign, "canvas"))
    page = visitor.page
    page.evaluate(WATCH_COUNTS)
    page.get_by_label("More").click()
    page.get_by_role("button", name="Test run with real waits").click()
    run_is(page, "completed")
    seen = page.evaluate("window.seenAt")
    run = campaign.runs.get()
    late = _lateness(run, seen)
    with capsys.disabled():
        print(
            f"\nseconds from commit to sight: {', '.join(f'{way} {each:.2f}' for way, each in late.items())}"
        )
    assert len(late) == 4
    _assert_each_was_seen_before_the_next(run, seen)


WATCH_COUNTS = """() => {
  window.seenAt = {};
  new MutationObserver(() => {
    for (const box of document.querySelectorAll('[data-activity]')) {
      if (box.classList.contains('is-succeeded')) window.seenAt[box.dataset.activity] ??= Date.now();
    }
  }).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
}"""


def _lateness(run: CampaignRun, seen: dict[str, float]) -> dict[str, float]:
    """The log entry is written in the transaction that makes the population."""
    ended = run.activity_runs.exclude(activity_id="end").values_list("activity_id", "finished_at")
    return {activity: seen[activity] / 1000 - at.timestamp() for activity, at in ended}


def _assert_each_was_seen_before_the_next(run: CampaignRun, seen: dict[str, float]) -> None:
    """A wait lies between; how long a busy machine takes is printed, not judged."""
    ends = list(run.activity_runs.order_by("finished_at").values_list("activity_id", "finished_at"))
    for (before, _ended), (_after, at) in pairwise(ends[:-1]):
        assert seen[before] / 1000 < at.timestamp()


# --- what goes wrong ----------------------------------------------------------------------------------------


def test_a_failure_is_told_and_retried(house: Installation, visitor: Visitor, pictures: Path | None) -> None:
    person("Publisher")
    campaign = draft("broken", [ACTIVITIES[0], ACTIVITIES[3]], ["all end"])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE person RENAME TO person_away")
    visitor.sign_in("publisher")
    visitor.go(campaign_url(campaign, "canvas"))
    page = visitor.page
    page.locator(".cv-acts").get_by_role("button", name="Test run", exact=True).click()
    run_is(page, "failed")
    expect(box(page, "all")).to_contain_text("failed")
    expect(page.locator("[data-news]")).to_contain_text("failed")
    expect(page.locator(".cv-trouble.bad")).to_contain_text("person")
    box(page, "all").click()
    assert looks(visitor, pictures, "run-failed") == {}
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE person_away RENAME TO person")
    page.locator(".cv-run-drawer").get_by_role("button", name="Try again").click()
    run_is(page, "completed")
    assert on_the_arrows(page) == [str(PEOPLE)]
    # The rule that was run is shown with its count, which needs the table as well.
    by_hand(visitor, ": 422 .*rules/count")


def test_what_the_server_cannot_do_is_said_and_survived(
    visitor: Visitor, office: Office, pictures: Path | None
) -> None:
    person("Publisher")
    visitor.sign_in("publisher")
    visitor.go(campaign_url(office.live, "canvas") + f"?run={office.run.pk}")
    page = visitor.page
    expect(box(page, "mail")).to_contain_text("waits for a confirmation")
    address = re.compile(rf"/api/v1/runs/{office.run.pk}/$")
    trouble = page.locator("[data-trouble]")

    page.route(address, lambda route: route.fulfill(status=500, body="{}"))
    expect(trouble).to_have_attribute("data-trouble", "server")
    expect(trouble).to_contain_text("may be old")
    assert looks(visitor, pictures, "run-server-trouble") == {}
    page.unroute(address)
    trouble.get_by_role("button", name="Try again").click()
    expect(trouble).to_have_count(0)

    page.context.set_offline(True)
    expect(trouble).to_have_attribute("data-trouble", "offline")
    page.context.set_offline(False)
    expect(trouble).to_have_count(0)

    page.route(address, lambda route: route.fulfill(status=401, content_type="application/json", body="{}"))
    expect(trouble).to_have_attribute("data-trouble", "signed_out")
    expect(trouble.get_by_role("link", name="Sign in")).to_be_visible()
    page.unroute(address)
    trouble.get_by_role("button", name="Try again").click()
    expect(trouble).to_have_count(0)
    by_hand(visitor, ": 500 |: 401 |ERR_INTERNET_DISCONNECTED")


def test_an_act_that_came_too_late_says_so(visitor: Visitor, office: Office) -> None:
    person("Publisher")
    visitor.sign_in("publisher")
    visitor.go(campaign_url(office.live, "canvas") + f"?run={office.run.pk}")
    page = visitor.page
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("dialog")).to_contain_text("3 messages that have not left are cancelled")
    page.route(re.compile(r"/stop/$"), _stop_first(office.run))
    page.get_by_role("dialog").get_by_role("button", name="Stop").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("cannot become stopped")
    run_is(page, "stopped")
    by_hand(visitor, ": 409 ")


def _stop_first(run: CampaignRun) -> Callable[[Route], None]:
    """As if somebody else had been first. Playwright calls it where Django has a connection of its own."""

    def answer(route: Route) -> None:
        stop_run(CampaignRun.objects.get(pk=run.pk))
        connection.close()
        route.continue_()

    return answer


def test_whoever_may_not_act_sees_why(visitor: Visitor, office: Office, pictures: Path | None) -> None:
    person("Viewer")
    visitor.sign_in("viewer")
    visitor.go(campaign_url(office.live, "canvas") + f"?run={office.run.pk}")
    page = visitor.page
    expect(page.get_by_text("You may look at this run but not act on it.")).to_be_visible()
    expect(page.get_by_text("You may not confirm sends.")).to_be_visible()
    page.locator(".cv-arrow-count").first.click()
    expect(page.locator("[data-people] tbody tr").first).to_contain_text("•••")
    page.get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("You may not publish.")
    expect(dialog).to_contain_text("You may not test this campaign")
    expect(dialog.get_by_role("button", name="Publish", exact=True)).to_have_attribute(
        "aria-disabled", "true"
    )
    assert looks(visitor, pictures, "publish-viewer") == {}


def test_errors_keep_a_test_back_and_lead_to_their_place(visitor: Visitor, office: Office) -> None:
    person("Publisher")
    campaign = draft("faulty", [ACTIVITIES[0], {"id": "wait", "type": "wait", "config": {}}], ["all wait"])
    visitor.sign_in("publisher")
    visitor.go(campaign_url(campaign, "canvas"))
    page = visitor.page
    page.locator(".cv-acts").get_by_role("button", name="Test run", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The draft cannot run yet")
    dialog.get_by_role("button", name="Go to").first.click()
    expect(page.locator(".cv-drawer")).to_be_visible()
    assert not campaign.runs.exists()


# --- acts while it runs -------------------------------------------------------------------------------------


def test_a_test_that_waits_is_paused_resumed_and_woken_by_keys(
    house: Installation, visitor: Visitor, pictures: Path | None
) -> None:
    person("Publisher")
    wait = {"id": "wait", "type": "wait", "label": "Two days"}
    wait["config"] = {"until": {"kind": "duration", "amount": 2, "unit": "days"}}
    campaign = draft("patient", [ACTIVITIES[0], wait, ACTIVITIES[3]], ["all wait", "wait end"])
    visitor.sign_in("publisher")
    visitor.go(campaign_url(campaign, "canvas"))
    page = visitor.page
    page.get_by_label("More").click()
    page.get_by_role("button", name="Test run with real waits").click()
    expect(box(page, "wait")).to_contain_text("waiting until", timeout=WORKERS)
    assert looks(visitor, pictures, "run-waiting") == {}

    _pause_and_resume(page)
    _look_by_keys(page)
    _wake(page)
    acts = RunLogEntry.objects.filter(run=campaign.runs.get(), actor__isnull=False)
    assert list(acts.order_by("pk").values_list("event", flat=True)) == [
        "run_started",
        "run_pause",
        "run_resume",
        "run_wake",
    ]


def _pause_and_resume(page: Page) -> None:
    page.get_by_role("button", name="Pause").focus()
    page.keyboard.press("Enter")
    run_is(page, "paused")
    expect(page.get_by_text("Nothing new starts")).to_be_visible()
    page.get_by_role("button", name="Resume").focus()
    page.keyboard.press("Enter")
    run_is(page, "running")


def _look_by_keys(page: Page) -> None:
    page.locator(".react-flow__node[data-id=wait]").focus()
    page.keyboard.press("Enter")
    drawer = page.locator(".cv-run-drawer")
    expect(drawer).to_be_focused()
    expect(drawer).to_contain_text("Goes on")
    page.keyboard.press("Escape")
    expect(page.locator(".react-flow__node[data-id=wait]")).to_be_focused()
    page.locator(".react-flow__edge").first.focus()
    page.keyboard.press("Enter")
    expect(drawer.locator("[data-people] tbody tr")).to_have_count(20)
    page.keyboard.press("Escape")


def _wake(page: Page) -> None:
    page.get_by_role("button", name="End waits now").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{PEOPLE} people who wait now go on at once")
    dialog.get_by_role("button", name="End waits now").press("Enter")
    run_is(page, "completed")


def test_a_sending_says_how_far_it_is_and_how_long_it_takes(
    house: Installation, visitor: Visitor, pictures: Path | None
) -> None:
    """Paused and resumed on the way: nobody gets a message twice."""
    person("Publisher")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO person SELECT n, 'Person ' || n, 'person' || n || '@example.com', 'en', 'Busan'"
            " FROM generate_series(%s, 6000) AS n",
            [PEOPLE + 1],
        )
        cursor.execute(
            "INSERT INTO campaigns_consent (dimension_id, recipient_key, channel, state, changed_at)"
            " SELECT d.id, p.id::text, 'email', 'opted_in', now() FROM person AS p, campaigns_targetingdimension AS d"
            " WHERE p.id > %s",
            [PEOPLE],
        )
    mail = {**email("mail"), "label": "Thank you"}
    campaign = draft("many", [ACTIVITIES[0], mail], ["all mail"])
    publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    run = campaign.runs.get()
    visitor.sign_in("publisher")
    visitor.go(campaign_url(campaign, "canvas") + f"?run={run.pk}")
    page = visitor.page
    page.get_by_role("button", name="Confirm send").first.click(timeout=WORKERS)
    page.get_by_role("dialog").get_by_role("button", name="Confirm send").click()
    expect(box(page, "mail")).to_contain_text("a second", timeout=WORKERS)
    expect(box(page, "mail")).to_contain_text("left")
    box(page, "mail").click()
    assert looks(visitor, pictures, "run-sending") == {}
    page.get_by_role("button", name="Pause").click()
    run_is(page, "paused")
    page.get_by_role("button", name="Resume").click()
    run_is(page, "completed")
    expect(box(page, "mail")).to_contain_text("5,993")
    sent = Message.objects.filter(delivery__activity_run__run=run, state="sent")
    assert sent.count() == 6000 - WITHOUT_CONSENT


# --- before it is published ---------------------------------------------------------------------------------


def test_publishing_again_shows_what_differs_and_when_it_launches(
    visitor: Visitor, office: Office, pictures: Path | None
) -> None:
    person("Publisher")
    schedule = {"frequency": "daily", "at": "09:30"}
    campaign = draft("daily", [ACTIVITIES[0], ACTIVITIES[3]], ["all end"], schedule=schedule)
    publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    visitor.sign_in("publisher")
    visitor.go(campaign_url(campaign, "canvas"))
    page = visitor.page
    box(page, "end").click()
    page.get_by_label("Label", exact=True).fill("Nobody else")
    page.locator(".cv-acts").get_by_role("button", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Against version 1")
    expect(dialog.locator("[data-change=changed]")).to_contain_text("Nobody else")
    expect(dialog.locator(".cv-launches li")).to_have_count(10)
    expect(dialog).to_contain_text("This draft sends nothing.")
    assert looks(visitor, pictures, "publish-again") == {}
    _save_elsewhere(campaign)
    _confirm_warnings(dialog)
    dialog.get_by_role("button", name="Publish", exact=True).dblclick()
    expect(dialog).to_contain_text("changed while you looked")
    _confirm_warnings(dialog)
    dialog.get_by_role("button", name="Publish", exact=True).dblclick()
    expect(dialog).to_contain_text("Version 2 is published")
    expect(dialog).to_contain_text("It launches on")
    assert campaign.versions.count() == 2
    dialog.get_by_role("button", name="Close").last.click()
    _close(page)
    by_hand(visitor, ": 412 |: 404 .*rules/questions")


def _close(page: Page) -> None:
    dialog = page.get_by_role("dialog")
    page.get_by_label("More").click()
    page.get_by_role("button", name="Close campaign").click()
    expect(dialog).to_contain_text("No new run starts")
    dialog.get_by_role("button", name="Close campaign").click()
    expect(page.locator(".cv-chip")).to_have_text("completed")


def _save_elsewhere(campaign: Campaign) -> None:
    draft_now = read_draft(campaign.slug)
    header = draft_now.document.campaign.model_copy(update={"description": "Changed by somebody else"})
    document = draft_now.document.model_copy(update={"campaign": header})
    save_draft(draft_now.campaign, document, if_match=draft_now.hash)


def _confirm_warnings(dialog: Locator) -> None:
    expect(dialog).to_contain_text(re.compile("Nothing speaks against it|all the same"))
    if (everything := dialog.get_by_label("all the same", exact=False)).count():
        everything.check()


@pytest.mark.parametrize("locale", ["ko-KR"])
def test_it_is_korean_for_koreans(
    browser: Browser, live_server: object, office: Office, pictures: Path | None, locale: str
) -> None:
    person("Publisher")
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=locale)
    visitor = Visitor(context.new_page(), str(live_server))
    visitor.sign_in("publisher")
    visitor.go(campaign_url(office.live, "canvas") + f"?run={office.run.pk}")
    page = visitor.page
    box(page, "mail").click()
    expect(page.locator(".cv-run-drawer")).to_contain_text("발송 확인 대기")
    found = looks(visitor, pictures, f"run-{locale}")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="게시", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("전에 집계했습니다")
    found |= looks(visitor, pictures, f"publish-{locale}")
    context.close()
    assert (found, visitor.complaints) == ({}, [])
