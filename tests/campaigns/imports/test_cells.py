import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from campaigns.imports.cells import FORMS, form_of, guess_type
from campaigns.targeting.schema import FieldType
from tests.rounds import rounds

T = FieldType
DATABASE_TYPE = {
    T.INTEGER: "bigint",
    T.DECIMAL: "numeric",
    T.FLOAT: "double precision",
    T.BOOLEAN: "boolean",
    T.DATE: "date",
    T.DATETIME: "timestamptz",
    T.UUID: "uuid",
}
UNFIT = {
    T.INTEGER: ["1.0", "1,000", "0x10", "1_000", "٣", "9223372036854775808", "-9223372036854775809",
                " ", "--1", "1e3"],
    T.DECIMAL: ["NaN", "Infinity", "-inf", "1,5", "1.2.3", ".", "$5", "1e999", " ", "+", "1 2", "0x1"],
    T.FLOAT: ["nan", "inf", "1e999", "1e-400", "-1e309", "1e", "e5", "1,5", " "],
    T.BOOLEAN: ["maybe", "1", "0", "on", "tr", "null", " "],
    T.DATE: ["2017-02-30", "2017-13-01", "17-01-01", "31.12.2017", "01/02/2017", "today", "infinity", "epoch",
             "0000-01-01", "2017-1-1", "2017-01-01 ", "2100-02-29"],
    T.DATETIME: ["now", "2017-01-01T24:00:00Z", "2017-01-01T10:60Z", "2017-01-01 10", "2017-01-01T10:00:60Z",
                 "2017-01-01T10:00+15:00", "2017-01-01T10:00 KST", "9999-12-31T23:59:59Z",
                 "2017-01-01T10:00:00.1234567Z"],
    T.UUID: ["1234", "{00000000-0000-0000-0000-000000000000}", "00000000000000000000000000000000",
             "0000000g-0000-0000-0000-000000000000"],
}  # fmt: skip
FIT = {
    T.INTEGER: ["0", "-1", "+7", " 12 ", "007", "9223372036854775807", "-9223372036854775808",
                "0" * 30 + "1"],
    T.DECIMAL: ["0", "12.50", "-.5", "5.", "+1e3", "1E-9", "9" * 100 + "." + "9" * 100, " 7 "],
    T.FLOAT: ["0", "0e0", "0.0e-999", "1e308", "-1.7976931348623157e308", "2.2250738585072014e-308",
              "5e-324", "1.5"],
    T.BOOLEAN: ["true", "FALSE", "t", "F", "yes", "No", "y", "n", " true "],
    T.DATE: ["2016-02-29", "2017-12-31", "1900-01-01", "0002-01-01", "9998-12-31"],
    T.DATETIME: ["2017-01-01", "2017-01-01T10:00", "2017-01-01 10:00:00", "2017-01-01T10:00:00.123456Z",
                 "2017-01-01T10:00:00+09:00", "2017-01-01T10:00-0330", "2017-01-01T10:00+05"],
    T.UUID: ["00000000-0000-0000-0000-000000000000", "DEADBEEF-0000-4000-8000-0123456789ab"],
}  # fmt: skip


def cases(table: dict[FieldType, list[str]]) -> list[tuple[FieldType, str]]:
    return [(type_, cell) for type_, cells in table.items() for cell in cells]


def is_valid_to_postgresql(cell: str, type_: FieldType) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_input_is_valid(%s, %s)", [cell, DATABASE_TYPE[type_]])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(("type_", "cell"), cases(UNFIT))
def test_what_could_be_misunderstood_is_unfit(type_: FieldType, cell: str) -> None:
    assert FORMS[type_].unfit_places([cell]) == [0]


@pytest.mark.django_db
@pytest.mark.parametrize(("type_", "cell"), cases(FIT))
def test_what_is_fit_is_valid_to_postgresql_too(type_: FieldType, cell: str) -> None:
    assert FORMS[type_].unfit_places([cell]) == []
    assert is_valid_to_postgresql(cell, type_)


class WhateverIsFit(TestCase):
    """Whatever the form lets through, PostgreSQL takes: a staged batch cannot fail at one cell."""

    @given(st.sampled_from(sorted(DATABASE_TYPE)), st.data())
    @settings(max_examples=rounds(300, 600), deadline=None)
    def test_is_valid_to_postgresql(self, name: str, data: st.DataObject) -> None:
        type_ = FieldType(name)
        cell = data.draw(st.from_regex(FORMS[type_].pattern, fullmatch=True))
        if not FORMS[type_].unfit_places([cell]):
            assert is_valid_to_postgresql(cell, type_)


@pytest.mark.parametrize("type_", list(FORMS))
def test_an_empty_cell_is_fit_for_every_type(type_: FieldType) -> None:
    assert FORMS[type_].unfit_places(["", ""]) == []


def test_the_unfit_places_are_found_among_many() -> None:
    cells = [str(number) for number in range(5000)]
    for place in (0, 1, 2500, 4999):
        cells[place] = "x"
    assert FORMS[T.INTEGER].unfit_places(cells) == [0, 1, 2500, 4999]


@pytest.mark.parametrize("cell", ["1.005", "12345678901", "0.001", "1e3", ".", "-", "99999999999.9"])
def test_a_decimal_with_digits_is_never_rounded(cell: str) -> None:
    form = form_of(T.DECIMAL, digits=(12, 2))
    assert form is not None
    assert form.unfit_places([cell]) == [0]


@pytest.mark.parametrize("cell", ["1.5", "-1.50", "1.5000", "0001.50", ".5", "5.", "9999999999.99", "0"])
def test_a_decimal_that_fits_its_digits_is_fit(cell: str) -> None:
    form = form_of(T.DECIMAL, digits=(12, 2))
    assert form is not None
    assert form.unfit_places([cell]) == []


def test_a_text_key_is_at_most_200_characters_and_other_text_may_be_anything() -> None:
    form = form_of(T.TEXT, key=True)
    assert form is not None
    assert form.unfit_places(["a\nb", "x" * 201]) == [1]
    assert form_of(T.TEXT) is None


@pytest.mark.parametrize(
    ("cells", "type_"),
    [
        ([], T.TEXT),
        (["", ""], T.TEXT),
        (["1", "2", ""], T.INTEGER),
        (["1", "2.50"], T.DECIMAL),
        (["1.5", "9.6e-05"], T.DECIMAL),
        (["12345678901234567890", "1"], T.DECIMAL),
        (["007", "123"], T.TEXT),
        (["+12025550142"], T.TEXT),
        (["0", "-5", "0.5"], T.DECIMAL),
        (["true", "f"], T.BOOLEAN),
        (["0", "1"], T.INTEGER),
        (["2017-01-01"], T.DATE),
        (["2017-01-01", "2017-01-01T10:00"], T.DATETIME),
        (["31.12.2017"], T.TEXT),
        (["00000000-0000-0000-0000-000000000000"], T.UUID),
        (["1", "x"], T.TEXT),
    ],
)
def test_the_narrowest_type_that_loses_nothing_is_guessed(cells: list[str], type_: FieldType) -> None:
    assert guess_type(cells) == type_


@pytest.mark.parametrize(("bad", "type_"), [(1, T.INTEGER), (2, T.TEXT)])
def test_one_mistake_in_a_hundred_is_forgiven(bad: int, type_: FieldType) -> None:
    assert guess_type(["1"] * (100 - bad) + ["x"] * bad) == type_


def test_a_key_of_numbers_is_whole_even_if_one_is_too_large() -> None:
    assert guess_type(["1"] * 99 + ["9" * 19], key=True) == T.INTEGER
