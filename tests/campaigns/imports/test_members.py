from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from campaigns.audiences import Description, add_audience
from campaigns.dimensions import register_dimension
from campaigns.imports.jobs import apply_import, check_import
from campaigns.imports.members import create_member_import
from campaigns.imports.plans import ImportOptions
from campaigns.imports.refusals import ImportRefused
from campaigns.models import Audience, ImportJob, ImportReject
from campaigns.problems import ProblemsError
from campaigns.registration import register_table
from tests.campaigns.shop import execute, open_shop

pytestmark = pytest.mark.django_db
APPEND, REPLACE = ImportJob.Mode.APPEND, ImportJob.Mode.REPLACE


@pytest.fixture
def audience() -> Audience:
    open_shop()
    execute(
        "INSERT INTO shop.person (person_id, email) VALUES (4, 'ADA@example.com'), (5, 'five@example.com')"
    )
    table = register_table("shop", "person").table
    register_dimension("person", table, label="Person", fields={"email": "email"})
    return add_audience(Description("invited", "Invited", "person"), Audience.Origin.IMPORTED)


def checked(tmp_path: Path, audience: Audience, text: str, **options: Any) -> ImportJob:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    match = options.pop("match", "")
    chosen = ImportOptions(**{"mode": APPEND, **options})
    return check_import(create_member_import(path, audience, match=match, options=chosen))


def reasons(job: ImportJob) -> list[tuple[int, str]]:
    return [
        (each.line_number, each.reason)
        for each in ImportReject.objects.filter(job=job).order_by("line_number")
    ]


def members(audience: Audience) -> list[tuple[Any, ...]]:
    audience.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM audience."{audience.table_name}" ORDER BY key')
        return [(row[0], *row[2:]) for row in cursor.fetchall()]


def test_a_file_without_the_key_is_refused(tmp_path: Path, audience: Audience) -> None:
    with pytest.raises(ImportRefused, match="no column “Person id” that says who is meant"):
        checked(tmp_path, audience, "who,vip\n1,yes\n")


def test_a_field_nobody_has_cannot_recognise_people(tmp_path: Path, audience: Audience) -> None:
    with pytest.raises(ImportRefused, match=r"no field “e_mail”.*email"):
        checked(tmp_path, audience, "email\nsky@example.org\n", match="e_mail")


def test_nothing_is_written_before_it_is_applied(tmp_path: Path, audience: Audience) -> None:
    job = checked(tmp_path, audience, "person_id,vip\n1,yes\n99,no\nx,no\n1,no\n")
    assert (job.state, job.rows_accepted, job.rows_rejected, job.rows_inserted) == ("checked", 1, 3, 1)
    assert reasons(job) == [
        (3, "Nobody in “Person” has this value of “Person id”."),
        (4, "“x” is not a whole number."),
        (5, "The key was on an earlier line: 2"),
    ]
    audience.refresh_from_db()
    assert audience.missing == "empty"


def test_lines_are_recognised_by_the_address(tmp_path: Path, audience: Audience) -> None:
    text = "E-mail,points\nSKY@example.org,7\nada@example.com,1\nnobody@example.com,2\nsky@EXAMPLE.org,3\n"
    job = checked(tmp_path, audience, text, match="email", key=["e-mail"])
    assert reasons(job) == [
        (3, "Several people in “Person” have this value of “Email”."),
        (4, "Nobody in “Person” has this value of “Email”."),
        (5, "The person was on an earlier line: 2"),
    ]
    apply_import(job)
    assert members(audience) == [(3, 7)]


def test_appending_keeps_who_is_there_and_replacing_does_not(tmp_path: Path, audience: Audience) -> None:
    apply_import(checked(tmp_path, audience, "person_id,tier\n1,a\n2,b\n"))
    again = checked(tmp_path, audience, "person_id,tier\n2,c\n3,d\n")
    assert again.rows_inserted == 1
    apply_import(again)
    assert members(audience) == [(1, "a"), (2, "b"), (3, "d")]
    replaced = checked(tmp_path, audience, "person_id\n5\n", mode=REPLACE)
    assert (replaced.rows_inserted, replaced.rows_deleted) == (1, 3)
    apply_import(replaced)
    assert members(audience) == [(5,)]
    sources = [(change.mode, change.source, change.rows_after) for change in audience.changes.all()]
    assert sources == [("import", "people.csv", 1), ("import", "people.csv", 3), ("import", "people.csv", 2)]


def test_columns_that_the_members_lack_are_refused(tmp_path: Path, audience: Audience) -> None:
    apply_import(checked(tmp_path, audience, "person_id\n1\n"))
    job = checked(tmp_path, audience, "person_id,tier\n2,c\n")
    with pytest.raises(ProblemsError, match="no column “tier” of type text"):
        apply_import(job)
    job.refresh_from_db()
    assert (job.state, members(audience)) == ("failed", [(1,)])


def test_who_went_since_the_check_is_refused_then(tmp_path: Path, audience: Audience) -> None:
    job = checked(tmp_path, audience, "person_id\n4\n5\n")
    execute("DELETE FROM shop.person WHERE person_id = 4")
    apply_import(job)
    assert members(audience) == [(5,)]
    assert [line for line, _reason in reasons(job)] == [2]


def test_a_composed_audience_takes_no_file(tmp_path: Path, audience: Audience) -> None:
    Audience.objects.filter(pk=audience.pk).update(origin="composed", rule={"kind": "all", "of": []})
    audience.refresh_from_db()
    with pytest.raises(ImportRefused, match="its rule says who belongs to it"):
        checked(tmp_path, audience, "person_id\n1\n")
