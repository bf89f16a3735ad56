"""Files that are not what they seem, at the doors of tables and audiences: refused with a remedy, nothing kept."""

from __future__ import annotations

import gzip
import io
import resource
import zipfile
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.db import connection

from campaigns.audiences import Description, add_audience
from campaigns.dimensions import register_dimension
from campaigns.imports.jobs import apply_import, check_import, create_import
from campaigns.imports.members import create_member_import
from campaigns.imports.plans import ImportOptions
from campaigns.imports.refusals import ImportRefused
from campaigns.models import Audience, ImportJob, ImportReject
from campaigns.registration import register_table
from tests.campaigns.shop import open_shop

pytestmark = pytest.mark.django_db
TEN_GB = 10 << 30
SECONDS = 30
MEGABYTES = 64


def zip_bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", b"1,yes\n" * 5_000_000)
    return stream.getvalue()


WHOLE = {
    "a zip bomb": (zip_bomb(), "ZIP"),
    "a gzip bomb": (gzip.compress(b"person_id\n" + b"1\n" * 10_000_000), "gzip"),
    "UTF-16": ("person_id,name\n1,Ada\n".encode("utf-16"), "UTF-8"),
    "UTF-16 without a mark": ("person_id,name\n1,Ada\n".encode("utf-16-le"), "UTF-8"),
    "UTF-32": ("person_id,name\n1,Ada\n".encode("utf-32"), "UTF-8"),
    "Latin-1 in the header": ("person_id,prénom\n1,Ada\n".encode("latin-1"), "UTF-8"),
    "a line of 3 MB": (b"person_id," + b"x" * 3_000_000, "name|column|line"),
}


@pytest.fixture
def audience() -> Audience:
    open_shop()
    table = register_table("shop", "person").table
    register_dimension("person", table, label="Person", fields={"email": "email"})
    return add_audience(Description("invited", "Invited", "person"), Audience.Origin.IMPORTED)


def member_import(path: Path, audience: Audience) -> ImportJob:
    options = ImportOptions(mode=ImportJob.Mode.APPEND)
    return check_import(create_member_import(path, audience, match="", options=options))


def table_import(path: Path) -> ImportJob:
    """Into a table that the import would make."""
    return check_import(create_import(path, "guest", options=ImportOptions(key=["person_id"])))


DOORS: dict[str, Any] = {"table": lambda path, _audience: table_import(path), "audience": member_import}
every_door = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)


def used() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


@every_door
@pytest.mark.parametrize(("content", "words"), WHOLE.values(), ids=WHOLE)
def test_the_file_is_refused_and_nothing_is_unpacked(
    tmp_path: Path, audience: Audience, door: Any, content: bytes, words: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    begun, before = monotonic(), used()
    with pytest.raises(ImportRefused, match=words):
        door(path, audience)
    assert (monotonic() - begun < SECONDS, used() - before < MEGABYTES) == (True, True)
    audience.refresh_from_db()
    assert audience.missing == "empty"


@every_door
@pytest.mark.parametrize("head", [b"", b"person_id,name\n1,"], ids=["from the start", "in the second line"])
def test_ten_gigabytes_without_a_line_end_are_not_read(
    tmp_path: Path, audience: Audience, door: Any, head: bytes
) -> None:
    """The file has holes: it takes no room on the disk."""
    path = tmp_path / "people.csv"
    with path.open("wb") as stream:
        stream.write(head + b"x" * 8_192)
        stream.truncate(TEN_GB)
    begun, before = monotonic(), used()
    with pytest.raises(ImportRefused):
        door(path, audience)
    assert (monotonic() - begun < SECONDS, used() - before < MEGABYTES) == (True, True)


@every_door
def test_a_line_in_latin_1_is_rejected_by_its_number(tmp_path: Path, audience: Audience, door: Any) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("person_id,name\n1,Ada\n2,Zoé\n".encode("latin-1"))
    job = door(path, audience)
    assert (job.rows_accepted, job.rows_rejected) == (1, 1)
    (reject,) = ImportReject.objects.filter(job=job)
    assert (reject.line_number, "UTF-8" in reject.reason) == (3, True)


@every_door
def test_a_mark_at_the_beginning_is_no_part_of_the_first_name(
    tmp_path: Path, audience: Audience, door: Any
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("\ufeffperson_id,name\n1,김하늘\n", encoding="utf-8")
    job = apply_import(door(path, audience))
    assert (job.state, job.rows_accepted, job.rows_rejected) == ("succeeded", 1, 0)


@every_door
def test_values_that_look_like_sql_or_formulas_are_values(
    tmp_path: Path, audience: Audience, door: Any
) -> None:
    path = tmp_path / "people.csv"
    path.write_text('person_id,name\n1,"\'); DROP TABLE shop.person; --"\n2,%s%%(x)s\n', encoding="utf-8")
    job = apply_import(door(path, audience))
    assert (job.rows_accepted, job.rows_rejected) == (2, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM shop.person")
        assert cursor.fetchone() == (3,)
