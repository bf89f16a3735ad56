from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from campaigns.models import AuditEntry, Link, Table
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.campaigns.shop import execute, open_shop

pytestmark = pytest.mark.django_db
TABLES = "/api/v1/tables/"
REGISTER, DDL, ROWS = f"{TABLES}register-schema/", f"{TABLES}from-ddl/", f"{TABLES}t/rows/"
CREATE = "CREATE TABLE t (id int PRIMARY KEY, name text, u_id int REFERENCES u);CREATE TABLE u (id int PRIMARY KEY)"


@pytest.fixture
def caller() -> APIClient:
    holder = make_holder("keeper", "view_table", "add_table", "change_table", "add_link", "add_importjob")
    return make_caller(holder, "read", "write")


@pytest.fixture
def made(caller: APIClient) -> APIClient:
    assert post(caller, DDL, {"text": CREATE, "dry_run": False}).status_code == 200
    return caller


def post(caller: APIClient, route: str, body: Any, **headers: str) -> Any:
    return caller.post(route, json.dumps(body), content_type="application/json", headers=headers)


def names() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM data.t ORDER BY id")
        return cursor.fetchall()


@pytest.mark.parametrize(
    ("route", "permission"),
    [
        (REGISTER, "add_table"),
        (DDL, "add_table"),
        (f"{TABLES}t/refresh/", "change_table"),
        (f"{TABLES}t/links/", "add_link"),
        (ROWS, "add_importjob"),
    ],
)
def test_acts_need_their_permission_and_the_scope_to_write(route: str, permission: str) -> None:
    for number, caller in enumerate(
        (
            make_caller(make_holder("a", "view_table"), "write"),
            make_caller(make_holder("b", permission), "read"),
        )
    ):
        assert is_problem(post(caller, route, {}), 403, "permission_denied"), number


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"schema": "nowhere"}, 422, "invalid"),
        ({"schema": "shop", "name": "nobody"}, 422, "invalid"),
        ({"schema": 'shop"; DROP SCHEMA shop; --'}, 422, "invalid"),
        ({"schema": "public", "name": "auth_user"}, 422, "invalid"),
        ({"schema": "x" * 64}, 400, "invalid"),
    ],
)
def test_what_cannot_be_registered_is_refused(
    caller: APIClient, body: dict[str, Any], status: int, code: str
) -> None:
    open_shop()
    assert is_problem(post(caller, REGISTER, body), status, code)
    assert not Table.objects.exists()


def test_a_schema_is_registered_then_unchanged_then_followed(caller: APIClient) -> None:
    open_shop()
    first = post(caller, REGISTER, {"schema": "shop"}).json()
    assert len(first["registered"]) == 8
    assert post(caller, REGISTER, {"schema": "shop"}).json()["registered"] == []
    execute("ALTER TABLE shop.visit ADD COLUMN seconds int; DROP VIEW shop.active_person")
    third = post(caller, REGISTER, {"schema": "shop"}).json()
    assert (third["changed"], third["gone"]) == (["visit"], ["active_person"])
    assert AuditEntry.objects.filter(action="catalogue.register_table", door="api").count() == 8


def test_one_table_is_registered_with_a_slug_and_refreshed(caller: APIClient) -> None:
    open_shop()
    body = {"schema": "shop", "name": "active_person", "slug": "active", "key": ["person_id"]}
    assert post(caller, REGISTER, body).json()["registered"] == ["active"]
    assert post(caller, f"{TABLES}active/refresh/", {}).json()["added"] == []


