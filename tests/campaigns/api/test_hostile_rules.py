"""Rules at and beyond the limits, through every door of the API: a right answer or a clear refusal, and in time.

TUTTI_FAULTS=full asks every question at the limits; every day two of them do.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from campaigns.dimensions import register_dimension
from campaigns.models import Audience, Campaign, PredefinedFilter
from campaigns.registration import register_table
from campaigns.targeting.limits import MAX_LEVELS, MAX_TABLES
from tests.campaigns.api.callers import make_caller, make_holder
from tests.campaigns.documents import example
from tests.campaigns.shop import open_shop

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.timeout(900)]
LEAF = {"kind": "condition", "attribute": "email", "operator": "is_not_empty"}
BUYS = {"kind": "exists", "link": "orders"}
FEW = {"kind": "aggregate", "link": "orders.buyer", "function": "count", "operator": "less", "value": 2}
QUESTIONS = {
    "check": {},
    "count": {},
    "counts": {},
    "preview": {},
    "plan": {},
    "explain": {"key": 1},
    "difference": {"to": LEAF},
    "distribution": {"attribute": "email"},
}
FULL = os.environ.get("TUTTI_FAULTS") == "full"
SECONDS = 60
"""Far more than the five to fifteen seconds that questions may take: others work on the machine."""


def nested(levels: int, wrap: Callable[[Any], Any], inner: Any = LEAF) -> Any:
    for _level in range(levels):
        inner = wrap(inner)
    return inner


def either(rule: Any) -> Any:
    return {"kind": "any", "of": [rule, LEAF]}


def few(rule: Any) -> Any:
    return {**FEW, "where": rule}


def buyers(rule: Any) -> Any:
    return {"kind": "exists", "link": "orders.buyer", "where": rule}


REFUSED = {
    "200 levels": nested(200, lambda rule: {"kind": "not", "of": rule}),
    "101 levels": nested(MAX_LEVELS, either),
    "10,001 parts": {"kind": "all", "of": [LEAF] * 10_000},
    "501 looks into a table": {"kind": "all", "of": [BUYS] * (MAX_TABLES + 1)},
    "9,900 looks into a table": {"kind": "all", "of": [BUYS] * 9_900},
    "196 links behind each other": nested(MAX_LEVELS - 2, buyers),
    "a list of 10,000 values": {**LEAF, "operator": "in", "value": ["x"] * 10_000},
}
ANSWERED = {
    "99 levels of groups": nested(MAX_LEVELS - 1, either),
    "99 levels of figures": nested(MAX_LEVELS - 1, few),
    "5,000 conditions": {"kind": "any", "of": [LEAF] * 5_000},
    "300 looks into a table": {"kind": "any", "of": [BUYS] * 300},
}


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()
    tables = {name: register_table("shop", name).table for name in ("person", "orders")}
    register_dimension("person", tables["person"], label="Person", fields={"email": "email"})


@pytest.fixture
def caller() -> APIClient:
    may = [f"{verb}_{what}" for verb in ("view", "add", "change") for what in ("campaign", "audience")]
    return make_caller(make_holder("asker", "view_table", "view_personal_data", *may))


def ask(caller: APIClient, question: str, rule: Any) -> Any:
    begun = monotonic()
    body = {"dimension": "person", "rule": rule, **QUESTIONS[question]}
    answer = caller.post(f"/api/v1/rules/{question}/", body, format="json")
    assert monotonic() - begun < SECONDS
    return answer


def told(answer: Any) -> list[dict[str, Any]]:
    """What is wrong, each with words, a place and a remedy."""
    problems: list[dict[str, Any]] = answer.json()["problems"]
    assert all(each["message"] and each["remedy"] for each in problems)
    return problems


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("rule", REFUSED.values(), ids=REFUSED)
def test_beyond_a_limit_every_question_is_refused_with_a_remedy(
    caller: APIClient, question: str, rule: Any
) -> None:
    answer = ask(caller, question, rule)
    if question == "counts" and answer.status_code == 200:
        assert answer.json()["counts"][0]["state"] in ("refused", "not_reached")
    elif question == "check" and answer.status_code == 200:
        assert told(answer)
    else:
        assert answer.status_code in (400, 422)
        assert told(answer)
    assert ask(caller, "count", LEAF).json()["count"] == 2


@pytest.mark.parametrize("question", QUESTIONS if FULL else ("count", "explain"))
@pytest.mark.parametrize("rule", ANSWERED.values(), ids=ANSWERED)
def test_within_the_limits_every_question_is_answered_or_stopped_in_time(
    caller: APIClient, question: str, rule: Any
) -> None:
    answer = ask(caller, question, rule)
    stopped = answer.status_code == 422 and answer.json()["code"] in ("took_too_long", "not_computable")
    assert answer.status_code == 200 or stopped
    assert ask(caller, "count", LEAF).json()["count"] == 2


@pytest.mark.parametrize("wrap", [either, few, buyers])
def test_filters_that_stand_in_each_other_are_as_deep_as_a_rule_may_be(
    caller: APIClient, wrap: Callable[[Any], Any]
) -> None:
    first = {"slug": "f0", "label": "F", "table": "person", "shared": True, "rule": nested(45, wrap)}
    assert caller.post("/api/v1/filters/", first, format="json").status_code == 201
    deeper = nested(80, wrap, {"kind": "filter", "filter": "f0"})
    second = {**first, "slug": "f1", "rule": deeper}
    answer = caller.post("/api/v1/filters/", second, format="json")
    assert answer.status_code == 422
    assert "too_deep" in told(answer)[0]["code"]
    assert "too_deep" in told(ask(caller, "count", deeper))[0]["code"]
    assert list(PredefinedFilter.objects.filter(slug__in=["f0", "f1"]).values_list("slug", flat=True)) == [
        "f0"
    ]


@pytest.mark.parametrize("rule", REFUSED.values(), ids=REFUSED)
def test_no_filter_and_no_audience_is_made_of_it(caller: APIClient, rule: Any) -> None:
    body = {"slug": "big", "label": "Big", "rule": rule}
    answers = [
        caller.post("/api/v1/filters/", {**body, "table": "person", "shared": True}, format="json"),
        caller.post("/api/v1/audiences/", {**body, "dimension": "person"}, format="json"),
    ]
    assert {answer.status_code for answer in answers} <= {400, 422}
    assert all(told(answer) for answer in answers)
    assert not Audience.objects.exists()
    assert not PredefinedFilter.objects.filter(slug="big").exists()


def document(rule: Any) -> dict[str, Any]:
    whole = {"id": "all", "type": "build_audience", "config": {"dimension": "person", "rule": rule}}
    return example(activities=[whole], transitions=[])


@pytest.mark.parametrize("media", ["application/json", "application/yaml"])
@pytest.mark.parametrize("rule", REFUSED.values(), ids=REFUSED)
def test_a_document_with_it_is_refused_or_kept_as_a_draft_that_says_so(
    caller: APIClient, rule: Any, media: str
) -> None:
    """JSON is YAML too. What is kept can be read, and told what is wrong with it."""
    begun = monotonic()
    made = caller.post("/api/v1/campaigns/", json.dumps(document(rule)), content_type=media)
    assert made.status_code in (201, 400, 422)
    if made.status_code != 201:
        assert told(made)
        assert not Campaign.objects.exists()
        return
    assert caller.get("/api/v1/campaigns/win-back/").status_code == 200
    linted = caller.post("/api/v1/lint/", json.dumps(document(rule)), content_type=media)
    assert [each for each in linted.json()["problems"] if each["severity"] == "error"]
    assert monotonic() - begun < SECONDS


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "a: !!python/object:os.system x",
        "[" * 100_000,
        "a: " + "{b: " * 300,
    ],
    ids=["aliases", "tag", "brackets", "objects"],
)
def test_hostile_yaml_makes_no_campaign(caller: APIClient, text: str) -> None:
    answer = caller.post("/api/v1/campaigns/", text, content_type="application/yaml")
    assert answer.status_code in (400, 422)
    assert told(answer)
    assert not Campaign.objects.exists()


def test_the_database_session_is_the_same_after_all_that(caller: APIClient) -> None:
    """No refusal costs a connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (before,) = cursor.fetchone()
        for question in QUESTIONS:
            ask(caller, question, REFUSED["196 links behind each other"])
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() == (before,)
