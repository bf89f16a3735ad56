"""What a person does in the admin, in their words."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

PASSWORD = "a password of tests"  # noqa: S105


@dataclass
class Visitor:
    """One window. `complaints` are errors of scripts and refusals of the content security policy."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def sign_in(self, name: str) -> None:
        self.go("/admin/login/")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", PASSWORD)
        self.page.press("#id_password", "Enter")
        expect(self.page.locator("#page")).to_be_visible()

    def go(self, path: str) -> None:
        self.page.goto(f"{self.base}{path}")

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

    def wait_for(self, text: str, *, seconds: float = 60) -> None:
        """Something that workers have to do first; the page is asked again until it shows it."""
        for _attempt in range(int(seconds / 2)):
            if self.page.get_by_text(text).count():
                return
            self.page.wait_for_timeout(2_000)
            self.page.reload()
        self.sees(text)

    def picture(self, folder: Path, name: str) -> None:
        self.page.screenshot(path=folder / f"{name}.png", full_page=True)

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )
