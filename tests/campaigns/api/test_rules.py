from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from campaigns import limited_queries
from campaigns.dimensions import register_dimension
from campaigns.document import parse_document
from campaigns.drafts import save_draft
from campaigns.models import AuditEntry
from campaigns.registration import register_table
from campaigns.targeting.limits import MAX_LEVELS
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.campaigns.documents import example
from tests.campaigns.shop import execute, open_shop

pytestmark = pytest.mark.django_db
BASE = "/api/v1/rules"
QUESTIONS = ("check", "count", "preview")
HAS_MAIL = {"kind": "condition", "attribute": "email", "operator": "is_not_empty"}
BORN = {"kind": "condition", "attribute": "born", "operator": "equal"}


@pytest.fixture
def caller() -> APIClient:
    return make_caller(make_holder("asker", "view_campaign"), "read")


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()
    table = register_table("shop", "person").table
    register_dimension("buyer", table, label="Buyer", fields={"email": "email"})


def ask(caller: APIClient, question: str, **asked: Any) -> Any:
    about = {} if {"table", "dimension"} & asked.keys() else {"dimension": "buyer"}
    return caller.post(f"{BASE}/{question}/", about | asked, format="json")


def nested(levels: int) -> dict[str, Any]:
    rule: dict[str, Any] = HAS_MAIL
    for _level in range(levels - 1):
        rule = {"kind": "not", "of": rule}
    return rule


@pytest.mark.parametrize("question", QUESTIONS)
def test_asking_needs_the_permission_and_the_scope(question: str) -> None:
    assert is_problem(ask(APIClient(), question), 401, "not_authenticated")
    nobody = make_caller(make_holder("nobody"))
    writer = make_caller(make_holder("writer", "view_campaign"), "write", "publish", "confirm")
    assert is_problem(ask(nobody, question), 403, "permission_denied")
    assert is_problem(ask(writer, question), 403, "permission_denied")


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"dimension": "buyer", "table": "person"}, 400, "invalid"),
        ({"dimension": None}, 400, "invalid"),
        ({"dimension": "bayer"}, 422, "invalid"),
        ({"table": "auth_user"}, 422, "invalid"),
        ({"table": "person; DROP TABLE shop.person"}, 422, "invalid"),
        ({"campaign": "nowhere"}, 404, "not_found"),
        ({"variables": {"x": {"type": "colour"}}}, 400, "invalid"),
        ({"variables": {"x": {"type": "text", "value": ["y"]}}}, 422, "invalid"),
        ({"variables": []}, 400, "invalid"),
        ({"anchor": "soon"}, 400, "invalid"),
        ({"anchor": "0001-01-01T00:00:00Z"}, 400, "invalid"),
        ({"columns": [{"name": "x y", "type": "text"}]}, 400, "invalid"),
        ({"columns": [{"name": "@x", "type": "colour"}]}, 400, "invalid"),
        ({"rule": {"kind": "condition", "attribute": "a\0b"}}, 422, "invalid"),
    ],
)
def test_what_makes_no_sense_is_refused(
    caller: APIClient, question: str, asked: dict[str, Any], status: int, code: str
) -> None:
    assert is_problem(ask(caller, question, **asked), status, code)


def test_a_name_that_is_nearly_right_is_proposed(caller: APIClient) -> None:
    (problem,) = ask(caller, "count", dimension="bayer").json()["problems"]
    assert (problem["path"], problem["remedy"]) == ("/dimension", "Did you mean: buyer?")


