from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from campaigns.targeting.expressions.registry import FUNCTIONS
from tests.campaigns.api.callers import is_problem, make_caller, make_holder

pytestmark = pytest.mark.django_db
ROUTE = "/api/v1/expressions/functions/"


def test_asking_needs_a_caller_with_the_scope() -> None:
    assert is_problem(APIClient().get(ROUTE), 401, "not_authenticated")
    caller = make_caller(make_holder("asker", "view_campaign"), "write")
    assert is_problem(caller.get(ROUTE), 403, "permission_denied") or caller.get(ROUTE).status_code == 403


def test_every_function_is_described_by_category() -> None:
    answer = make_caller(make_holder("asker", "view_campaign"), "read").get(ROUTE).json()
    assert {each["name"] for each in answer} == {each.name for each in FUNCTIONS.values()}
    found = next(each for each in answer if each["name"] == "Substring")
    assert found["category"] == "text"
    assert found["signature"] == "Substring(text: text, start: integer, [length: integer])"
    assert found["gives"] == "text"
    assert found["description"]
    assert found["example"]


def test_descriptions_are_in_the_readers_language() -> None:
    caller = make_caller(make_holder("asker", "view_campaign"), "read")
    english = caller.get(ROUTE, headers={"accept-language": "en"}).json()
    korean = caller.get(ROUTE, headers={"accept-language": "ko"}).json()
    assert [each["name"] for each in english] == [each["name"] for each in korean]
    assert english[0]["description"] != korean[0]["description"]
