"""A real browser at a real server; what the browser complains of fails the test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.service import watched_service
from tests.browser.visits import PATIENCE, Visitor
from tests.faults.installation import wait_until

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is there; without a window it needs a fifth less of the processors."""


@pytest.fixture(scope="session")
def django_beside_the_browser() -> Iterator[None]:
    """Playwright runs an event loop in this thread; Django takes any for one it must not block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def browser(django_beside_the_browser: None) -> Iterator[Browser]:
    path = next((found for name in BROWSERS if (found := which(name))), None)
    if path is None:
        pytest.fail("No browser here. On Debian: apt-get install chromium.")
    sandbox = ["--no-sandbox"] if os.getuid() == 0 else []
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=sandbox)
        yield launched
        launched.close()


@pytest.fixture(autouse=True)
def _answers_end_with_their_test(browser: Browser, live_server: object) -> Iterator[None]:
    """Windows of a failed test would go on asking, and a request of a closed window is answered all the same; the
    tables it writes to can not be emptied meanwhile.
    """
    with watched_service() as service:
        yield
        for left_open in browser.contexts:
            left_open.close()
        wait_until(service.is_still, seconds=30, what="every request is answered")


@pytest.fixture
def visitor(browser: Browser, live_server: object) -> Iterator[Visitor]:
    """A window of the usual width; at its end nothing may have gone wrong in it."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-US", timezone_id="Europe/Berlin"
    )
    page: Page = context.new_page()
    visiting = Visitor(page, str(live_server))
    yield visiting
    context.close()
    assert visiting.complaints == []


@pytest.fixture
def pictures() -> Path | None:
    """Where screenshots go: the folder that SCREENSHOTS names. Without it none are made."""
    if not (named := os.environ.get("SCREENSHOTS")):
        return None
    folder = Path(named)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
