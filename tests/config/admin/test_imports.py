from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from campaigns.models import AuditEntry, ImportJob, Table
from campaigns.personal_data import MASKED
from campaigns.tasks import apply_import_task, check_import_task

pytestmark = pytest.mark.django_db

GOOD = b"id,name,spent\n1,Ada,12.50\n2,Bo,x\n3,=HYPERLINK(1),3.00\n"


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.IMPORTS_FOLDER = tmp_path
    return tmp_path


def upload(client: Client, content: bytes = GOOD, name: str = "people.csv", **sent: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post("/admin/campaigns/importjob/upload/", {"file": file, "key": "id", **sent}, follow=True)


def page(client: Client, job: ImportJob, route: str = "progress") -> str:
    answer = client.get(f"/admin/campaigns/importjob/{job.pk}/{route}/")
    return b"".join(answer).decode()


def with_refused_line(client: Client, line: bytes) -> ImportJob:
    """A checked file for a table of numbers, with this line behind a fit one."""
    upload(client, b"id,spent\n1,12.50\n")
    first = ImportJob.objects.get()
    check_import_task(first.pk)
    apply_import_task(first.pk)
    upload(client, b"id,spent\n2,1.00\n" + line + b"\n", target="people", key="")
    job = ImportJob.objects.latest("pk")
    check_import_task(job.pk)
    return job


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"id,id\n1,2\n"])
def test_what_is_no_csv_is_refused_with_the_reason(administrator: Client, content: bytes) -> None:
    assert upload(administrator, content).status_code == 200
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a b;c.csv", ".bashrc"])
def test_a_files_name_leads_nowhere(administrator: Client, folder: Path, name: str) -> None:
    upload(administrator, name=name, new_table="people")
    job = ImportJob.objects.get()
    assert folder in Path(job.path).resolve().parents


def test_a_file_is_checked_before_anything_changes(administrator: Client) -> None:
    upload(administrator)
    job = ImportJob.objects.get()
    check_import_task(job.pk)
    shown = page(administrator, job)
    assert "Nothing has been changed yet" in shown
    assert not Table.objects.filter(slug="people").exists()


@pytest.mark.parametrize("role", ["Viewer", "Author"])
def test_what_refused_lines_hold_is_hidden_from_whoever_may_not_see_people(
    administrator: Client, sign_in: Callable[[str], Client], role: str
) -> None:
    job = with_refused_line(administrator, b"7,Ada")
    outsider = sign_in(role)
    shown = page(outsider, job)
    assert "Refused lines" in shown
    assert MASKED in shown
    assert "7,Ada" not in shown
    assert f"“{MASKED}” is not a number" in shown
    assert "Download refused lines" not in shown
    assert outsider.get(f"/admin/campaigns/importjob/{job.pk}/rejects/").status_code == 403


def test_whoever_sees_people_sees_refused_lines_and_the_download_is_written_down(
    administrator: Client, sign_in: Callable[[str], Client]
) -> None:
    job = with_refused_line(administrator, b"7,Ada")
    approver = sign_in("Approver")
    shown = page(approver, job)
    assert "7,Ada" in shown
    assert "Download refused lines" in shown
    assert "7,Ada" in page(approver, job, "rejects")
    entry = AuditEntry.objects.get(action="import.download_rejects")
    assert (entry.actor_name, entry.object, entry.detail) == (
        "approver",
        f"table {job.target}",
        {"file": "people.csv", "number": job.pk},
    )


def test_refused_lines_are_downloaded_safe_for_a_spreadsheet(administrator: Client) -> None:
    job = with_refused_line(administrator, b"=1,x")
    lines = page(administrator, job, "rejects").splitlines()
    assert lines[0].endswith("line,column,reason,content")
    assert lines[1].startswith("3,")
    assert ",=1" not in lines[1]


def test_a_checked_file_is_imported_by_a_click(administrator: Client) -> None:
    upload(administrator)
    job = ImportJob.objects.get()
    check_import_task(job.pk)
    administrator.post(f"/admin/campaigns/importjob/{job.pk}/apply/")
    apply_import_task(job.pk)
    job.refresh_from_db()
    assert job.state == "succeeded"
    assert Table.objects.get(slug="people").origin == "managed"


def test_an_import_is_cancelled_once(administrator: Client) -> None:
    upload(administrator)
    job = ImportJob.objects.get()
    check_import_task(job.pk)
    for _time in range(2):
        administrator.post(f"/admin/campaigns/importjob/{job.pk}/cancel/")
    job.refresh_from_db()
    assert job.state == "cancelled"
