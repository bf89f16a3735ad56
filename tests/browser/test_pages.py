"""Every page of the admin in a real browser: wide and narrow, light and dark, and nothing goes wrong in any."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from campaigns.admin.page import campaign_url
from tests.browser.visits import Visitor
from tests.config.admin.offices import Office, drop_working_tables, furnish, person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TABS = (
    "flow",
    "schedule",
    "settings",
    "checks",
    "document",
    "versions",
    "runs",
    "report",
    "audit",
    "publish",
    "palette",
)
LISTS = (
    "",
    "campaigns/campaign/",
    "campaigns/campaign/add/",
    "orchestration/campaignrun/",
    "orchestration/delivery/",
    "ledger/",
    "mailbox/",
    "campaigns/consent/",
    "campaigns/suppression/",
    "campaigns/table/",
    "campaigns/table/add/",
    "campaigns/importjob/upload/",
    "campaigns/channelconfiguration/add/",
    "campaigns/apitoken/issue/",
    "campaigns/auditentry/",
)


@pytest.fixture
def office(live_server: object) -> Iterator[Office]:
    yield furnish(person("Author"))
    drop_working_tables()


def addresses(office: Office) -> dict[str, str]:
    tabs = {name: campaign_url(office.live, name) for name in TABS}
    more = {
        "activity": campaign_url(office.live, "activity", activity_id="mail"),
        "rule": campaign_url(office.live, "activity", activity_id="all"),
        "run": campaign_url(office.live, "run", run_id=office.run.pk),
        "people": campaign_url(
            office.live, "people", run_id=office.run.pk, population_id=office.population.pk
        ),
        "delivery": campaign_url(office.live, "delivery", delivery_id=office.delivery.pk),
        "confirm": campaign_url(office.live, "confirm_delivery", delivery_id=office.delivery.pk),
        "table": f"/admin/campaigns/table/{office.things['table'].pk}/change/",
    }
    lists = {(path.strip("/").replace("/", "-") or "home"): f"/admin/{path}" for path in LISTS}
    return tabs | more | lists


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_no_page_is_wider_than_the_window_or_complains(
    browser: Browser, live_server: object, office: Office, pictures: Path, width: int, theme: str
) -> None:
    person("Administrator")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)  # type: ignore[arg-type]
    visitor = Visitor(context.new_page(), str(live_server))
    visitor.sign_in("administrator")
    too_wide = {}
    for name, address in addresses(office).items():
        visitor.go(address)
        visitor.page.wait_for_load_state("networkidle")
        visitor.picture(pictures, f"{name}-{width}-{theme}")
        if visitor.overflow() > 0:
            too_wide[name] = visitor.overflow()
    context.close()
    assert (too_wide, visitor.complaints) == ({}, [])
