"""Every page of the admin in a real browser: wide and narrow, in English light and in Korean dark, and nothing goes wrong
in any. With SCREENSHOTS both are shown in both themes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from campaigns.admin.page import campaign_url
from tests.browser.visits import Visitor
from tests.config.admin.matrix import expected
from tests.config.admin.offices import Office, drop_working_tables, furnish, person
from tests.config.admin.routes import address, routes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WIDTHS = (1440, 390)
THEMES = {"en": ("light", "dark"), "ko": ("dark", "light")}
"""Of each language: that which it is tried in, and the other."""
NO_PAGES = {
    "admin:audience_catalogue": "JSON for the attribute picker",
    "admin:audience_rule_check": "JSON for the rule editor",
    "admin:audience_rule_count": "JSON for the rule editor",
    "admin:campaign_catalogue": "JSON for the attribute picker",
    "admin:campaign_download": "a file",
    "admin:campaign_report_events": "a file",
    "admin:campaign_report_table": "a file",
    "admin:campaign_run_state": "JSON for the drawing",
    "admin:file_content": "a file",
    "admin:import_rejects": "a file",
    "admin:jsi18n": "a script",
    "admin:search": "a part of a page",
}
OF_THE_LIVE = ("flow", "publish", "report", "versions", "schedule", "settings", "checks", "audit", "document")
NOTHING_SAID = re.compile(r"nullnull|undefined|\[object Object\]")
"""What a script writes where it has nothing to write."""
ENDS_THE_SESSION = {"admin:logout"}


@pytest.fixture
def office(live_server: object) -> Iterator[Office]:
    yield furnish(person("Author"))
    drop_working_tables()


def addresses(office: Office) -> dict[str, str]:
    """Every page that the permission matrix opens to an administrator, and the tabs of a campaign that ran."""
    open_to = {
        name for (name, method), due in expected().items() if method == "get" and due["Administrator"] == 200
    }
    shown = [
        r for r in routes() if r.name in open_to and r.name.startswith("admin:") and r.name not in NO_PAGES
    ]
    pages = {route.name.removeprefix("admin:"): address(route, office) for route in shown}
    live = {f"live_{name}": campaign_url(office.live, name) for name in OF_THE_LIVE}
    rule = {"live_rule": campaign_url(office.live, "activity", activity_id="all")}
    return pages | live | rule


@pytest.mark.parametrize(("language", "locale"), [("en", "en-US"), ("ko", "ko-KR")])
def test_every_page_fits_its_window_and_nothing_goes_wrong(
    browser: Browser, live_server: object, office: Office, pictures: Path | None, language: str, locale: str
) -> None:
    person("Administrator")
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900}, locale=locale)
    visitor = Visitor(context.new_page(), str(live_server))
    visitor.sign_in("administrator")
    found = {}
    for name, path in addresses(office).items():
        visitor.go(path)
        visitor.settle()
        assert visitor.language() == language, name
        assert not NOTHING_SAID.search(visitor.page.inner_text("body")), name
        found |= _too_wide(visitor, pictures, f"{language}-{name}", THEMES[language])
    context.close()
    assert len(addresses(office)) > 60
    assert (found, visitor.complaints) == ({}, [])


def _too_wide(visitor: Visitor, pictures: Path | None, name: str, themes: Sequence[str]) -> dict[str, int]:
    """Pixels beyond the window, for each look of the page that has some."""
    found = {}
    for theme in themes if pictures else themes[:1]:
        visitor.dress(theme)
        for width in WIDTHS:
            visitor.page.set_viewport_size({"width": width, "height": 900})
            look = f"{name}-{width}-{theme}"
            visitor.picture(pictures, look)
            found[look] = visitor.overflow()
    return {look: pixels for look, pixels in found.items() if pixels}
