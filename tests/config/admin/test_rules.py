from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from campaigns.admin.page import campaign_url
from campaigns.models import Campaign, Field
from tests.config.admin.pages import mailing
from tests.ledger import add_person, make_dimension

pytestmark = pytest.mark.django_db

BUSAN = {"kind": "condition", "attribute": "city", "operator": "equal", "value": "Busan"}


@pytest.fixture
def campaign() -> Campaign:
    dimension = make_dimension()
    for key, city in enumerate(["Busan", "Busan", "Seoul"], start=1):
        add_person(dimension, key, city=city)
    Field.objects.filter(slug="email").update(personal=True)
    return mailing()


def ask(client: Client, campaign: Campaign, route: str, **asked: Any) -> Any:
    body = {"table": "person", **asked}
    answer = client.post(campaign_url(campaign, route), body, content_type="application/json")
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize("rule", [5, "x", [], {"kind": "wand"}, {"kind": "all", "of": [[]]}, {"of": {}}])
def test_what_is_no_rule_is_said_to_be_none(viewer: Client, campaign: Campaign, rule: Any) -> None:
    assert ask(viewer, campaign, "rule_check", rule=rule)["problems"]
    assert "problem" in ask(viewer, campaign, "rule_count", rule=rule)


def test_a_text_is_refused_at_its_line(viewer: Client, campaign: Campaign) -> None:
    (problem,) = ask(viewer, campaign, "rule_check", text="kind: all\nof: [}")["problems"]
    assert problem["line"] == 2


def test_a_table_that_is_not_registered_is_asked_for(viewer: Client, campaign: Campaign) -> None:
    assert ask(viewer, campaign, "rule_count", table="auth_user", rule=None)["problem"].startswith("Choose")


@pytest.mark.parametrize("body", ["", "[]", "{", '"x"', "null"])
def test_a_request_that_says_nothing_is_answered(viewer: Client, campaign: Campaign, body: str) -> None:
    url = campaign_url(campaign, "rule_check")
    assert viewer.post(url, body, content_type="application/json").json()["problems"]


def test_a_hostile_value_counts_nobody_and_harms_nothing(viewer: Client, campaign: Campaign) -> None:
    rule = BUSAN | {"value": "'; DROP TABLE person; --"}
    assert ask(viewer, campaign, "rule_count", rule=rule)["count"] == 0
    assert ask(viewer, campaign, "rule_count", rule=None)["count"] == 3


def test_columns_that_a_run_makes_are_known_and_not_counted(viewer: Client, campaign: Campaign) -> None:
    rule = {"kind": "condition", "attribute": "@spend", "operator": "greater", "value": 5}
    columns = [{"name": "@spend", "type": "decimal", "label": "Spend"}]
    assert ask(viewer, campaign, "rule_check", rule=rule, columns=columns)["problems"] == []
    assert "Run a test" in ask(viewer, campaign, "rule_count", rule=rule, columns=columns)["problem"]
    assert ask(viewer, campaign, "rule_check", rule=rule)["problems"]


def test_a_rule_is_put_into_words_and_sql(viewer: Client, campaign: Campaign) -> None:
    found = ask(viewer, campaign, "rule_check", rule=BUSAN)
    assert found["problems"] == []
    assert "“Busan”" in found["sentence"]
    assert "SELECT" in found["sql"]
    assert found["text"].startswith("kind: condition")


def test_people_are_counted_and_personal_data_hidden(viewer: Client, campaign: Campaign) -> None:
    found = ask(viewer, campaign, "rule_count", rule=BUSAN, sample=True)
    place = found["columns"].index("email")
    assert (found["count"], len(found["rows"])) == (2, 2)
    assert {row[place] for row in found["rows"]} == {"•••"}


def test_whoever_may_sees_personal_data(publisher: Client, campaign: Campaign) -> None:
    found = ask(publisher, campaign, "rule_count", rule=BUSAN, sample=True)
    assert "p1@example.com" in found["rows"][0]


def test_the_catalogue_lists_attributes_and_operators(viewer: Client, campaign: Campaign) -> None:
    found = viewer.get(campaign_url(campaign, "catalogue") + "?table=person").json()
    assert {"name": "city", "label": "city", "type": "text", "group": ""} in found["attributes"]
    assert "starts_with" in {each["name"] for each in found["types"]["text"]}


CONTENT = {"subject": "Hi {{ profile.name }}", "preheader": "", "from_name": "", "text": ""}


@pytest.mark.parametrize(
    "html", ["{% if %}", "{{ profile.name | wand }}", "{% for i in (1..100000000) %}x{% endfor %}"]
)
def test_a_template_that_fails_says_why(viewer: Client, campaign: Campaign, html: str) -> None:
    assert ask(viewer, campaign, "email_preview", content={**CONTENT, "html": html})["problems"]


def test_an_email_is_shown_as_one_of_the_people_would_get_it(publisher: Client, campaign: Campaign) -> None:
    content = {**CONTENT, "html": "<p>{{ target.spend }} {{ profile.email }}</p>"}
    columns = [{"name": "@spend", "type": "decimal"}]
    found = ask(publisher, campaign, "email_preview", content=content, columns=columns, person=1)
    assert (found["subject"], found["html"]) == ("Hi Person 2", "<p>12.50 p2@example.com</p>")


def test_a_preview_hides_personal_data(viewer: Client, campaign: Campaign) -> None:
    content = {**CONTENT, "html": "{{ profile.email }}"}
    assert ask(viewer, campaign, "email_preview", content=content)["html"] == "•••"
