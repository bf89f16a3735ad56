from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from campaigns.drafts import save_draft
from campaigns.models import Audience, AuditEntry, Field, ImportJob
from campaigns.tasks import apply_import_task, check_import_task
from tests.campaigns.api.callers import is_problem, make_caller, make_holder
from tests.campaigns.documents import named
from tests.ledger import add_person, make_dimension

pytestmark = pytest.mark.django_db
LIST, ONE = "/api/v1/audiences/", "/api/v1/audiences/loyal/"
MAY = ("view_audience", "add_audience", "change_audience", "delete_audience")
FIRST = {"kind": "condition", "attribute": "id", "operator": "less", "value": 3}


@pytest.fixture
def people() -> Any:
    dimension = make_dimension()
    for key in range(1, 6):
        add_person(dimension, key)
    return dimension


@pytest.fixture
def caller(people: Any) -> APIClient:
    return make_caller(make_holder("librarian", *MAY))


def make(caller: APIClient, slug: str = "loyal", **more: Any) -> Any:
    body = {"slug": slug, "label": slug.title(), "dimension": "person", **more}
    return caller.post(LIST, body, format="json")


def match(edition: object) -> dict[str, str]:
    return {"If-Match": f'"{edition}"'}


def test_whoever_may_not_is_refused() -> None:
    looker = make_caller(make_holder("looker", "view_audience"))
    assert looker.get(LIST).status_code == 200
    assert is_problem(make(looker), 403, "permission_denied")
    assert is_problem(make_caller(make_holder("nobody")).get(LIST), 403, "permission_denied")


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"dimension": "persn"}, "/dimension", "audience.dimension_unknown"),
        ({"slug": "Loyal One"}, "/slug", "audience.slug_invalid"),
        ({"rule": {**FIRST, "attribute": "nme"}}, "/rule/attribute", "rule.unknown_attribute"),
        ({"rule": {**FIRST, "value": {"variable": "v"}}}, "/rule/value/variable", "rule.unknown_variable"),
        ({"rule": {"kind": "member", "audience": "loyal"}}, "/rule/audience", "rule.audience_circle"),
        ({"retention_days": 91}, "/retention_days", "request.max_value"),
    ],
)
def test_what_cannot_be_an_audience_is_refused_at_its_place(
    caller: APIClient, body: dict[str, Any], path: str, code: str
) -> None:
    answer = make(caller, **body)
    assert answer.status_code in (400, 422)
    assert (path, code) in {(each["path"], each["code"]) for each in answer.json()["problems"]}


def test_a_slug_and_a_label_are_one_audience_s_only(caller: APIClient) -> None:
    assert make(caller).status_code == 201
    assert make(caller, "other", label="Loyal").json()["problems"][0]["code"] == "audience.taken"
    assert is_problem(make(caller), 409, "conflict")


def test_a_composed_audience_is_counted_and_shown_as_it_is_now(caller: APIClient, people: Any) -> None:
    made = make(caller, rule=FIRST)
    Field.objects.filter(slug="email").update(personal=True)
    assert (made.status_code, made["ETag"], made["Location"]) == (201, '"1"', ONE)
    assert caller.get(f"{ONE}count/").json() == {"count": 2}
    add_person(people, 0)
    assert caller.get(f"{ONE}count/").json() == {"count": 3}
    shown = caller.get(f"{ONE}preview/").json()
    assert len(shown["rows"]) == 3
    assert "@" not in str(shown["rows"])


def test_a_change_needs_the_edition_it_is_made_of(caller: APIClient) -> None:
    make(caller, rule=FIRST)
    body = {"rule": {**FIRST, "value": 2}, "label": "First"}
    assert is_problem(caller.patch(ONE, body, format="json"), 428, "precondition_required")
    changed = caller.patch(ONE, body, format="json", headers=match(1))
    assert (changed.json()["label"], changed.json()["rule"]["value"], changed["ETag"]) == ("First", 2, '"3"')
    stale = caller.patch(ONE, {"label": "Second"}, format="json", headers=match(1))
    assert is_problem(stale, 412, "audience_changed")
    assert stale["ETag"] == '"3"'


def test_a_refused_half_of_a_change_leaves_nothing(caller: APIClient) -> None:
    make(caller, "other")
    make(caller, rule=FIRST)
    body = {"rule": {**FIRST, "value": 2}, "label": "Other"}
    assert caller.patch(ONE, body, format="json", headers=match(1)).status_code == 409
    assert caller.get(ONE).json()["rule"]["value"] == 3


def put(caller: APIClient, keys: list[Any], edition: int, **more: Any) -> Any:
    body = {"keys": keys, **{key: value for key, value in more.items() if key != "headers"}}
    return caller.post(
        f"{ONE}members/", body, format="json", headers=match(edition) | more.get("headers", {})
    )


def test_people_are_added_by_key_and_strangers_are_told(caller: APIClient) -> None:
    make(caller)
    done = put(caller, [1, "2", 2, 77], 0).json()
    assert done == {"given": 3, "found": 2, "added": 2, "members": 2, "unknown": ["77"]}
    assert put(caller, [2, 3], 1).json()["added"] == 1
    assert put(caller, [5], 2, mode="replace").json()["members"] == 1
    removed = caller.post(f"{ONE}members/remove/", {"keys": [5, 6]}, format="json", headers=match(3))
    assert removed.json() == {"removed": 1}
    assert caller.get(ONE).json()["members"] == 0
    modes = [each["mode"] for each in caller.get(f"{ONE}changes/").json()["results"]]
    assert modes == ["remove", "import", "import", "import"]