HOSTILE = [
    5,
    "x",
    [],
    [[[]]],
    {},
    {"kind": "wand"},
    {"kind": ["all"]},
    {"kind": "all", "of": [[]]},
    {"kind": "all", "of": {}},
    HAS_MAIL | {"operator": "resembles"},
    HAS_MAIL | {"operator": {"a": 1}},
    HAS_MAIL | {"attribute": "pg_sleep(9)"},
    HAS_MAIL | {"attribute": {"name": "extra"}},
    HAS_MAIL | {"more": 1},
    BORN | {"value": "31 February"},
    BORN | {"value": {"kind": "expression", "sql": "pg_sleep(9)"}},
    {"kind": "exists", "link": "nowhere"},
    {"kind": "aggregate", "link": "nowhere", "function": "sum", "operator": "equal", "value": 1},
    nested(MAX_LEVELS + 1),
    {"kind": "any", "of": [HAS_MAIL] * 10_001},
]


@pytest.mark.parametrize("rule", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_rule_is_refused_at_its_place(caller: APIClient, rule: Any) -> None:
    checked = ask(caller, "check", rule=rule)
    assert checked.status_code == 200
    assert checked.json()["problems"][0]["path"].startswith("/rule")
    assert (checked.json()["sentence"], checked.json()["sql"]) == (None, None)
    for question in ("count", "preview"):
        assert is_problem(ask(caller, question, rule=rule), 422, "invalid")


def test_bottomless_nesting_is_refused_before_it_is_read(caller: APIClient) -> None:
    body = '{"dimension": "buyer", "rule": ' + '{"of":' * 5_000 + "1" + "}" * 5_001
    answer = caller.post(f"{BASE}/count/", body, content_type="application/json")
    assert is_problem(answer, 422, "invalid")
    assert answer.json()["problems"][0]["code"] == "data.too_deep"


def test_the_deepest_rule_that_is_allowed_is_answered(caller: APIClient) -> None:
    rule = nested(MAX_LEVELS - 1)
    assert ask(caller, "check", rule=rule).json()["sql"].startswith("SELECT")
    assert ask(caller, "count", rule=rule).json()["count"] == 2


def test_what_takes_too_long_is_stopped(caller: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited_queries.answer, "__kwdefaults__", {"seconds": 1})
    execute("CREATE VIEW shop.slow AS SELECT person_id, pg_sleep(2)::text AS nap FROM shop.person")
    register_table("shop", "slow", key=["person_id"])
    rule = {"kind": "condition", "attribute": "nap", "operator": "equal", "value": "x"}
    answer = ask(caller, "count", table="slow", rule=rule)
    assert is_problem(answer, 422, "took_too_long")


def test_a_table_that_is_gone_is_said_to_be(caller: APIClient) -> None:
    execute("DROP TABLE shop.person CASCADE")
    answer = ask(caller, "count")
    assert is_problem(answer, 422, "not_computable")
    assert "shop.person" in answer.json()["detail"]


def test_values_that_cannot_be_read_do_not_leak_into_the_refusal(caller: APIClient) -> None:
    execute("CREATE VIEW shop.odd AS SELECT person_id, email::text::int AS number FROM shop.person")
    register_table("shop", "odd", key=["person_id"])
    answer = ask(caller, "preview", table="odd")
    assert is_problem(answer, 422, "not_computable")
    assert "ada@example.com" not in answer.content.decode()


def test_a_date_that_python_cannot_hold_is_no_server_error(caller: APIClient) -> None:
    execute("UPDATE shop.person SET born = 'infinity'")
    assert ask(caller, "count", rule=BORN | {"operator": "is_not_empty"}).json()["count"] == 3
    assert is_problem(ask(caller, "preview"), 422, "not_computable")


def test_columns_that_a_run_makes_are_checked_and_not_counted(caller: APIClient) -> None:
    rule = {"kind": "condition", "attribute": "@spend", "operator": "greater", "value": 5}
    asked = {"rule": rule, "columns": [{"name": "@spend", "type": "decimal", "label": "Spend"}]}
    checked = ask(caller, "check", **asked).json()
    assert (checked["problems"], checked["sql"], checked["needs_a_run"]) == ([], None, True)
    assert ask(caller, "check", rule=rule).json()["problems"]
    assert is_problem(ask(caller, "count", **asked), 422, "run_needed")


def test_a_rule_is_put_into_words_and_sql(caller: APIClient) -> None:
    found = ask(caller, "check", rule=HAS_MAIL).json()
    assert (found["problems"], found["needs_a_run"]) == ([], False)
    assert "email" in found["sentence"].lower()
    assert '"shop"."person"' in found["sql"]


def test_everybody_is_counted_where_there_is_no_rule(caller: APIClient) -> None:
    assert ask(caller, "count").json()["count"] == 3
    assert ask(caller, "count", table="person", rule=HAS_MAIL).json()["count"] == 2


def test_personal_data_are_for_those_who_may_see_them(caller: APIClient) -> None:
    insider = make_caller(make_holder("insider", "view_campaign", "view_personal_data"), "read")
    hidden, seen = (ask(each, "preview", rule=HAS_MAIL).json() for each in (caller, insider))
    place = [column["name"] for column in hidden["columns"]].index("email")
    assert [row[place] for row in hidden["rows"]] == ["•••", "•••"]
    assert [row[place] for row in seen["rows"]] == ["ada@example.com", "sky@example.org"]
    assert hidden["rows"][0][0] == "1"


def test_variables_of_a_campaign_are_known_and_may_be_replaced(caller: APIClient) -> None:
    execute("UPDATE shop.person SET born = date '2000-01-01' + person_id::int")
    variables = {"day": {"type": "date", "value": "2000-01-02"}}
    save_draft(None, parse_document(example(variables=variables)))
    rule = BORN | {"value": {"variable": "day"}}
    assert ask(caller, "check", rule=rule).json()["problems"]
    assert ask(caller, "count", rule=rule, campaign="win-back").json()["count"] == 1
    other = {"day": {"type": "date", "value": "2000-12-31"}}
    assert ask(caller, "count", rule=rule, campaign="win-back", variables=other).json()["count"] == 0


def test_nothing_is_written_down(caller: APIClient) -> None:
    before = AuditEntry.objects.count()
    for question in QUESTIONS:
        assert ask(caller, question, rule=HAS_MAIL).status_code == 200
    assert AuditEntry.objects.count() == before


def test_a_fault_in_an_expression_has_its_position(caller: APIClient) -> None:
    rule = {"kind": "condition", "attribute": {"expression": "1 + Lenght(email)"}, "operator": "is_not_empty"}
    (problem,) = ask(caller, "check", rule=rule).json()["problems"]
    assert problem["code"] == "rule.expression_unknown_function"
    assert problem["path"] == "/rule/attribute/expression"
    assert problem["position"] == 4
    assert problem["message"].startswith("1:5: ")


def test_an_expression_is_counted_and_shown(caller: APIClient) -> None:
    rule = {
        "kind": "condition",
        "attribute": {"expression": "Length(email)"},
        "operator": "greater",
        "value": 2,
    }
    checked = ask(caller, "check", rule=rule).json()
    assert "“Length(email)”" in checked["sentence"]
    assert "CHAR_LENGTH" in checked["sql"]
    assert ask(caller, "count", rule=rule).json() | {"seconds": 0} == (
        ask(caller, "count", rule=HAS_MAIL).json() | {"seconds": 0}
    )


def test_a_deep_expression_is_answered(caller: APIClient) -> None:
    rule = {"kind": "condition", "attribute": {"expression": "AddMonths(" * 45 + "GetDate()" + ", 1)" * 45}}
    checked = ask(caller, "check", rule=rule | {"operator": "is_not_empty"})
    assert checked.status_code == 200
    assert checked.json()["sql"]


def test_an_expression_of_columns_needs_a_run(caller: APIClient) -> None:
    rule = {
        "kind": "condition",
        "attribute": {"expression": "@score * 2"},
        "operator": "greater",
        "value": 2,
    }
    asked = ask(caller, "check", rule=rule, columns=[{"name": "score", "type": "integer"}]).json()
    assert asked["problems"] == []
    assert asked["needs_a_run"] is True
