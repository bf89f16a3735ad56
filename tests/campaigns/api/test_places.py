"""What an activity finds in its place, and what an editor has to know of the language of rules."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from campaigns.targeting.operators import Operator
from campaigns.targeting.schema import FieldType
from tests.campaigns.api.callers import make_caller, make_holder, make_user
from tests.ledger import make_dimension

pytestmark = pytest.mark.django_db

START = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
ENRICH = {
    "id": "more",
    "type": "enrichment",
    "config": {"add": [{"kind": "attribute", "attribute": "id", "name": "copy", "label": "A copy"}]},
}
MAIL = {"id": "mail", "type": "email", "config": {}}


@pytest.fixture
def caller(db: None) -> Any:
    make_dimension()
    return make_caller(make_user())


def place(caller: Any, activity: str, *activities: dict[str, Any], **more: Any) -> Any:
    arrows = [{"from": one["id"], "to": other["id"]} for one, other in pairwise(activities)]
    body = {
        "tutti": 1,
        "campaign": {"slug": "c", "name": "C"},
        "activities": list(activities),
        "transitions": arrows,
        **more,
    }
    return caller.post(f"/api/v1/lint/attributes/?activity={activity}", body, format="json")


def names(listed: list[dict[str, Any]]) -> list[str]:
    return [each["name"] for each in listed]


def test_behind_an_enrichment_its_columns_stand_before_the_attributes_of_the_table(caller: Any) -> None:
    found = place(caller, "mail", START, ENRICH, MAIL).json()
    assert found["dimension"] == "person"
    assert found["attributes"][0] == {"name": "@copy", "label": "A copy", "type": "integer", "group": ""}
    assert "id" in names(found["attributes"])
    (arrow,) = found["incoming"]
    assert (arrow["source"], arrow["port"], arrow["table"]) == ("more", "main", found["table"])
    assert names(arrow["columns"]) == ["@copy"]


def test_before_it_nobody_has_them_and_at_the_start_nobody_comes_in(caller: Any) -> None:
    assert "@copy" not in names(place(caller, "more", START, ENRICH, MAIL).json()["attributes"])
    start = place(caller, "all", START, ENRICH, MAIL).json()
    assert (start["dimension"], start["attributes"], start["incoming"]) == ("", [], [])
    assert set(start["dimensions"]) == {"person"}


def test_behind_settings_that_are_not_valid_nothing_is_known(caller: Any) -> None:
    broken = {**ENRICH, "config": {"add": "something"}}
    found = place(caller, "mail", START, broken, MAIL).json()
    assert (found["table"], found["attributes"]) == ("", [])
    assert found["incoming"][0]["columns"] == []


def test_variables_are_named_with_their_types(caller: Any) -> None:
    variables = {"limit": {"type": "number", "value": "3"}}
    found = place(caller, "all", START, variables=variables).json()
    assert found["variables"] == [{"name": "limit", "type": "number"}]


def test_an_audience_that_is_saved_before_can_be_named_behind(caller: Any) -> None:
    save = {"id": "keep", "type": "save_audience", "config": {"audience": "loyal", "label": "Loyal"}}
    assert "loyal" in names(place(caller, "mail", START, save, MAIL).json()["audiences"])
    assert "loyal" not in names(place(caller, "keep", START, save, MAIL).json()["audiences"])


def test_an_activity_that_the_document_lacks_is_refused_with_the_nearest(caller: Any) -> None:
    answer = place(caller, "male", START, MAIL)
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert problem["code"] == "activity.unknown"
    assert "mail" in problem["remedy"]
    body = {"tutti": 1, "campaign": {"slug": "c", "name": "C"}}
    assert caller.post("/api/v1/lint/attributes/", body, format="json").status_code == 400


def test_who_may_not_see_campaigns_is_told_nothing(caller: Any) -> None:
    assert place(make_caller(make_holder("bob")), "all", START).status_code == 403


def test_every_type_has_its_operators_and_each_says_what_it_takes(caller: Any) -> None:
    found = caller.get("/api/v1/rules/operators/").json()
    assert set(found["types"]) == {kind.value for kind in FieldType}
    assert set(names([each for listed in found["types"].values() for each in listed])) == set(Operator)
    by_name = {each["name"]: each for each in found["types"]["date"]}
    assert by_name["in_period"] == {"name": "in_period", "label": "in the period", "shape": "period"}


def test_functions_say_what_they_give_of_which_types(caller: Any) -> None:
    functions = {
        each["name"]: each["gives"] for each in caller.get("/api/v1/rules/operators/").json()["functions"]
    }
    assert functions["avg"] == {"integer": "decimal", "decimal": "decimal", "float": "float"}
    assert functions["max"]["date"] == "date"
    assert "text" not in functions["sum"]
    assert functions["string"] == {"text": "text"}
    assert functions["count_distinct"]["text"] == "integer"


def test_a_table_lists_what_rules_may_ask_of_its_rows(caller: Any) -> None:
    reader = make_caller(make_holder("eve", "view_table"))
    table = place(caller, "mail", START, MAIL).json()["table"]
    found = reader.get(f"/api/v1/tables/{table}/attributes/").json()
    assert found["table"] == table
    assert "id" in names(found["attributes"])
    assert reader.get("/api/v1/tables/nothing/attributes/").status_code == 404


def test_the_schema_says_which_rules_are_about_other_rows(caller: Any) -> None:
    kinds = {each["name"]: each["settings"] for each in caller.get("/api/v1/activity-types/").json()}
    properties = kinds["reconciliation"]["properties"]
    assert properties["rule"]["other_rows"] is True
    assert "other_rows" not in properties["filter"]


def test_an_expression_says_its_type_or_the_place_of_its_fault(caller: Any) -> None:
    asked = {"dimension": "person", "columns": [{"name": "@extra", "type": "integer"}]}
    url = "/api/v1/rules/expression/"
    good = caller.post(url, {**asked, "expression": "id + @extra"}, format="json").json()
    assert good == {"type": "integer", "problems": []}
    bad = caller.post(url, {**asked, "expression": "id + nothing"}, format="json").json()
    assert bad["type"] is None
    (problem,) = bad["problems"]
    assert (problem["path"], problem["position"]) == ("/expression", 5)
    assert caller.post(url, {**asked, "expression": ""}, format="json").status_code == 400


@pytest.mark.parametrize("activity", ["", "\0", "x" * 61, "'; --", "\N{RIGHT-TO-LEFT OVERRIDE}"])
def test_an_activity_of_any_name_is_answered_or_refused(caller: Any, activity: str) -> None:
    assert place(caller, activity, START).status_code in (400, 422)


@pytest.mark.parametrize(
    "expression",
    ["\0", "(" * 3_000, "'" * 99, "@@@", "id +" * 900, "x" * 5_001, '"\N{GRINNING FACE}', "1 / 0"],
)
def test_an_expression_of_any_text_is_answered_or_refused(caller: Any, expression: str) -> None:
    asked = {"dimension": "person", "expression": expression}
    assert caller.post("/api/v1/rules/expression/", asked, format="json").status_code in (200, 400, 422)
