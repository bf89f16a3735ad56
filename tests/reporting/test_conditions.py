"""What the rules of a run say of one person now, beside the way they went then."""

from __future__ import annotations

import pytest

from campaigns.models import Field
from campaigns.personal_data import MASKED
from orchestration.models import CampaignRun
from orchestration.runs import start_test_run
from reporting.conditions import Conditions, conditions_now, trace_data
from reporting.traces import trace
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, problems, work_off

pytestmark = pytest.mark.django_db
IN_BUSAN = {"kind": "condition", "attribute": "city", "operator": "equal", "value": "Busan"}
ENGLISH = {"kind": "condition", "attribute": "language", "operator": "equal", "value": "en"}
RANKED = {"kind": "condition", "attribute": "@home", "operator": "is_not_empty"}


@pytest.fixture
def run() -> CampaignRun:
    """Busan's people with their city as a column, split by language and by that column."""
    dimension = make_dimension()
    for key, language, city in ((1, "en", "Busan"), (2, "ko", "Busan"), (3, "en", "Seoul")):
        add_person(dimension, key, language=language, city=city)
    added = [{"kind": "attribute", "attribute": "city", "name": "home"}]
    subsets = [{"id": "english", "label": "English", "rule": {"kind": "all", "of": [ENGLISH, RANKED]}}]
    activities = [
        {"id": "all", "type": "build_audience", "config": {"dimension": "person", "rule": IN_BUSAN}},
        {"id": "more", "type": "enrichment", "config": {"add": added}},
        {"id": "parts", "type": "split", "config": {"subsets": subsets, "complement": True}},
        {"id": "end", "type": "end"},
    ]
    run = work_off(start_test_run(draft("told", activities, ["all more", "more parts", "parts.english end"])))
    assert problems(run) == {}
    return run


def told(run: CampaignRun, key: str, *, personal: bool = True) -> Conditions:
    return conditions_now(run, trace(run, key), personal=personal)


def test_who_never_entered_is_told_which_condition_fails_now(run: CampaignRun) -> None:
    (rule,) = told(run, "3")["all"]
    assert rule.explanation is not None
    (node,) = rule.explanation.nodes
    assert (rule.label, node.holds, node.words) == ("Rule", False, "city: Seoul")


def test_what_only_the_run_knows_is_left_open_and_the_rest_is_told(run: CampaignRun) -> None:
    (rule,) = told(run, "1")["parts"]
    assert rule.explanation is not None
    assert [(node.path, node.holds) for node in rule.explanation.nodes] == [
        ("", None),
        ("/of/0", True),
        ("/of/1", None),
    ]
    assert rule.label == "English · Rule"


def test_who_is_in_no_table_is_found_by_none(run: CampaignRun) -> None:
    (rule,) = told(run, "99")["all"]
    assert rule.explanation is not None
    assert (rule.explanation.found, rule.explanation.holds) == (False, None)


def test_the_data_are_those_of_now_and_say_when(run: CampaignRun) -> None:
    (step,) = [
        each for each in trace_data(run, trace(run, "1"), personal=True)["steps"] if each["activity"] == "all"
    ]
    assert step["outcome"] == "selected"
    (rule,) = step["conditions"]
    assert rule["at"] > run.anchor
    assert (rule["holds"], rule["nodes"][0]["words"]) == (True, "city: Busan")


def test_personal_values_are_masked_for_those_who_may_not_see_them(run: CampaignRun) -> None:
    Field.objects.filter(slug="city").update(personal=True)
    (rule,) = told(run, "3", personal=False)["all"]
    assert rule.explanation is not None
    assert [value.value for value in rule.explanation.nodes[0].values] == [MASKED]
