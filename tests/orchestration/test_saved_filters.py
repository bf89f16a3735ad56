"""A saved filter in a campaign that is tested, published and run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from campaigns.drafts import load_draft
from campaigns.models import PredefinedFilter
from campaigns.predefined_filters import create_filter, save_filter
from campaigns.problems import ProblemsError
from campaigns.publishing import publish_campaign
from orchestration.admin.affected import affected
from orchestration.models import Population
from orchestration.runs import start_live_run, start_test_run
from tests.campaigns.api.callers import make_caller, make_holder
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, work_off

pytestmark = pytest.mark.django_db
UP_TO = {"kind": "condition", "attribute": "id", "operator": "less_or_equal", "value": {"parameter": "last"}}
LAST = {"name": "last", "type": "number", "default": 1}


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    dimension = make_dimension()
    for key in range(1, 6):
        add_person(dimension, key)


@pytest.fixture
def saved() -> PredefinedFilter:
    return create_filter("up_to", parts(), by=make_holder("author", "change_campaign"))


def parts(**changes: Any) -> dict[str, Any]:
    return {
        "label": "Up to",
        "table": "person",
        "rule": UP_TO,
        "parameters": [LAST],
        "shared": True,
    } | changes


def edit(saved: PredefinedFilter) -> None:
    """The same filter, with everybody else in it."""
    changed = parts(rule=UP_TO | {"operator": "greater"})
    save_filter(saved, changed, if_match=saved.content_hash, by=saved.owner)


def campaign() -> Any:
    rule = {"kind": "filter", "filter": "up_to", "parameters": {"last": 2}}
    return draft(
        "filtered",
        [{"id": "all", "type": "build_audience", "config": {"dimension": "person", "rule": rule}}],
        [],
    )


def publish(row: Any) -> Any:
    row.refresh_from_db()
    return publish_campaign(row, by=None, if_match=row.draft_hash, confirm_warnings=True)


def reached(run: Any) -> int:
    return int(Population.objects.get(activity_run__run=work_off(run), port="main").row_count)


def test_a_campaign_with_a_filter_nobody_shares_is_not_published() -> None:
    row = campaign()
    with pytest.raises(ProblemsError) as raised:
        publish(row)
    assert "rule.unknown_filter" in [problem.code for problem in raised.value.problems]


def test_a_version_means_the_filter_it_was_published_with(saved: PredefinedFilter) -> None:
    version = publish(campaign())
    edit(saved)
    (activity,) = json.loads(version.definition)["activities"]
    assert activity["config"]["rule"]["frozen"]["rule"]["operator"] == "less_or_equal"
    assert reached(start_live_run(version)) == 2


def test_a_draft_means_the_filter_of_today_and_a_test_that_of_its_start(saved: PredefinedFilter) -> None:
    row = campaign()
    begun = start_test_run(row)
    edit(saved)
    assert reached(begun) == 2
    assert reached(start_test_run(row)) == 3


def test_a_filter_that_changed_is_a_change_that_can_be_published(saved: PredefinedFilter) -> None:
    row = campaign()
    first = publish(row)
    with pytest.raises(ProblemsError) as raised:
        publish(row)
    assert [problem.code for problem in raised.value.problems] == ["campaign.unchanged"]
    edit(saved)
    assert publish(row).hash != first.hash


def test_a_test_with_another_filter_is_no_test_of_the_draft(saved: PredefinedFilter) -> None:
    row = campaign()
    reached(start_test_run(row))
    assert not any("not tested" in line for line in affected(row, load_draft(row)))
    edit(saved)
    assert any("not tested" in line for line in affected(row, load_draft(row)))


def test_a_filter_that_nobody_changed_is_no_difference(saved: PredefinedFilter) -> None:
    """What publishing would freeze is compared, and so a filter that was changed is one."""
    made = campaign()
    publish_campaign(made, by=None, if_match=made.draft_hash, confirm_warnings=True)
    viewer = make_caller(make_holder("viewer", "view_campaign"))
    diff = "/api/v1/campaigns/filtered/diff/"
    assert viewer.get(diff).json() == {"changes": []}
    edit(saved)
    (change,) = viewer.get(diff).json()["changes"]
    assert (change["change"], change["name"]) == ("changed", "all")
