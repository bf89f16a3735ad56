import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from campaigns.models import AuditEntry, Table

pytestmark = pytest.mark.django_db


def run(path: Path, *arguments: str) -> str:
    out = io.StringIO()
    call_command("create_tables", str(path), *arguments, stdout=out)
    return out.getvalue()


def test_a_missing_file_and_a_faulty_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        run(tmp_path / "none.sql")
    faulty = tmp_path / "faulty.sql"
    faulty.write_text("CREATE TABLE t (a int);\nDROP TABLE t;")
    with pytest.raises(CommandError, match="line 2: “DROP TABLE t …”"):
        run(faulty, "--apply")
    faulty.write_bytes(b"CREATE TABLE t\xff (a int)")
    with pytest.raises(CommandError, match="not UTF-8"):
        run(faulty)
    assert not Table.objects.exists()


def test_a_dry_run_shows_what_would_be_created_and_applying_creates_it(tmp_path: Path) -> None:
    path = tmp_path / "shop.sql"
    path.write_text(
        "CREATE TABLE a (id int PRIMARY KEY, b_id int REFERENCES b);CREATE TABLE b (id int PRIMARY KEY)"
    )
    said = run(path)
    assert "a.b → b" in said
    assert "Nothing was created" in said
    assert not Table.objects.exists()
    assert "2 tables created" in run(path, "--apply")
    assert set(Table.objects.values_list("slug", "origin")) == {("a", "managed"), ("b", "managed")}
    assert AuditEntry.objects.get().door == "command"
