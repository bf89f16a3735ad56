from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from campaigns.models import ImportJob, Table
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


def test_refused_lines_are_downloaded_safe_for_a_spreadsheet(administrator: Client) -> None:
    upload(administrator, b"id,spent\n1,12.50\n")
    first = ImportJob.objects.get()
    check_import_task(first.pk)
    apply_import_task(first.pk)
    upload(administrator, b"id,spent\n2,1.00\n=1,x\n", target="people", key="")
    job = ImportJob.objects.first()
    assert job
    check_import_task(job.pk)
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
