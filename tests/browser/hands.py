"""One way to say what is done in a window, and two ways to do it: with a mouse, and by keys alone."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Locator, Page, expect

MOST_STEPS = 150


class Hands(Protocol):
    """What somebody does with what they see."""

    page: Page

    def press(self, button: Locator) -> None: ...

    def fill(self, field: Locator, text: str) -> None: ...

    def choose(self, field: Locator, option: str) -> None: ...

    def check(self, box: Locator) -> None: ...

    def moment(self, field: Locator, value: str) -> None: ...

    def write(self, editor: Locator, text: str) -> None: ...


class Mouse:
    """Points, clicks and types."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, button: Locator) -> None:
        button.click()

    def fill(self, field: Locator, text: str) -> None:
        field.click()
        field.fill(text)

    def choose(self, field: Locator, option: str) -> None:
        field.select_option(label=option)

    def check(self, box: Locator) -> None:
        box.check()

    def moment(self, field: Locator, value: str) -> None:
        field.fill(value)

    def write(self, editor: Locator, text: str) -> None:
        editor.click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(text)


class Keys:
    """Nothing but the keyboard: locators are looked at, never acted on."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, wanted: Locator) -> None:
        """By the tabulator, in the direction in which it lies."""
        expect(wanted).to_be_visible()
        for _step in range(MOST_STEPS):
            where = wanted.evaluate(WHERE)
            if where == "here":
                return
            self.page.keyboard.press("Shift+Tab" if where == "before" else "Tab")
        raise AssertionError(f"The tabulator does not lead to {wanted}")

    def press(self, button: Locator) -> None:
        self.reach(button)
        self.page.keyboard.press("Enter")

    def fill(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, field: Locator, option: str) -> None:
        """As somebody does who knows the word: once it is there, its first letters are typed."""
        self.reach(field)
        expect(field.locator("option", has_text=option).first).to_be_attached()
        self.page.keyboard.type(option)
        chosen = field.evaluate("select => select.selectedOptions[0]?.label ?? ''")
        assert chosen == option, f"{chosen} instead of {option}"

    def check(self, box: Locator) -> None:
        self.reach(box)
        self.page.keyboard.press("Space")

    def moment(self, field: Locator, value: str) -> None:
        """Month, day and year, as an American types them; the year takes more digits, so that one goes on."""
        day, _t, clock = value.partition("T")
        year, month, date = day.split("-")
        hour, minute = (int(part) for part in clock.split(":"))
        self.reach(field)
        self.page.keyboard.type(f"{month}{date}{year}")
        self.page.keyboard.press("ArrowRight")
        self.page.keyboard.type(f"{hour % 12 or 12:02}{minute:02}{'AM' if hour < 12 else 'PM'}")
        expect(field).to_have_value(value)

    def write(self, editor: Locator, text: str) -> None:
        self.reach(editor)
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(text)


WHERE = """wanted => {
  const now = document.activeElement;
  if (now === wanted) return 'here';
  if (now === null || now === document.body) return 'behind';
  return now.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING ? 'before' : 'behind';
}"""
