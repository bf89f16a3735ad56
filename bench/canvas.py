# ruff: noqa: E402 - Django is set up before what needs its settings is imported
"""The canvas with 500 activities beside the same with ten, in a real browser: `python -m bench.canvas`.

Says what it does, then prints one line of JSON: seconds from the click until the drawing can be worked with, frames in a
second while it is panned and while a box is dragged, seconds of a validation, and bytes of a first visit as they travel.
"""

from __future__ import annotations

import gzip
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which
from statistics import median
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import django

django.setup()

from django.contrib.auth import get_user_model
from django.core.management import call_command
from playwright.sync_api import FloatRect, Page, sync_playwright

from bench.shop import make_shop
from bench.turns import ROUNDS, say
from campaigns.admin.page import campaign_url
from campaigns.document import parse_document
from campaigns.drafts import save_draft
from campaigns.models import Campaign
from config.children import web
from config.ports import LOOPBACK, free_port

SIZES = {"baseline": 10, "engine": 500}
"""Activities by side: what the canvas costs anyhow, and what a drawing at the limit costs."""
BRANCHES = 10
BUILT = Path(__file__).parent.parent / "campaigns" / "static" / "canvas"
FRAMES = """async (seconds) => {
    const begun = performance.now();
    let frames = 0;
    while (performance.now() - begun < seconds * 1000) {
        await new Promise((next) => requestAnimationFrame(next));
        frames++;
    }
    return frames / ((performance.now() - begun) / 1000);
}"""
WATCHED = 2
LINTED = """performance.getEntriesByType("resource")
    .filter((each) => each.name.includes("/lint/"))
    .map((each) => each.duration)"""


def drawn(slug: str, size: int) -> Campaign:
    """Chains of waits side by side behind one audience, through forks."""
    activities: list[dict[str, Any]] = [
        {"id": "people", "type": "build_audience", "config": {"dimension": "person"}},
        {"id": "fork", "type": "fork", "config": {"ports": _ports(min(BRANCHES, size - 2))}},
    ]
    transitions = [{"from": "people", "to": "fork"}]
    last = {}
    for number in range(size - 2):
        branch, name = number % BRANCHES, f"wait-{number}"
        activities.append(
            {"id": name, "type": "wait", "config": {"until": {"kind": "duration", "duration": "P1D"}}}
        )
        transitions.append({"from": last.get(branch, "fork"), "to": name})
        if branch not in last:
            transitions[-1]["port"] = f"way-{branch + 1}"
        last[branch] = name
    header = {"slug": slug, "name": f"{size} activities"}
    data = {"tutti": 1, "campaign": header, "activities": activities, "transitions": transitions}
    return save_draft(None, parse_document(data))


def _ports(count: int) -> list[dict[str, str]]:
    return [{"id": f"way-{number}", "label": f"Way {number}"} for number in range(1, count + 1)]


@contextmanager
def serving() -> Iterator[str]:
    """The address of an installation's own web server, its static files collected."""
    call_command("collectstatic", interactive=False, verbosity=0)
    port = free_port(8123)
    environment = {**os.environ, "ALLOWED_HOSTS": LOOPBACK}
    program, *arguments = web(host=LOOPBACK, port=port)
    server = subprocess.Popen([sys.executable, "-m", program, *arguments], env=environment, stdout=sys.stderr)
    try:
        yield _answering(f"http://{LOOPBACK}:{port}")
    finally:
        server.terminate()
        server.wait(30)


def _answering(address: str) -> str:
    """The address once it answers; whatever it says of its health."""
    for _second in range(60):
        with suppress(URLError):
            _visit(f"{address}/health/")
            return address
        time.sleep(1)
    raise SystemExit("The web server did not answer within a minute.")


def _visit(url: str) -> None:
    with suppress(HTTPError):
        urlopen(url, timeout=5).close()  # noqa: S310 - the address is our own


def sign_in(page: Page, address: str) -> None:
    password = secrets.token_urlsafe()
    get_user_model().objects.create_superuser("bench", "bench@example.com", password)
    page.goto(f"{address}/admin/login/")
    page.fill("#id_username", "bench")
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")


def opened(page: Page, url: str) -> float:
    """Seconds until boxes are drawn and the page has time again."""
    begun = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector("[data-canvas=ready] .react-flow__node")
    page.evaluate("new Promise((idle) => requestIdleCallback(idle))")
    return time.perf_counter() - begun


def panned(page: Page) -> float:
    """Frames a second while the drawing is dragged about by its ground."""
    frame = _frame_of(page, ".react-flow")
    return _frames_while(page, frame["x"] + 30, frame["y"] + frame["height"] - 30)


def dragged(page: Page) -> float:
    """Frames a second while a box is dragged about."""
    frame = _frame_of(page, ".react-flow__node >> nth=1")
    return _frames_while(page, frame["x"] + frame["width"] / 2, frame["y"] + 12)


def _frame_of(page: Page, selector: str) -> FloatRect:
    if (frame := page.locator(selector).bounding_box()) is None:
        raise SystemExit(f"{selector} is not to be seen.")
    return frame


def _frames_while(page: Page, x: float, y: float) -> float:
    page.mouse.move(x, y)
    page.mouse.down()
    counting = page.evaluate_handle(f"({{ frames: ({FRAMES})({WATCHED}) }})")
    end = time.perf_counter() + WATCHED
    step = 0
    while time.perf_counter() < end:
        step += 1
        page.mouse.move(x + 3 * (step % 60), y - 2 * (step % 60))
    page.mouse.up()
    return float(page.evaluate("(counting) => counting.frames", counting))


def validated(page: Page) -> float:
    """Seconds of the validation that a change asks for: one letter in the label of the first box."""
    page.locator(".react-flow__node").first.click()
    page.evaluate("performance.clearResourceTimings()")
    page.locator("#cv-label").press("x")
    while not (found := page.evaluate(LINTED)):
        page.wait_for_timeout(50)
    page.get_by_role("button", name="Close").click()
    return float(found[0]) / 1000


def measure(page: Page, url: str) -> dict[str, float]:
    seconds = opened(page, url)
    return {"open": seconds, "validate": validated(page), "pan": panned(page), "drag": dragged(page)}


def first_visit() -> int:
    """Bytes of what the page loads, compressed."""
    return sum(len(gzip.compress((BUILT / name).read_bytes(), 9)) for name in ("canvas.js", "canvas.css"))


def main() -> None:
    make_shop()
    campaigns = {side: drawn(f"canvas-{size}", size) for side, size in SIZES.items()}
    figures: dict[str, dict[str, list[float]]] = {side: {} for side in SIZES}
    program = next(filter(None, map(which, ("chromium", "chromium-browser", "google-chrome"))), None)
    sandbox = ["--no-sandbox"] if os.getuid() == 0 else []
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=sandbox)
        page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        sign_in(page, address)
        for turn in range(ROUNDS):
            for side, campaign in campaigns.items():
                for name, figure in measure(page, address + campaign_url(campaign, "canvas")).items():
                    figures[side].setdefault(name, []).append(figure)
            say(f"round {turn + 1}: opened, panned, dragged")
        browser.close()
    medians = {side: {name: median(each) for name, each in found.items()} for side, found in figures.items()}
    print(json.dumps({"sizes": SIZES, "medians": medians, "bytes": first_visit()}))


if __name__ == "__main__":
    main()
