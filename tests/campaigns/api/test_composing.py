"""What is asked while a rule is composed, through the API's door."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from campaigns.models import AttributeMark
from campaigns.registration import register_table
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.campaigns.shop import execute, open_shop

pytestmark = pytest.mark.django_db
BASE = "/api/v1"
HAS_MAIL = {"kind": "condition", "attribute": "email", "operator": "is_not_empty"}


@pytest.fixture
def caller() -> APIClient:
    return make_caller(make_holder("asker", "view_campaign", "view_table"), "read", "write")


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()
    for name in ("person", "orders"):
        register_table("shop", name)


def ask(caller: APIClient, what: str, /, **asked: Any) -> Any:
    return caller.post(f"{BASE}/rules/{what}/", {"table": "person"} | asked, format="json")


@pytest.mark.parametrize("question", ["counts", "distribution", "plan"])
def test_asking_needs_the_permission_and_the_scope(question: str) -> None:
    assert is_problem(ask(APIClient(), question), 401, "not_authenticated")
    assert is_problem(ask(make_caller(make_holder("nobody")), question), 403, "permission_denied")
    writer = make_caller(make_holder("writer", "view_campaign", "view_table"), "write")
    assert is_problem(ask(writer, question), 403, "permission_denied")


def test_who_may_not_see_tables_reads_no_plan() -> None:
    author = make_caller(make_holder("author", "view_campaign"), "read")
    assert is_problem(ask(author, "plan"), 403, "permission_denied")


@pytest.mark.parametrize(
    ("question", "asked", "status"),
    [
        ("counts", {"nodes": ["/of/9"], "rule": HAS_MAIL}, 422),
        ("counts", {"nodes": [""] * 201, "rule": HAS_MAIL}, 400),
        ("counts", {"nodes": "all", "rule": HAS_MAIL}, 400),
        ("counts", {"question": "short", "rule": HAS_MAIL}, 400),
        ("counts", {"question": "x; SELECT 1", "rule": HAS_MAIL}, 400),
        ("counts", {"rule": {"kind": "nothing"}}, 422),
        ("distribution", {}, 400),
        ("distribution", {"attribute": 3}, 400),
        ("distribution", {"attribute": {"name": "extra", "path": []}}, 400),
        ("distribution", {"attribute": "gone"}, 422),
        ("distribution", {"attribute": "email"}, 422),
        ("distribution", {"attribute": "seen", "search": "a\0b"}, 400),
        ("preview", {"show": ["gone"]}, 422),
        ("preview", {"show": ["seen"] * 31}, 400),
        ("preview", {"limit": 201}, 400),
        ("preview", {"limit": 0}, 400),
        ("preview", {"after": "no mark"}, 422),
        ("plan", {"rule": HAS_MAIL | {"attribute": "gone"}}, 422),
        ("plan", {"analyze": "perhaps"}, 400),
    ],
)
def test_what_makes_no_sense_is_refused(
    caller: APIClient, question: str, asked: dict[str, Any], status: int
) -> None:
    answer = ask(caller, question, **asked)
    assert answer.status_code == status, answer.content
    assert answer.json()["problems"][0]["remedy"]


def test_every_part_is_counted(caller: APIClient) -> None:
    rule = {"kind": "not", "of": HAS_MAIL}
    answer = ask(caller, "counts", rule=rule, question="typing-0001").json()
    assert answer["complete"] is True
    assert [(each["path"], each["count"], each["state"]) for each in answer["counts"]] == [
        ("", 1, "counted"),
        ("/of", 2, "counted"),
    ]


def test_a_rule_on_columns_of_a_run_is_not_counted(caller: APIClient) -> None:
    rule = {"kind": "condition", "attribute": "@rank", "operator": "is_empty"}
    columns = [{"name": "@rank", "type": "integer"}]
    assert is_problem(ask(caller, "counts", rule=rule, columns=columns), 422, "run_needed")


def test_a_question_that_is_not_running_is_not_called_off(caller: APIClient) -> None:
    """It may have ended just before: an answer, not a refusal."""
    answer = caller.delete(f"{BASE}/rules/questions/typing-0001/")
    assert (answer.status_code, answer.json()) == (200, {"called_off": False})
    assert caller.delete(f"{BASE}/rules/questions/x/").status_code == 404


def test_the_next_page_begins_where_the_last_one_ended(caller: APIClient) -> None:
    first = ask(caller, "preview", show=["full_name", "person_id"], limit=2).json()
    assert [row[1] for row in first["rows"]] == ["1", "2"]
    assert {row[0] for row in first["rows"]} == {"•••"}
    second = ask(caller, "preview", show=["person_id"], limit=2, after=first["next"]).json()
    assert (second["rows"], second["next"]) == ([["3"]], None)


def test_values_come_with_their_counts(caller: APIClient) -> None:
    answer = ask(caller, "distribution", attribute="active").json()
    (value,) = answer["values"]
    assert (value["value"], value["count"], value["percent"]) == (True, 3, "100.00")
    assert answer["partial"] is False


def test_the_plan_is_told_in_words(caller: APIClient) -> None:
    answer = ask(caller, "plan", rule=HAS_MAIL).json()
    assert answer["seconds"] is None
    assert "Person is read wholly" in " ".join(answer["summary"])
    assert ask(caller, "plan", rule=HAS_MAIL, analyze=True).json()["seconds"] is not None
    execute("SELECT 1")


def test_fields_are_found_with_favourites_first(caller: APIClient) -> None:
    mark = {"table": "person", "attribute": "seen"}
    assert caller.put(f"{BASE}/attributes/favourites/", mark, format="json").status_code == 204
    found = caller.get(f"{BASE}/tables/person/fields/").json()
    assert (found["fields"][0]["attribute"], found["fields"][0]["favourite"]) == ("seen", True)
    assert caller.get(f"{BASE}/tables/person/fields/", {"search": "x" * 201}).status_code == 400
    assert caller.get(f"{BASE}/tables/person/fields/", {"levels": 99}).status_code == 400
    assert caller.get(f"{BASE}/tables/nowhere/fields/").status_code == 404


def test_marks_are_ones_own(caller: APIClient) -> None:
    mark = {"table": "person", "attribute": "seen"}
    caller.put(f"{BASE}/attributes/favourites/", mark, format="json")
    caller.put(f"{BASE}/attributes/recents/", mark, format="json")
    other = make_caller(make_holder("other", "view_table"), "read", "write")
    assert other.get(f"{BASE}/attributes/marks/").json() == {"favourites": [], "recents": []}
    assert is_problem(other.delete(f"{BASE}/attributes/favourites/", mark, format="json"), 404, "not_found")
    mine = caller.get(f"{BASE}/attributes/marks/").json()
    assert [len(mine[kind]) for kind in ("favourites", "recents")] == [1, 1]
    assert caller.delete(f"{BASE}/attributes/favourites/", mark, format="json").status_code == 204
    assert AttributeMark.objects.count() == 1
    wrong = caller.put(f"{BASE}/attributes/recents/", {"table": "person", "attribute": "gone"}, format="json")
    assert wrong.status_code == 422
