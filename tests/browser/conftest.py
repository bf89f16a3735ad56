"""A real browser at a real server; what the browser complains of fails the test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.visits import Visitor

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


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
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=sandbox)
        yield launched
        launched.close()


@pytest.fixture
def visitor(browser: Browser, live_server: object) -> Iterator[Visitor]:
    """A window of the usual width; at its end nothing may have gone wrong in it."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-US", timezone_id="Europe/Berlin"
    )
    page: Page = context.new_page()
    page.set_default_timeout(15_000)
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
