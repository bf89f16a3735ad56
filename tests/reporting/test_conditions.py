"""What the rules of a run say of one person now, beside the way they went then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import Field
from campaigns.personal_data import MASKED
from orchestration.execution import execute_activity
from orchestration.forecasts import forecast
from orchestration.models import CampaignRun, Population
from orchestration.runs import document_of, start_test_run
from orchestration.working_tables import DECIDED
from reporting.conditions import RuleAnswer, When, conditions_of, trace_data
from reporting.traces import trace
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, problems, work_off

Conditions = Mapping[str, Sequence[RuleAnswer]]

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
    """By activity, of the only round there is."""
    found = conditions_of(run, trace(run, key), personal=personal)
    return {activity: answers for (_first, activity), answers in found.items()}


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


def of(conditions: Conditions, activity: str, when: When) -> list[tuple[str, str, bool | None, str]]:
    """(part, path, holds, words) of everything told of an activity at a time."""
    return [
        (rule.path, node.path, node.holds, node.words)
        for rule in conditions.get(activity, ())
        if rule.when is when and rule.explanation
        for node in rule.explanation.nodes
    ]


def test_whoever_did_not_leave_by_a_complement_has_only_now(run: CampaignRun) -> None:
    assert {rule.when for rules in told(run, "1").values() for rule in rules} == {When.NOW}
    assert {rule.when for rules in told(run, "3").values() for rule in rules} == {When.NOW}


def test_what_was_stays_and_what_is_moves(run: CampaignRun) -> None:
    before = of(told(run, "2"), "parts", When.THEN)
    assert before == [
        ("/subsets/0/rule", "", False, ""),
        ("/subsets/0/rule", "/of/0", False, "language: ko"),
        ("/subsets/0/rule", "/of/1", True, "@home: Busan"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE person SET language = 'en' WHERE id = 2")
    after = told(run, "2")
    assert of(after, "parts", When.THEN) == before
    assert of(after, "parts", When.NOW)[1] == ("/subsets/0/rule", "/of/0", True, "language: en")


def test_what_was_says_when_that_was_and_comes_before_what_is(run: CampaignRun) -> None:
    steps = {step["activity"]: step for step in trace_data(run, trace(run, "2"), personal=True)["steps"]}
    then, now = steps["parts"]["conditions"]
    activity_run = run.activity_runs.get(activity_id="parts")
    assert (then["when"], now["when"]) == ("then", "now")
    assert activity_run.started_at <= then["at"] <= activity_run.finished_at < now["at"]
    assert (then["label"], then["holds"], then["found"]) == ("English · Rule", False, True)


def test_what_was_is_masked_as_what_is(run: CampaignRun) -> None:
    Field.objects.filter(slug="language").update(personal=True)
    hidden, seen = told(run, "2", personal=False), told(run, "2")
    assert of(hidden, "parts", When.THEN)[1][3] == f"language: {MASKED}"
    assert of(seen, "parts", When.THEN)[1][3] == "language: ko"


def test_a_column_that_was_carried_may_be_an_address(run: CampaignRun) -> None:
    assert of(told(run, "2", personal=False), "parts", When.THEN)[2][3] == f"@home: {MASKED}"
    assert of(told(run, "2"), "parts", When.THEN)[2][3] == "@home: Busan"


@pytest.mark.parametrize(("key", "value"), [("city", "Busan"), ("@home", MASKED)])
def test_the_key_of_whoever_was_kept_is_masked_where_keys_are_personal(key: str, value: str) -> None:
    run = deduplicated(key)
    assert words(told(run, "2", personal=False)) == [f"{key}: {value}", "key: 1"]
    Field.objects.filter(slug="id").update(personal=True)
    assert words(told(run, "2", personal=False)) == [f"{key}: {value}", f"key: {MASKED}"]
    assert words(told(run, "2")) == [f"{key}: Busan", "key: 1"]


def words(conditions: Conditions) -> list[str]:
    return [found[3] for found in of(conditions, "once", When.THEN)]


def deduplicated(key: str) -> CampaignRun:
    """Of two people in one city the first is kept."""
    dimension = make_dimension()
    for number in (1, 2):
        add_person(dimension, number, city="Busan")
    added = [{"kind": "attribute", "attribute": "city", "name": "home"}]
    activities = [
        {"id": "all", "type": "build_audience", "config": {"dimension": "person"}},
        {"id": "more", "type": "enrichment", "config": {"add": added}},
        {"id": "once", "type": "deduplication", "config": {"keys": [key], "complement": True}},
        {"id": "end", "type": "end"},
    ]
    run = work_off(start_test_run(draft("once", activities, ["all more", "more once", "once end"])))
    assert problems(run) == {}
    return run


def test_whose_row_was_gone_is_told_so(run: CampaignRun) -> None:
    """The activity ran after the row went: nothing of the rule held, and no value is made up."""
    campaign = run.campaign
    fresh = start_test_run(campaign)
    for activity in ("all", "more"):
        execute_activity(fresh.activity_runs.get(activity_id=activity).pk)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM person WHERE id = 2")
    work_off(fresh)
    then, now = told(fresh, "2")["parts"]
    assert then.explanation
    assert now.explanation
    assert (then.explanation.found, then.explanation.holds, then.explanation.nodes) == (False, False, [])
    assert now.explanation.found is False


def test_what_was_kept_goes_with_the_working_tables(run: CampaignRun) -> None:
    Population.objects.filter(activity_run__run=run).update(dropped_at=timezone.now())
    assert of(told(run, "2"), "parts", When.THEN) == []


def test_a_plan_keeps_nothing(run: CampaignRun) -> None:
    with CaptureQueriesContext(connection) as found:
        forecast(document_of(run))
    made = [
        query["sql"] for query in found if query["sql"].startswith(("CREATE TABLE", "CREATE UNLOGGED TABLE"))
    ]
    assert len(made) > 1
    assert not [text for text in made if DECIDED in text]
