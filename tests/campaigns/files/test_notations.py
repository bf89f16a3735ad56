"""Dates as people write them, and what is none of theirs."""

from __future__ import annotations

import pytest

from campaigns.files.cell_readers import CellReader
from campaigns.files.columns import DateColumn
from campaigns.files.formats import ReadDateFormat
from campaigns.files.notations import date_notation

SHORT = ReadDateFormat(order="dmy", separator=".", years="two")


@pytest.mark.parametrize("cell", ["31.01.2018", "31.01.8", "31.01.", "31.01.-1", "31.01.٢٠"])
def test_years_that_have_not_two_digits_are_refused(cell: str) -> None:
    assert date_notation(SHORT)(cell) is None


def test_years_of_two_digits_are_refused_where_four_are_said() -> None:
    assert date_notation(SHORT.model_copy(update={"years": "four"}))("31.01.18") is None


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("31.1.00", "2000-01-31"),
        ("31.12.69", "2069-12-31"),
        ("1.1.70", "1970-01-01"),
        ("1.1.99", "1999-01-01"),
        ("1.1.18 9:30", "2018-01-01T09:30"),
    ],
)
def test_years_of_two_digits_lie_from_1970_to_2069(cell: str, date: str) -> None:
    assert date_notation(SHORT)(cell) == date


def test_without_a_separator_there_are_six_digits() -> None:
    read = date_notation(ReadDateFormat(separator="none", years="two"))
    assert (read("180131"), read("20180131")) == ("2018-01-31", None)


def test_a_column_in_the_plain_order_is_read_by_its_two_digits() -> None:
    """Its notation is not the plain one, which would take the cell as it stands."""
    column = DateColumn(kind="date", header="Born", name="born", format=ReadDateFormat(years="two"))
    found = CellReader(column).read(["84-02-29", "85-02-29", "1984-02-29"])
    assert (found.values[0], sorted(found.refused)) == ("1984-02-29", [1, 2])
