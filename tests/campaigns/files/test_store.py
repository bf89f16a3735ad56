from __future__ import annotations

import hashlib
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from campaigns.files.refusals import FileRefused
from campaigns.files.store import (
    LONGEST_WORK,
    Keeping,
    keep_upload,
    path_of,
    register_file,
    remove_expired,
    remove_file,
    safe_name,
    sweep,
)
from campaigns.models import AuditEntry, StoredFile
from orchestration.housekeeping import keep_house

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.FILES_FOLDER = tmp_path / "files"
    return tmp_path / "files"


def kept(name: str = "people.csv", content: bytes = b"id\n1\n") -> StoredFile:
    return keep_upload(name, [content])


def test_too_large_or_empty_is_refused_and_leaves_nothing(folder: Path, settings: Settings) -> None:
    settings.FILE_LIMIT = 10
    for chunks in ([b"123456", b"789012"], [], [b""]):
        with pytest.raises(FileRefused):
            keep_upload("a.csv", chunks)
    assert not StoredFile.objects.exists()
    assert list(folder.iterdir()) == []


def test_a_sender_that_breaks_off_leaves_nothing(folder: Path) -> None:
    def chunks():
        yield b"begun"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        keep_upload("a.csv", chunks())
    assert list(folder.iterdir()) == []


def test_a_file_that_is_gone_says_so() -> None:
    file = kept()
    path_of(file).unlink()
    with pytest.raises(FileRefused, match="no longer in the store"):
        path_of(file)


@pytest.mark.parametrize("place", ["../secret", "/etc/passwd", ""])
def test_no_row_leads_out_of_the_store(place: str) -> None:
    with pytest.raises(FileRefused):
        path_of(StoredFile(name="x", place=place))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\b.csv", "b.csv"),
        (".bashrc", "bashrc"),
        ('a"b;c\r\nd.csv', "a-b-c-d.csv"),
        ("...", "file"),
        ("", "file"),
        ("김하늘.csv", "김하늘.csv"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_names_are_made_harmless(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_an_upload_is_kept_under_a_private_name_with_its_checksum(folder: Path) -> None:
    file = kept("../Customers 2018.csv", b"id\n1\n")
    assert (file.slug, file.name, file.size) == ("customers_2018", "Customers 2018.csv", 5)
    assert file.checksum == hashlib.sha256(b"id\n1\n").hexdigest()
    assert path_of(file).parent == folder
    assert "ustomers" not in file.place
    assert (folder.stat().st_mode & 0o777, path_of(file).stat().st_mode & 0o777) == (0o700, 0o600)
    assert AuditEntry.objects.get().action == "file.upload"


def test_the_same_name_twice_gets_a_slug_of_its_own() -> None:
    assert [kept().slug for _time in range(3)] == ["people", "people_2", "people_3"]


def test_a_file_goes_when_its_removal_is_committed(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    file = kept()
    path = path_of(file)
    with django_capture_on_commit_callbacks() as later:
        remove_file(file)
    assert path.exists()
    for act in later:
        act()
    assert not path.exists()


def test_a_written_file_is_nobodys_until_its_row_is_committed(folder: Path) -> None:
    keeping = Keeping()
    with keeping.writing() as stream:
        stream.write(b"x")
    assert keeping.kept is not None
    with transaction.atomic():
        register_file(keeping.kept, "a.csv", origin="extracted")
        transaction.set_rollback(True)
    assert not StoredFile.objects.exists()
    assert [path.name for path in folder.iterdir()] == [keeping.place]


def test_leftovers_go_once_nobody_can_be_writing_them(folder: Path) -> None:
    named, leftover, young = kept(), "a" * 32, "b" * 32
    for name in (leftover, young):
        (folder / name).write_bytes(b"x")
    (folder / "keep.txt").write_bytes(b"not of the store")
    old = time.time() - LONGEST_WORK - 1
    for name in (named.place, leftover, "keep.txt"):
        os.utime(folder / name, (old, old))
    assert sweep() == 1
    assert {path.name for path in folder.iterdir()} == {named.place, young, "keep.txt"}


def test_files_go_when_their_days_are_over(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    file, forever = kept(), kept("b.csv")
    StoredFile.objects.filter(pk=file.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_expired() == 1
    assert [path.name for path in settings.FILES_FOLDER.iterdir()] == [forever.place]


def test_housekeeping_sees_to_both(folder: Path) -> None:
    (folder).mkdir()
    (folder / ("a" * 32)).write_bytes(b"x")
    os.utime(folder / ("a" * 32), (1, 1))
    file = kept()
    StoredFile.objects.update(expires_at=timezone.now() - timedelta(days=1))
    keep_house()
    assert not StoredFile.objects.filter(pk=file.pk).exists()
    assert not (folder / ("a" * 32)).exists()
