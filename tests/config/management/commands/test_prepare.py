from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings: object, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    return tmp_path


def prepared(*arguments: str) -> str:
    out = io.StringIO()
    call_command("prepare", *arguments, verbosity=0, stdout=out)
    return out.getvalue()


def test_a_broken_catalogue_stops_it_by_name(folders: Path) -> None:
    source = folders / "locale" / "ko" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text("nonsense")
    with pytest.raises(CommandError, match=r"django\.po cannot be compiled"):
        prepared()


def test_no_user_is_made_unless_asked() -> None:
    assert prepared() == ""
    assert not User.objects.exists()


def test_the_password_is_shown_once() -> None:
    told = prepared("--first-admin")
    password = told.split("password ")[1].split(" ")[0]
    assert User.objects.get().check_password(password)
    assert prepared("--first-admin") == ""


def test_static_files_are_collected(folders: Path) -> None:
    prepared()
    assert (folders / "static" / "admin" / "js" / "core.js").exists()
    assert (folders / "static" / "unfold").is_dir()