def test_links_are_named_by_path_or_by_relation(caller: APIClient) -> None:
    execute(
        "CREATE SCHEMA m; CREATE TABLE m.a (id int PRIMARY KEY); CREATE TABLE m.b (id int PRIMARY KEY);"
        "CREATE TABLE m.ab (a_id int REFERENCES m.a, b_id int REFERENCES m.b, PRIMARY KEY (a_id, b_id))"
    )
    post(caller, REGISTER, {"schema": "m"})
    assert is_problem(post(caller, f"{TABLES}ab/links/", {}), 400, "invalid")
    assert is_problem(post(caller, f"{TABLES}ab/links/", {"path": ["a", "nowhere"]}), 422, "invalid")
    body = {"relation": ["a", "b"], "slug": "bees", "inverse_slug": "ays"}
    answer = post(caller, f"{TABLES}ab/links/", body)
    assert (answer.status_code, answer.json()["path"], answer.json()["inverse"]) == (201, ["ab", "b"], "ays")
    assert is_problem(post(caller, f"{TABLES}ab/links/", body), 422, "invalid")
    assert post(caller, f"{TABLES}a/links/", {"path": ["ab", "b"], "slug": "other"}).status_code == 201
    assert Link.objects.exclude(path=[]).count() == 4


def test_ddl_is_only_read_unless_it_is_said_otherwise(caller: APIClient) -> None:
    planned = post(caller, DDL, {"text": CREATE}).json()
    assert [table["slug"] for table in planned["tables"]] == ["t", "u"]
    assert planned["links"] == [{"source": "t", "slug": "u", "target": "u"}]
    assert not Table.objects.exists()
    assert post(caller, DDL, {"text": CREATE, "dry_run": False}).json()["created"] is True
    assert Table.objects.count() == 2


def test_faulty_ddl_is_refused_by_line(caller: APIClient) -> None:
    answer = post(caller, DDL, {"text": CREATE + ";\nDROP TABLE u", "dry_run": False})
    assert is_problem(answer, 422, "invalid")
    assert [problem["line"] for problem in answer.json()["problems"]] == [2]
    assert not Table.objects.exists()


def test_rows_are_fed_once_however_often_they_are_sent(made: APIClient) -> None:
    body = {"rows": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]}
    first = post(made, ROWS, body, **{"Idempotency-Key": "k1"})
    again = post(made, ROWS, body, **{"Idempotency-Key": "k1"})
    assert (first.json()["inserted"], again.json(), again["Idempotent-Replayed"]) == (2, first.json(), "true")
    assert names() == [(1, "a"), (2, "b")]


def test_lines_are_fed_and_unfit_ones_left_out(made: APIClient) -> None:
    lines = '{"id": 1, "name": "a"}\nbroken\n{"id": "x"}\n'
    answer = made.post(f"{ROWS}?on_error=skip", lines, content_type="application/x-ndjson")
    assert (answer.status_code, answer.json()["inserted"], answer.json()["refused"]) == (200, 1, 2)
    assert [fault["row"] for fault in answer.json()["faults"]] == [2, 3]
    gone = made.post(f"{ROWS}?mode=delete", '{"id": 1}', content_type="application/x-ndjson").json()
    assert (gone["deleted"], names()) == (1, [])


def test_an_unfit_row_refuses_them_all(made: APIClient) -> None:
    answer = post(made, ROWS, {"rows": [{"id": 1}, {"id": None}]})
    assert is_problem(answer, 422, "invalid")
    assert [problem["path"] for problem in answer.json()["problems"]] == ["/rows/1/id"]
    assert names() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("not json", 400),
        ("[]", 400),
        ("[" * 200_000, 400),
        ('{"rows": 1}', 400),
        ('{"rows": [], "rows": []}', 400),
        ('{"rows": [{"id": Infinity}]}', 400),
        ('{"mode": "truncate", "rows": [{"id": 1}]}', 400),
        ('{"rows": []}', 422),
        ('{"rows": ["' + "x" * (11 << 20) + '"]}', 400),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(made: APIClient, body: str, status: int) -> None:
    answer = made.post(ROWS, body, content_type="application/json")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert names() == []


def test_tables_that_are_not_managed_are_not_fed(made: APIClient) -> None:
    open_shop()
    post(made, REGISTER, {"schema": "shop", "name": "person"})
    assert is_problem(post(made, f"{TABLES}person/rows/", {"rows": [{"person_id": 9}]}), 422, "invalid")
