"""The draft's lint names the index that would help a rule that reads a large table."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns import slow_rules
from campaigns.asked_rules import rules_asked
from campaigns.audiences import Description, compose_audience
from campaigns.dimensions import register_dimension
from campaigns.drafts import load_draft
from campaigns.limited_queries import TookTooLong
from campaigns.links import add_link
from campaigns.lint import lint_campaign, population_shapes
from campaigns.models import Campaign, Table
from campaigns.problems import Severity
from campaigns.publishing import UnconfirmedWarnings, publish_campaign
from campaigns.registration import register_table
from campaigns.world import load_world
from tests.campaigns.shop import execute
from tests.ledger import make_dimension
from tests.orchestration.engine import draft

pytestmark = pytest.mark.django_db
IN_CITY = {"kind": "condition", "attribute": "city", "operator": "equal", "value": "city 7"}
OPEN = {**IN_CITY, "attribute": "state", "value": "open"}


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


def behind(config: dict[str, Any], kind: str = "split", arrow: str = "all second") -> Campaign:
    """A draft in which the rule stands in an activity behind one that selects everybody."""
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    second = {"id": "second", "type": kind, "config": config}
    return draft("behind", [everybody, second], [arrow] if arrow else [])


def places(campaign: Campaign) -> list[tuple[str, str | None]]:
    return [(problem.path, problem.activity) for problem in slow(campaign)]


def asked(campaign: Campaign) -> list[str]:
    """The paths of all rules that are judged."""
    document = load_draft(campaign)
    world = load_world(document)
    return [each.path for each in rules_asked(document, world, population_shapes(document, world))]


def test_a_rule_on_columns_made_in_the_flow_is_not_judged(campaign: Campaign) -> None:
    rank = {"kind": "condition", "attribute": "@rank", "operator": "is_empty"}
    rule = {"kind": "all", "of": [rank, IN_CITY]}
    assert asked(behind({"subsets": [{"id": "a", "label": "A", "rule": rule}]})) == []


def test_the_rule_of_a_subset_is_judged_as_if_the_whole_table_came_in(campaign: Campaign) -> None:
    made = behind({"subsets": [{"id": "seven", "label": "Seven", "rule": IN_CITY}], "complement": True})
    (problem,) = slow(made)
    assert (problem.path, problem.activity) == ("/activities/1/config/subsets/0/rule", "second")
    assert problem.message.endswith("That is if the whole table comes in.")


def test_whom_to_reconcile_is_judged(campaign: Campaign) -> None:
    same = [{"source": "email", "destination": "email"}]
    made = behind({"dimension": "person", "attributes": same, "filter": IN_CITY}, "reconciliation")
    assert places(made) == [("/activities/1/config/filter", "second")]


def test_the_filter_of_joined_rows_is_judged_on_their_table(campaign: Campaign) -> None:
    make_orders()
    joined = {
        "kind": "joined",
        "table": "orders",
        "attributes": [{"source": "id", "destination": "person_id"}],
    }
    fields = [{"attribute": "state", "name": "state"}]
    made = behind({"add": [{**joined, "where": OPEN, "fields": fields, "name": "row"}]}, "enrichment")
    assert places(made) == [("/activities/1/config/add/0/where", "second")]


def test_the_rule_of_a_composed_audience_is_judged_where_it_is_read(campaign: Campaign) -> None:
    compose_audience(Description("of_seven", "Of seven", "person"), IN_CITY)
    reads = {"id": "read", "type": "read_audience", "config": {"audience": "of_seven"}}
    assert places(draft("reads", [reads], [])) == [("/activities/0/config/audience", "read")]


def test_links_are_judged_with_their_filter_and_without(campaign: Campaign) -> None:
    make_orders()
    total = {"kind": "aggregate", "link": "orders", "function": "count", "name": "n"}
    made = behind({"add": [total, {**total, "name": "m", "where": OPEN}]}, "enrichment")
    assert places(made) == [("/activities/1/config/add/1/where", "second")]
    assert asked(made) == ["/activities/1/config/add/1/where", "/activities/1/config/add/0/link"]


def test_links_that_lead_to_another_dimension_are_judged(campaign: Campaign) -> None:
    make_orders()
    made = behind({"dimension": "orders", "link": "orders"}, "change_dimension")
    assert asked(made) == ["/activities/1/config/link"]


def test_what_there_was_no_time_for_is_said(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_rules, "SECONDS", 0.0)
    (problem,) = (each for each in lint_campaign(campaign) if each.code == "rule.not_judged")
    assert (problem.path, problem.severity) == ("/activities/0/config/rule", Severity.WARNING)


def test_a_plan_that_takes_too_long_is_said(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_rules, "advice_on", _too_long)
    assert [each.code for each in lint_campaign(campaign) if each.code.startswith("rule.")] == [
        "rule.not_judged"
    ]


def _too_long(_question: Any) -> list[Any]:
    raise TookTooLong(1.0)


def make_orders() -> None:
    """Two orders of each person, and the link to them."""
    execute("DROP TABLE IF EXISTS orders")
    execute("CREATE TABLE orders (id integer PRIMARY KEY, person_id integer, state text, note text)")
    execute(
        "INSERT INTO orders SELECT n, n % 20000, CASE n % 1000 WHEN 0 THEN 'open' ELSE 'paid' END, repeat('x', 200)"
        "  FROM generate_series(1, 40000) n"
    )
    execute("ANALYZE orders")
    registered = register_table("public", "orders").table
    register_dimension("orders", registered, label="Orders")
    add_link(registered, Table.objects.get(slug="person"), on=[("person_id", "id")])
