"""Rules that are too deep or too large, at every page that takes one: words and a remedy, and nothing is kept."""

from __future__ import annotations

import pytest
from django.test import Client

from campaigns.admin.page import campaign_url
from campaigns.lint import lint_document
from campaigns.models import Audience, Campaign, PredefinedFilter
from campaigns.problems import errors_of
from campaigns.world import load_world
from tests.config.admin.offices import person
from tests.config.admin.pages import document, mailing, send
from tests.ledger import make_dimension

pytestmark = pytest.mark.django_db
LEAF = '{"kind": "condition", "attribute": "email", "operator": "is_not_empty"}'


def deep(levels: int) -> str:
    return '{"kind": "not", "of": ' * levels + LEAF + "}" * levels


HOSTILE = {
    "200 levels": deep(200),
    "150 levels": deep(150),
    "950 levels": deep(950),
    "100,000 levels": deep(100_000),
    "100,000 brackets": "[" * 100_000,
    "10,001 parts": '{"kind": "all", "of": [' + ", ".join([LEAF] * 10_000) + "]}",
}
every_rule = pytest.mark.parametrize("rule", HOSTILE.values(), ids=HOSTILE)


@pytest.fixture
def campaign() -> Campaign:
    make_dimension()
    return mailing()


@pytest.fixture
def writer(campaign: Campaign) -> Client:
    client = Client()
    client.force_login(person("Author"))
    return client


@every_rule
@pytest.mark.parametrize("route", ["rule_check", "rule_count"])
def test_the_rule_editor_says_what_is_wrong(
    writer: Client, campaign: Campaign, route: str, rule: str
) -> None:
    asked = '{"table": "person", "rule": ' + rule + "}"
    answer = writer.post(campaign_url(campaign, route), asked, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json().get("problems") or answer.json().get("problem")


@every_rule
def test_a_typed_rule_is_refused_in_the_editor(writer: Client, campaign: Campaign, rule: str) -> None:
    asked = {"table": "person", "text": rule}
    answer = writer.post(campaign_url(campaign, "rule_check"), asked, content_type="application/json")
    assert answer.json()["problems"]


@every_rule
def test_an_activity_that_has_it_is_marked_and_its_pages_open(
    writer: Client, campaign: Campaign, rule: str
) -> None:
    """What can be read is kept, as all that is not finished yet, and can never be published; else nothing is."""
    before = document(campaign)
    filled = {"label": "All", "config/dimension": "person", "config/rule": rule}
    answer = send(writer, campaign, "activity", activity_id="all", data=filled)
    assert answer.status_code in (200, 422)
    kept = document(campaign)
    assert kept == before or errors_of(lint_document(kept, load_world(kept)))
    assert (kept == before) == (answer.status_code == 422)
    for route in ("flow", "checks", "document"):
        assert writer.get(campaign_url(campaign, route)).status_code == 200


@every_rule
def test_the_form_of_a_filter_keeps_nothing(writer: Client, rule: str) -> None:
    told = {
        "slug": "few",
        "label": "Few",
        "description": "",
        "table": "person",
        "parameters": "[]",
        "seen": "",
    }
    page = writer.post("/admin/campaigns/predefinedfilter/add/", {**told, "rule": rule})
    assert page.status_code == 200
    assert not PredefinedFilter.objects.filter(slug="few").exists()


@every_rule
def test_the_form_of_an_audience_keeps_nothing(writer: Client, rule: str) -> None:
    sent = {"label": "Loyal", "dimension": "person", "rule": rule}
    page = writer.post("/admin/campaigns/audience/compose/", sent)
    assert page.status_code == 422
    assert not Audience.objects.exists()
