"""The draft's lint names the index that would help a rule that reads a large table."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.lint import lint_campaign
from campaigns.models import Campaign
from campaigns.problems import Severity
from campaigns.publishing import UnconfirmedWarnings, publish_campaign
from tests.campaigns.shop import execute
from tests.ledger import make_dimension
from tests.orchestration.engine import draft

pytestmark = pytest.mark.django_db
IN_CITY = {"kind": "condition", "attribute": "city", "operator": "equal", "value": "city 7"}


@pytest.fixture
def campaign(settings: Any) -> Campaign:
    make_dimension()
    execute(
        "INSERT INTO person SELECT n, repeat('x', 200), 'a@example.com', 'en', 'city ' || n % 500"
        "  FROM generate_series(1, 20000) n"
    )
    execute("ANALYZE person")
    settings.RULE_SLOW_SECONDS = 0.001
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person", "rule": IN_CITY}}
    return draft("wide", [everybody, {"id": "end", "type": "end"}], ["all end"])


def slow(campaign: Campaign) -> list[Any]:
    return [problem for problem in lint_campaign(campaign) if problem.code == "rule.slow"]


def test_a_rule_that_is_quick_enough_is_not_spoken_of(campaign: Campaign, settings: Any) -> None:
    settings.RULE_SLOW_SECONDS = 5.0
    assert slow(campaign) == []


def test_a_slow_rule_is_a_warning_with_the_statement_to_copy(campaign: Campaign) -> None:
    (problem,) = slow(campaign)
    assert (problem.path, problem.activity, problem.severity) == (
        "/activities/0/config/rule",
        "all",
        Severity.WARNING,
    )
    assert 'CREATE INDEX CONCURRENTLY ON "public"."person" ("city")' in problem.remedy


def test_publishing_asks_for_it_to_be_confirmed_and_can_still_write(campaign: Campaign) -> None:
    with pytest.raises(UnconfirmedWarnings):
        publish_campaign(campaign, by=None, if_match=campaign.draft_hash)
    version = publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    assert version.number == 1
