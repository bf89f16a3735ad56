import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from campaigns.imports.jobs import create_import
from campaigns.imports.plans import ImportOptions
from campaigns.models import ImportJob, Table

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("id,spent\n1,5\n2,=cmd\n3,7\n", encoding="utf-8")
    return path


def run(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("import_csv", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Name a file and a table"),
        (["--resume", "99"], "There is no import 99"),
        (["/nowhere.csv", "people", "--key", "id"], "There is no file"),
    ],
)
def test_a_wrong_command_says_what_to_do(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(*arguments)


def test_without_apply_it_is_a_dry_run_that_leaves_nothing(path: Path) -> None:
    said = run(path, "people", "--key", "id", "--type", "spent=decimal")
    assert "2 would be inserted" in said
    assert "refused because of spent: 1" in said
    assert not Table.objects.exists()
    assert ImportJob.objects.get().state == "cancelled"


def test_with_apply_it_imports_and_writes_the_rejects(path: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    said = run(path, "people", "--key", "id", "--type", "spent=decimal", "--apply", "--rejects", rejects)
    assert "Done: 2 inserted" in said
    assert '3,spent,“=cmd” is not a number such as 12.50.,"2,=cmd"' in rejects.read_text("utf-8-sig")


def test_an_import_begun_elsewhere_is_gone_on_with(path: Path) -> None:
    options = ImportOptions(key=["id"], types={"spent": "decimal"})
    job = create_import(path, "people", options=options)
    assert "2 would be inserted" in run("--resume", job.pk)
    assert "Done: 2 inserted" in run("--resume", job.pk, "--apply")
