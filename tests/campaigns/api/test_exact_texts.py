"""Data that nobody normalised are found by the very texts they hold, and by no others."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from campaigns.models import Field
from campaigns.registration import register_table
from tests.campaigns.api.callers import make_caller, make_holder
from tests.campaigns.shop import open_shop

pytestmark = pytest.mark.django_db
NAMES = ["Zoe\u0308", "\u1112\u1161\u11ab"]


@pytest.fixture
def caller(db: None) -> APIClient:
    open_shop()
    with connection.cursor() as cursor:
        cursor.execute('UPDATE shop.person SET "Full Name" = %s WHERE person_id = 1', NAMES[:1])
        cursor.execute('UPDATE shop.person SET "Full Name" = %s WHERE person_id = 3', NAMES[1:])
        cursor.execute("UPDATE shop.person SET extra = jsonb_build_object(%s::text, 'x')", NAMES[:1])
    register_table("shop", "person")
    Field.objects.update(personal=False)
    return make_caller(make_holder("asker", "view_campaign"), "read")


def ask(caller: APIClient, question: str, **asked: Any) -> Any:
    return caller.post(f"/api/v1/rules/{question}/", {"table": "person", **asked}, format="json").json()


def counted(caller: APIClient, **condition: Any) -> int:
    rule = {"kind": "condition", "attribute": "full_name", **condition}
    found: int = ask(caller, "count", rule=rule)["count"]
    return found


def test_a_value_of_the_distribution_selects_its_rows(caller: APIClient) -> None:
    told = ask(caller, "distribution", attribute="full_name", rule=None)["values"]
    values = [each["value"] for each in told]
    assert set(NAMES) <= set(values)
    assert [counted(caller, operator="equal", value=value) for value in values] == [1, 1, 1]
    assert counted(caller, operator="in", value=values) == 3
    assert counted(caller, operator="not_equal", value=values[0]) == 2
    assert counted(caller, operator="contains", value="\u0308") == 1


def test_the_composed_text_is_another_one(caller: APIClient) -> None:
    assert counted(caller, operator="in", value=["Zoë", "한"]) == 0


def test_keys_inside_json_and_literals_of_expressions_are_exact_too(caller: APIClient) -> None:
    inside = {"name": "extra", "path": NAMES[:1]}
    assert counted(caller, attribute=inside, operator="equal", value="x") == 3
    assert ask(caller, "distribution", attribute=inside, rule=None)["values"][0]["value"] == "x"
    formula = {"expression": f"full_name = '{NAMES[0]}'"}
    assert counted(caller, attribute=formula, operator="is_true") == 1
