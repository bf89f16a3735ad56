from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from campaigns.campaign_templates.gallery import shipped_templates
from campaigns.lint import lint_campaign
from campaigns.models import Campaign
from campaigns.problems import errors_of
from tests.campaigns.api.callers import caller, is_problem, make_caller, make_holder
from tests.ledger import make_dimension
from tests.orchestration.engine import draft, email, make_channel

pytestmark = pytest.mark.django_db
URL = "/api/v1/campaign-templates/"
NEW = {"slug": "new", "name": "New"}
__all__ = ["caller"]


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    make_dimension()
    make_channel()
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    draft("letters", [everybody, email()], ["all mail"])


def save(caller: APIClient, **changes: Any) -> Any:
    return caller.post(URL, {"campaign": "letters", "slug": "mine", "name": "Mine", **changes}, format="json")


def use(caller: APIClient, slug: str, **answers: str) -> Any:
    return caller.post(f"{URL}{slug}/use/", {**NEW, "answers": answers}, format="json")


def test_who_may_only_look_may_neither_save_nor_use_nor_delete() -> None:
    viewer = make_caller(make_holder("viewer", "view_campaign"), "read", "write")
    assert is_problem(save(viewer), 403, "permission_denied")
    assert is_problem(use(viewer, "announcement"), 403, "permission_denied")
    assert is_problem(viewer.delete(f"{URL}announcement/"), 403, "permission_denied")
    assert len(viewer.get(URL).json()["templates"]) == len(shipped_templates())


def test_what_is_not_there_or_stays_is_not_found(caller: APIClient) -> None:
    assert is_problem(caller.get(f"{URL}nothing/"), 404, "not_found")
    assert is_problem(caller.delete(f"{URL}announcement/"), 404, "not_found")
    assert is_problem(save(caller, campaign="nothing"), 404, "not_found")


def test_what_is_not_answered_is_named(caller: APIClient) -> None:
    answer = use(caller, "welcome", dimension="person")
    assert is_problem(answer, 422, "invalid")
    assert [each["path"] for each in answer.json()["problems"]] == ["/answers/joined", "/answers/channel"]
    assert is_problem(save(caller, slug="welcome"), 409, "conflict")


def test_a_shipped_template_says_what_it_asks_and_makes_a_campaign(caller: APIClient) -> None:
    shown = caller.get(f"{URL}reminder/").json()
    asked = {each["name"]: each["choices"] for each in shown["blanks"]}
    assert asked == {"dimension": ["person"], "channel": ["marketing-mail"]}
    made = use(caller, "reminder", **{name: choices[0] for name, choices in asked.items()})
    assert (made.status_code, made["Location"]) == (201, "/api/v1/campaigns/new/")
    assert made["ETag"] == f'"{made.json()["hash"]}"'
    assert errors_of(lint_campaign(Campaign.objects.get(slug="new"))) == ()


def test_a_campaign_becomes_a_template_that_goes_again(caller: APIClient) -> None:
    answer = save(caller, description="Letters to all")
    assert (answer.status_code, answer["Location"]) == (201, f"{URL}mine/")
    assert answer.json()["needs"] == "the dimension “person”, a channel like “marketing-mail”"
    assert caller.get(URL).json()["templates"][0]["slug"] == "mine"
    assert caller.delete(f"{URL}mine/").status_code == 204