@pytest.mark.parametrize("keys", [["x"], [1.5], [True], [10**30], [{"a": 1}]])
def test_what_is_no_key_is_refused_at_its_place(caller: APIClient, keys: list[Any]) -> None:
    make(caller)
    answer = put(caller, [1, *keys], 0)
    assert (answer.status_code, answer.json()["problems"][0]["path"]) == (422, "/keys/1")
    assert caller.get(ONE).json()["state"] == "empty"


def test_an_act_sent_twice_is_done_once(caller: APIClient) -> None:
    make(caller)
    key = {"Idempotency-Key": "one"}
    first, again = put(caller, [1], 0, headers=key), put(caller, [1], 0, headers=key)
    assert (first.json(), again["Idempotent-Replayed"]) == (again.json(), "true")
    assert Audience.objects.get().edition == 1


def test_members_of_before_are_put_back(caller: APIClient) -> None:
    make(caller)
    put(caller, [1, 2, 3], 0)
    put(caller, [4], 1, mode="replace")
    change = caller.get(f"{ONE}changes/").json()["results"][1]
    assert change["kept"] is True
    back = caller.post(f"{ONE}put-back/", {"change": change["id"]}, format="json", headers=match(2))
    assert (back.json()["members"], caller.get(f"{ONE}count/").json()["count"]) == (3, 3)
    again = caller.post(f"{ONE}put-back/", {"change": change["id"]}, format="json", headers=match(3))
    assert is_problem(again, 409, "conflict")


def test_what_is_used_is_not_deleted_but_may_be_archived(caller: APIClient) -> None:
    make(caller, rule=FIRST)
    make(caller, "circle", rule={"kind": "member", "audience": "loyal"})
    rule = {"kind": "all", "of": [{"kind": "member", "audience": "loyal"}]}
    activity = {"id": "a", "type": "build_audience", "config": {"dimension": "person", "rule": rule}}
    save_draft(None, named("welcome", activities=[activity]))
    uses = caller.get(f"{ONE}uses/").json()["uses"]
    assert [(use["kind"], use["slug"], use["activity"]) for use in uses] == [
        ("draft", "welcome", "a"),
        ("audience", "circle", ""),
    ]
    refused = caller.delete(ONE, headers=match(1))
    assert is_problem(refused, 409, "conflict")
    assert "circle" in refused.json()["detail"].lower()
    assert caller.post(f"{ONE}archive/", headers=match(1)).json()["state"] == "archived"
    assert [each["slug"] for each in caller.get(LIST, {"archived": "true"}).json()["results"]] == ["loyal"]
    assert caller.post(f"{ONE}restore/", headers=match(2)).json()["state"] == "live"


def test_what_nothing_uses_is_deleted(caller: APIClient) -> None:
    make(caller)
    assert caller.delete(ONE, headers=match(0)).status_code == 204
    assert is_problem(caller.get(ONE), 404, "not_found")
    assert AuditEntry.objects.filter(action="audience.delete", object="audience loyal").exists()


def test_the_list_is_narrowed(caller: APIClient) -> None:
    make(caller, rule=FIRST)
    make(caller, "bought")
    for query, slugs in [({"origin": "composed"}, ["loyal"]), ({"search": "BOUG"}, ["bought"])]:
        assert [each["slug"] for each in caller.get(LIST, query).json()["results"]] == slugs
    assert caller.get(LIST, {"dimension": "nothing"}).json()["results"] == []


def test_a_file_is_checked_before_it_is_applied(caller: APIClient, tmp_path: Any, settings: Any) -> None:
    settings.IMPORTS_FOLDER = tmp_path
    make(caller)
    sent = caller.post(f"{ONE}files/?mode=append", "id\n1\n2\n99\n", content_type="text/csv")
    assert sent.status_code == 202
    place = f"{ONE}files/{sent.json()['number']}/"
    assert is_problem(caller.post(f"{place}apply/"), 409, "state_conflict")
    check_import_task(ImportJob.objects.get().pk)
    found = caller.get(place).json()
    assert [found[name] for name in ("state", "rows_rejected", "rows_inserted")] == ["checked", 1, 2]
    assert caller.post(f"{place}apply/").status_code == 202
    apply_import_task(ImportJob.objects.get().pk)
    assert caller.get(ONE).json()["members"] == 2


def test_a_file_that_is_none_is_refused(caller: APIClient, tmp_path: Any, settings: Any) -> None:
    settings.IMPORTS_FOLDER = tmp_path
    make(caller)
    assert caller.post(f"{ONE}files/", b"PK\x03\x04", content_type="text/csv").status_code == 422
    assert caller.post(f"{ONE}files/", b"", content_type="text/csv").status_code in (400, 422)
    too_large = caller.post(f"{ONE}files/", b"id\n" + b"1\n" * 1_000_001, content_type="text/csv")
    assert too_large.status_code in (413, 422)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM campaigns_importjob")
        assert cursor.fetchone() == (0,)


def test_names_are_composed_and_what_the_rule_compares_with_is_not(caller: APIClient) -> None:
    rule = {"kind": "condition", "attribute": "email", "operator": "equal", "value": "Zoe\u0308"}
    made = make(caller, label="Cafe\u0301", rule=rule)
    assert (made.json()["label"], made.json()["rule"]) == ("Café", rule)
    changed = caller.patch(
        ONE, {"description": "e\u0301", "rule": {"kind": "not", "of": rule}}, "json", headers=match(1)
    ).json()
    assert (changed["description"], changed["rule"]) == ("é", {"kind": "not", "of": rule})
