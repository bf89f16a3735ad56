"""An e-mail as it is being written: the preview of a document that may be saved nowhere, and whom it is shown for."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from campaigns.document import as_data
from campaigns.drafts import load_draft
from campaigns.models import Campaign, Field
from orchestration.runs import start_test_run
from tests.campaigns.api.callers import is_problem, make_caller, make_holder, make_user
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel, work_off

pytestmark = pytest.mark.django_db
URL = "/api/v1/campaigns/mailing/emails/"
HTML = """<p>{{ profile.name }} of {{ profile.city }}: {{ target.top }}</p>
<a href="https://shop.example/{{ profile.id }}">Look</a> <a href="{{ unsubscribe_url }}">Leave</a> {{ postal_address }}"""
CONTENT = {"subject": "For {{ profile.name }}", "html": HTML}
SEEING = ("view_campaign", "view_personal_data")


def make_people() -> None:
    dimension = make_dimension()
    for key, city in ((2, "Busan"), (1, "Seoul"), (3, "Daegu")):
        add_person(dimension, key, city=city)
    make_channel(sender_name="The shop")


@pytest.fixture
def campaign() -> Campaign:
    make_people()
    where = {"kind": "condition", "attribute": "id", "operator": "greater", "value": 1}
    some = {"id": "some", "type": "build_audience", "config": {"dimension": "person", "rule": where}}
    rank = {"id": "rank", "type": "enrichment", "config": {"add": [TOP]}}
    return draft("mailing", [some, rank, email()], ["some rank", "rank mail"])


TOP = {"kind": "attribute", "name": "top", "attribute": "city"}


@pytest.fixture
def caller(campaign: Campaign) -> APIClient:
    return make_caller(make_holder("ann", *SEEING), "read")


def ask(caller: APIClient, campaign: Campaign, question: str = "preview", **asked: Any) -> Any:
    body: dict[str, Any] = {"document": as_data(load_draft(campaign)), "activity": "mail", **asked}
    if question == "preview":
        body = {"content": CONTENT, **body}
    return caller.post(f"{URL}{question}/", body, format="json")


def shown(caller: APIClient, campaign: Campaign, **asked: Any) -> dict[str, Any]:
    answer = ask(caller, campaign, **asked).json()
    assert answer["problems"] == []
    found: dict[str, Any] = answer["shown"]
    return found


def test_it_is_rendered_for_a_real_person_with_the_senders_words(
    caller: APIClient, campaign: Campaign
) -> None:
    found = shown(caller, campaign, recipient="2")
    assert (found["recipient"], found["subject"]) == ("2", "For Person 2")
    assert "Person 2 of Busan: Example" in found["html"]
    assert "1 Main Street" in found["html"]
    assert found["examples"] == ["target.top"]
    assert found["sender"] == {"name": "The shop", "address": "shop@example.com"}
    (link,) = found["links"]
    assert link == {"number": 1, "url": "https://shop.example/{{ profile.id }}", "label": "Look", "line": 2}
    assert found["bytes"] == len(found["html"].encode())


def test_the_text_is_made_from_the_html_or_written(caller: APIClient, campaign: Campaign) -> None:
    derived = shown(caller, campaign)
    assert derived["text_is_derived"] is True
    assert "{{ profile.name }}" in derived["text_template"]
    assert derived["text"].startswith("Person 1 of Seoul")
    written = shown(caller, campaign, content={**CONTENT, "text": "Hi {{ profile.name }}"})
    assert (written["text"], written["text_is_derived"]) == ("Hi Person 1", False)


MJML = """<mjml><mj-body><mj-section><mj-column>
<mj-text>{{ profile.name }} of {{ profile.city }}</mj-text>
<mj-button href="https://shop.example/{{ profile.id }}">Look</mj-button>
</mj-column></mj-section></mj-body></mjml>"""


def test_mjml_is_shown_as_the_html_it_makes(caller: APIClient, campaign: Campaign) -> None:
    found = shown(caller, campaign, content={"subject": "x", "mjml": MJML}, recipient="2")
    assert "Person 2 of Busan" in found["html"]
    assert "<mj-" not in found["html"]
    assert found["text"].startswith("Person 2 of Busan")
    assert found["bytes"] == len(found["html"].encode())
    (link,) = found["links"]
    assert link == {"number": 1, "url": "https://shop.example/{{ profile.id }}", "label": "Look", "line": 3}


def test_what_cannot_be_rendered_says_where(caller: APIClient, campaign: Campaign) -> None:
    for content, path, line in (
        ({**CONTENT, "html": "\n{{ profile.name | shout }}"}, "/html", 2),
        ({**CONTENT, "subject": "{{ "}, "/subject", 1),
        ({**CONTENT, "html": "\n\n{{ 1 | divided_by: 0 }}"}, "/html", 3),
        ({"subject": 5, "html": ""}, "/subject", None),
        ({"subject": "x", "mjml": MJML.replace("<mj-button", "<mj-knob")}, "/mjml", 3),
        ({"subject": "x", "mjml": MJML.replace("Look", "{{ 1 | divided_by: 0 }}")}, "/mjml", 1),
    ):
        answer = ask(caller, campaign, content=content)
        assert answer.status_code == 200
        problem = answer.json()["problems"][0]
        assert (problem["path"], problem.get("line")) == (path, line)
        assert answer.json()["shown"] is None


def test_a_person_who_is_not_there_is_said_to_be_missing(caller: APIClient, campaign: Campaign) -> None:
    (problem,) = ask(caller, campaign, recipient="99").json()["problems"]
    assert problem["code"] == "proof.unknown_recipient"


def test_a_document_that_is_saved_nowhere_is_what_counts(caller: APIClient, campaign: Campaign) -> None:
    document = as_data(load_draft(campaign))
    document["transitions"] = []
    found = shown(caller, campaign, document=document)
    assert (found["recipient"], found["subject"]) == (None, "For ")
    assert ask(caller, campaign, "people", document=document).json() == {"run": None, "people": []}


def test_an_empty_table_shows_an_e_mail_to_nobody(caller: APIClient, campaign: Campaign) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM person")
    assert shown(caller, campaign)["recipient"] is None


def test_without_permission_personal_data_is_masked(campaign: Campaign) -> None:
    Field.objects.filter(slug__in=("name", "email")).update(personal=True)
    viewer = make_caller(make_user("viewer", ("view",)), "read")
    assert "••• of Seoul" in shown(viewer, campaign)["html"]
    people = ask(viewer, campaign, "people").json()["people"]
    assert people[0] == {"key": "1", "words": ["•••", "Seoul", "•••"]}
    assert ask(viewer, campaign, "people", search="Person 2").json()["people"] == []
    Field.objects.filter(slug="id").update(personal=True)
    assert shown(viewer, campaign)["recipient"] == ""
    assert ask(viewer, campaign, "people").json() == {"run": None, "people": []}


def test_people_of_the_table_stand_in_until_a_run_brings_somebody(
    caller: APIClient, campaign: Campaign
) -> None:
    found = ask(caller, campaign, "people").json()
    assert found["run"] is None
    assert [each["key"] for each in found["people"]] == ["1", "2", "3"]
    assert found["people"][0]["words"] == ["Person 1", "Seoul", "p1@example.com"]
    run = work_off(start_test_run(campaign, by=None))
    found = ask(caller, campaign, "people").json()
    assert (found["run"], [each["key"] for each in found["people"]]) == (run.pk, ["2", "3"])
    values = shown(caller, campaign, recipient="3")
    assert "Person 3 of Daegu: Daegu" in values["html"]
    assert values["examples"] == []


@pytest.mark.parametrize(
    ("search", "keys"),
    [
        ("2", ["2"]),
        ("daegu", ["3"]),
        ("P1@EX", ["1"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'; --", []),
        (" ", ["1", "2", "3"]),
    ],
)
def test_people_are_found_by_key_or_by_part_of_a_word(
    caller: APIClient, campaign: Campaign, search: str, keys: list[str]
) -> None:
    found = ask(caller, campaign, "people", search=search).json()["people"]
    assert [each["key"] for each in found if search != "2" or each["key"] == "2"] == keys


def test_what_is_no_request_is_refused_at_its_place(caller: APIClient, campaign: Campaign) -> None:
    assert is_problem(caller.post(f"{URL}preview/", {"activity": "mail"}, format="json"), 400, "invalid")
    answer = ask(caller, campaign, document={"tutti": 2})
    assert is_problem(answer, 422, "invalid")
    assert all(problem["path"].startswith("/document") for problem in answer.json()["problems"])
    assert is_problem(ask(caller, campaign, recipient="\0"), 400, "invalid")
    other = caller.post(
        URL.replace("mailing", "none") + "people/", {"document": {}, "activity": "x"}, format="json"
    )
    assert is_problem(other, 404, "not_found")


def test_nothing_is_shown_to_whoever_may_not_see_campaigns(campaign: Campaign) -> None:
    assert is_problem(ask(APIClient(), campaign), 401, "not_authenticated")
    assert is_problem(ask(make_caller(make_user("x", ())), campaign), 403, "permission_denied")
