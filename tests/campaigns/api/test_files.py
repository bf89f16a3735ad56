from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from campaigns.files.store import keep_upload
from campaigns.models import AuditEntry, StoredFile
from tests.campaigns.api.callers import is_problem, make_caller, make_holder

pytestmark = pytest.mark.django_db
FILES = "/api/v1/files/"
CSV = "id,이름,joined\n1,김하늘,31/01/2018\n".encode()


@pytest.fixture
def sender() -> APIClient:
    return make_caller(make_holder("ann", "view_storedfile", "add_storedfile", "delete_storedfile"))


def send(caller: APIClient, content: bytes = CSV, name: str = "People.csv", **more: Any) -> Any:
    return caller.post(f"{FILES}?name={name}", content, content_type="application/octet-stream", **more)


def test_whoever_may_only_look_sends_and_removes_nothing() -> None:
    file = keep_upload("a.csv", [CSV])
    looker = make_caller(make_holder("bob", "view_storedfile"))
    assert is_problem(send(looker), 403, "permission_denied")
    assert is_problem(looker.delete(f"{FILES}{file.slug}/"), 403, "permission_denied")


def test_a_download_needs_the_permission_for_personal_data_and_is_written_down(sender: APIClient) -> None:
    file = keep_upload("a.csv", [CSV])
    assert is_problem(sender.get(f"{FILES}{file.slug}/content/"), 403, "permission_denied")
    seer = make_caller(make_holder("eve", "view_storedfile", "view_personal_data"))
    answer = seer.get(f"{FILES}{file.slug}/content/")
    assert b"".join(answer.streaming_content) == CSV
    assert (answer["Content-Disposition"], answer["Cache-Control"]) == (
        'attachment; filename="a.csv"',
        "no-store",
    )
    entry = AuditEntry.objects.get(action="file.download")
    assert (entry.actor_name, entry.door, entry.detail["file"]) == ("eve", "api", "a.csv")


@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [
        (b"", "application/octet-stream", "a.csv"),
        (CSV, "application/octet-stream", ""),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", "a.csv"),
    ],
)
def test_no_body_no_name_and_a_form_are_refused(
    sender: APIClient, content: bytes, kind: str, name: str
) -> None:
    assert is_problem(sender.post(f"{FILES}?name={name}", content, content_type=kind), 422, "invalid")
    assert not StoredFile.objects.exists()


def test_more_than_the_limit_is_refused(sender: APIClient, settings: Settings) -> None:
    settings.FILE_LIMIT = 10
    assert is_problem(send(sender), 422, "invalid")


def test_a_file_is_sent_found_and_removed(sender: APIClient) -> None:
    made = send(sender)
    assert (made.status_code, made.json()["slug"], made.json()["by"]) == (201, "people", "ann")
    assert [each["slug"] for each in sender.get(f"{FILES}?origin=uploaded").json()["results"]] == ["people"]
    assert sender.get(f"{FILES}?origin=extracted").json()["results"] == []
    assert sender.delete(f"{FILES}people/").status_code == 204
    assert is_problem(sender.get(f"{FILES}people/"), 404, "not_found")


def test_the_same_key_keeps_one_file(sender: APIClient) -> None:
    large = b"x" * 4_000_000
    first, again = (send(sender, large, headers={"Idempotency-Key": "k"}) for _time in range(2))
    assert first.json() == again.json()
    assert StoredFile.objects.count() == 1
    assert is_problem(send(sender, CSV, headers={"Idempotency-Key": "k"}), 422, "idempotency_key_reused")


def test_columns_are_suggested_and_rows_shown_to_whoever_may_see_them(sender: APIClient) -> None:
    send(sender)
    found = sender.post(f"{FILES}people/columns/").json()
    assert [(column["header"], column["kind"]) for column in found["columns"]] == [
        ("id", "integer"),
        ("이름", "text"),
        ("joined", "date"),
    ]
    assert (found["format"]["kind"], found["rows"]) == ("delimited", [])
    seer = make_caller(make_holder("eve", "view_storedfile", "view_personal_data"))
    assert seer.post(f"{FILES}people/columns/").json()["rows"] == [["1", "김하늘", "31/01/2018"]]


def test_what_is_no_table_has_no_columns(sender: APIClient) -> None:
    send(sender, b"\x00\x01\x02" * 100)
    answer = sender.post(f"{FILES}people/columns/")
    assert is_problem(answer, 422, "invalid")


def test_places_of_fixed_width_are_asked_for_and_kept(sender: APIClient) -> None:
    send(sender, b"  1Ada  \n")
    format_: dict[str, Any] = {"kind": "fixed_width", "columns": []}
    url = f"{FILES}people/columns/"
    assert is_problem(sender.post(url, {"format": format_}, format="json"), 422, "invalid")
    format_["columns"] = [
        {"header": "n", "start": 1, "length": 3},
        {"header": "name", "start": 4, "length": 5},
    ]
    found = sender.post(url, {"format": format_}, format="json").json()
    assert found["format"] == {**format_, "skip_lines": 0, "encoding": "utf-8"}
    assert [(column["header"], column["kind"]) for column in found["columns"]] == [
        ("n", "integer"),
        ("name", "text"),
    ]
    assert sender.post(url, {"format": None}, format="json").json()["format"]["kind"] == "delimited"
