"""What a person does in the admin, in their words."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response, expect

PASSWORD = "a password of tests"  # noqa: S105
PATIENCE = 30_000
"""Milliseconds that a page may take on a busy machine, which is how long anything is expected at most."""
WORKERS = 180_000
"""Milliseconds for what workers and the clock, which ticks every ten seconds, have to do first."""
MOMENT = 500
"""Milliseconds in which a page that wants more asks for it."""
ASKS_BY_ITSELF = "#canvas-told, [data-picker-source], [data-run-state], [data-preview], [data-email-content]"
"""Pages with one of these ask the server for more once they are there."""


@dataclass
class Visitor:
    """One window. `complaints` are errors of scripts, refusals of the content security policy, and whatever the server
    could not give.
    """

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)
    unanswered: set[Request] = field(default_factory=set)
    """What the page has asked for beside itself and does not have yet."""
    asked: int = 0

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._heard)
        self.page.on("response", self._answered)
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._asks)
        self.page.on("requestfinished", self._has)
        self.page.on("requestfailed", self._has)

    def _asks(self, request: Request) -> None:
        self.asked += 1
        self.unanswered.add(request)

    def _has(self, request: Request) -> None:
        self.unanswered.discard(request)

    def _heard(self, message: ConsoleMessage) -> None:
        """Of what could not be loaded the console says less than `_answered`."""
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{self.page.url}: {response.status} {response.url}")

    def _failed(self, request: Request) -> None:
        """A script may give up an answer it no longer needs, and so does whoever leaves the page."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{self.page.url}: {request.failure} {request.url}")

    def sign_in(self, name: str) -> None:
        self.go("/admin/login/")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", PASSWORD)
        self.page.press("#id_password", "Enter")
        expect(self.page.locator("#page")).to_be_visible()

    def go(self, path: str) -> None:
        self.unanswered.clear()
        answer = self.page.goto(f"{self.base}{path}")
        assert answer is None or answer.ok, f"{answer.status} {path}"
        if answer:
            self.unanswered.discard(answer.request)

    def settle(self) -> None:
        """Until the page has everything it asks for by itself: nothing is open, and nothing was asked since a moment ago.

        Playwright's “networkidle” says the same, but where it never comes it does not name what the page waits for.
        """
        if not self.page.locator(ASKS_BY_ITSELF).count():
            return
        before = -1
        for _moment in range(WORKERS // MOMENT):
            if self.asked == before and not self.unanswered:
                return
            before = self.asked
            self.page.wait_for_timeout(MOMENT)
        waits = sorted(request.url for request in self.unanswered) or "it asks for more and more"
        raise AssertionError(f"{self.page.url} does not settle: {waits}")

    def click(self, text: str) -> None:
        """The first link or button that is called so."""
        found = self.page.get_by_role("link", name=text).or_(self.page.get_by_role("button", name=text))
        found.first.click()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=False).first.fill(text)

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(label, exact=False).first.select_option(label=option)

    def pick(self, field: Locator, text: str) -> None:
        """Type into a searchable list and take the first that is offered."""
        field.click()
        field.fill(text)
        self.page.locator(".tt-options:not([hidden]) [role=option]").first.click()

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def wait_for(self, text: str, *, seconds: float = WORKERS / 1000) -> None:
        """Something that workers have to do first; the page is opened again until it shows it."""
        for _attempt in range(int(seconds)):
            try:
                expect(self.page.get_by_text(text).first).to_be_visible(timeout=1_000)
            except AssertionError:
                self.page.reload()
            else:
                return
        self.sees(text)

    def picture(self, folder: Path | None, name: str) -> None:
        if folder:
            self.page.screenshot(path=folder / f"{name}.png", full_page=True)

    def dress(self, theme: str) -> None:
        """“light” or “dark”, by the key that changes between them."""
        page = self.page.locator("html")
        while page.get_attribute("class") != theme:
            before = page.get_attribute("class") or ""
            self.page.keyboard.press("Control+e")
            expect(page).not_to_have_class(before)

    def language(self) -> str:
        return self.page.locator("html").get_attribute("lang") or ""

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )
