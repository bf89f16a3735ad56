import csv
import io

import pytest

from campaigns.formula_guard import unguard
from campaigns.imports import rejects
from campaigns.imports.rejects import masked, refused_by_column, write_rejects
from campaigns.models import ImportJob, ImportReject
from campaigns.personal_data import MASKED

pytestmark = pytest.mark.django_db


def refused(*contents: str, column: str = "") -> ImportJob:
    job = ImportJob.objects.create(target="people", rows_read=len(contents), rows_rejected=len(contents))
    ImportReject.objects.bulk_create(
        ImportReject(job=job, line_number=place, column=column, reason="why", content=content)
        for place, content in enumerate(contents, start=2)
    )
    return job


def written(job: ImportJob) -> list[list[str]]:
    stream = io.StringIO()
    write_rejects(job, stream)
    return list(csv.reader(io.StringIO(stream.getvalue())))


def test_an_import_without_rejects_gives_a_header() -> None:
    assert written(refused()) == [["line", "column", "reason", "content"]]


def test_no_cell_opens_as_a_formula_and_all_content_comes_back() -> None:
    contents = ["=1+1", "a,b\n+SUM(A1)", "-5", "@x", "\tx", "\u00a0=1", "'=1", '"quoted"', "plain"]
    rows = written(refused(*contents, column="=cmd|"))[1:]
    assert [unguard(content) for _line, _column, _reason, content in rows] == contents
    assert not any(
        line.lstrip(" \u00a0")[:1] in "=+-@\t" for row in rows for line in row[3].split("\n") if line
    )
    assert {column for _line, column, _reason, _content in rows} == {"'=cmd|"}


def test_rejects_are_written_by_line_over_several_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejects, "PAGE", 3)
    lines = [int(row[0]) for row in written(refused(*"abcdefgh"))[1:]]
    assert lines == list(range(2, 10))


def test_the_worst_column_comes_first() -> None:
    job = refused("a", column="born")
    ImportReject.objects.bulk_create(
        ImportReject(job=job, line_number=line, column="spent", reason="why", content="") for line in (50, 51)
    )
    assert list(refused_by_column(job).items()) == [("spent", 2), ("born", 1)]


@pytest.mark.parametrize(
    ("reason", "content", "shown"),
    [
        ("“a” is not a date.", "1,a", f"“{MASKED}” is not a date."),
        ("“a” ” is not\nb” is not a date.", "1,x", f"“{MASKED}” is not a date."),
        (
            "“2018-01-32”은(는) 올바른 값이 아닙니다: 날짜.",
            "1,x",
            f"“{MASKED}”은(는) 올바른 값이 아닙니다: 날짜.",
        ),
        (
            "Nobody in “Person” has this value of “email”.",
            "x",
            "Nobody in “Person” has this value of “email”.",
        ),
        ('{"name": "Ada"} cannot be a value of type date.', "", MASKED),
    ],
)
def test_a_masked_reject_says_nothing_of_what_the_row_holds(reason: str, content: str, shown: str) -> None:
    found = masked(ImportReject(line_number=3, column="born", reason=reason, content=content))
    assert (found.line_number, found.column, found.reason, found.content) == (3, "born", shown, MASKED)
