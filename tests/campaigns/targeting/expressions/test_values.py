"""What single expressions give, told by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlglot import exp

from campaigns.targeting.expressions.attribute import attribute_of
from campaigns.targeting.operands import Expression
from campaigns.targeting.scope import Compilation
from tests.campaigns.targeting.expressions.conftest import Calculator

pytestmark = pytest.mark.django_db

EMPTY = [
    "1 / 0",
    "1 % (age - age)",
    "'' || 'a'",
    "Substring('abc', 0)",
    "Substring('abc', 2, -1)",
    "Left('abc', 0)",
    "Char(0)",
    "Char(55296)",
    "Char(99999999999)",
    "ToInteger('12a')",
    "ToInteger('99999999999')",
    "ToDate('2023-02-29')",
    "ToDateTime('2024-01-01T25:00')",
    "AddYears(ToDate('2024-01-01'), 9000)",
    "AddDays(ToDate('2024-01-01'), 99999999999999999999)",
    "AddSeconds(GetDate(), 99999999999999999999)",
    "Distance(200, 0, 0, 0)",
    "Distance(180.000001, 0, 0, 0)",
    "Distance(0, 90.000001, 0, 0)",
    "Distance(0, 0, -180.000001, 0)",
    "Distance(0, 0, 0, -90.000001)",
    "Round(1, 99)",
    "LPad('a', 1001, 'b')",
    "LPad('a', 0, 'b')",
    "9223372036854775807 + 1",
    "SetBit(9223372036854775808, 1)",
    "$nothing",
    "$blank || 'x'",
    "Case When false Then 1 End",
    "Trunc(99999999999999999999999999999999999999999 * 99999999999999999999999999999999999999999)",
]
GIVES: list[tuple[str, Any]] = [
    ("2 + 3 * 4", 14),
    ("(2 + 3) * 4", 20),
    ("7 / 2", Decimal("3.5")),
    ("2 / 3", Decimal("0.66666666666666666666")),
    ("-7 % 3", -1),
    ("- - 2", 2),
    ("+2", 2),
    ("-+2", -2),
    ("0.1 + 0.2 = 0.3", True),
    ("Round(2.5)", 3),
    ("Round(-2.5)", -3),
    ("ToInteger(-0.5)", -1),
    ("not 1 = 2 and true or false", True),
    ("'ab' = 'a' || 'b'", True),
    ("'a' || 'b' <> 'a' || 'b'", False),
    ("2 < 1 + 2", True),
    ("2 < 2", False),
    ("2 <= 2", True),
    ("2 > 2", False),
    ("2 >= 2", True),
    ("2 >= 3", False),
    ("2 <> 2", False),
    ("2 != 3", True),
    ("$nothing = 1", False),
    ("$nothing <> 1", True),
    ("not $nothing = 1", True),
    ("Coalesce(0, 5)", 5),
    ("NoNull($nothing)", 0),
    ("JuxtWords('', 'b')", "b"),
    ("Upper('straße')", "STRASSE".replace("SS", "ß")),
    ("Smart('o''brien de la CRUZ')", "O'Brien De La Cruz"),
    ("Length('김민수')", 3),
    ("dataLength('김')", 3),
    ("Replace('banana', 'an', '')", "ba"),
    ("GetEmailDomain('a@b@x.org')", "x.org"),
    ("Md5Digest('abc')", "900150983cd24fb0d6963f7d28e17f72"),
    ("Decode('b', 'a', 1, 'b', 2, 3)", 2),
    ("Decode('c', 'a', 1, 'b', 2, 3)", 3),
    ("WeekDay('2024-03-11')", 0),
    ("MonthsDiff('2024-02-29', '2024-01-31')", 1),
    ("YearsDiff('2023-02-28', '2000-02-29')", 23),
    ("DaysDiff('2024-03-01', '2024-02-01')", 29),
    ("Coalesce(ToDate(''), '2024-03-01')", date(2024, 3, 1)),
    ("Coalesce(ToDateTime(''), '2024-03-01')", datetime(2024, 3, 1, 5, tzinfo=UTC)),
    ("AddMonths(ToDate('2024-01-31'), 1)", date(2024, 2, 29)),
    ("DateOnly(GetDate())", date(2024, 3, 12)),
    ("Hour(GetDate())", 12),
    ("HoursDiff(AddDays(ToDateTime('2024-03-09T12:00'), 1), '2024-03-09T12:00')", 23),
    ("ToDateTime('2024-03-10T02:30')", datetime(2024, 3, 10, 7, tzinfo=UTC)),
    ("ToDateTime('2023-11-05T01:30')", datetime(2023, 11, 5, 5, 30, tzinfo=UTC)),
    ("Distance(-0.1276, 51.5072, 126.978, 37.5665)", Decimal("8854.999")),
    ("Distance(180, 0, -180, 0)", 0),
    ("Distance(0, 90, 180, 90)", 0),
    ("ToString(12.50)", "12.5"),
    ("ToString(GetDate())", "2024-03-12T12:30:00"),
]


@pytest.mark.parametrize("text", EMPTY)
def test_what_cannot_be_computed_is_empty(calculator: Calculator, text: str) -> None:
    assert calculator.of(text) is None


@pytest.mark.parametrize(("text", "value"), GIVES, ids=[text for text, _value in GIVES])
def test_it_gives(calculator: Calculator, text: str, value: Any) -> None:
    if text.startswith("Distance"):
        assert abs(calculator.of(text) - value) < 10
    else:
        assert calculator.of(text) == value


def test_a_test_and_its_run_compute_the_same_whatever_the_servers_clock(calculator: Calculator) -> None:
    assert calculator.of("GetDate()") == calculator.company.scope("person").now


def test_of_rows_without_a_key_the_first_by_all_columns_is_read(calculator: Calculator) -> None:
    company = calculator.company
    tables = company.catalogue.tables
    keyless = {**tables, "area": replace(tables["area"], primary_key=())}
    changed = replace(company, catalogue=replace(company.catalogue, tables=keyless))
    of_keyless = replace(calculator, company=changed).values(["area.wealth"])
    assert of_keyless == calculator.values(["area.wealth"])  # the first column is the key


def test_of_rows_with_a_key_the_first_by_that_is_read(calculator: Calculator) -> None:
    """Whatever columns come before the key in the catalogue."""
    company = calculator.company
    tables = company.catalogue.tables
    columns = dict(reversed(tables["area"].columns.items()))
    reversed_ = {**tables, "area": replace(tables["area"], columns=columns)}
    changed = replace(company, catalogue=replace(company.catalogue, tables=reversed_))
    found = replace(calculator, company=changed).values(["area.wealth"])
    assert found == calculator.values(["area.wealth"])


def test_columns_of_the_population_are_read(calculator: Calculator) -> None:
    company = calculator.company
    column = company.catalogue.tables["person"].columns["age"]
    scope = company.scope("person", columns={"score": (column, exp.Literal.number(4))})
    state = Compilation.of(scope)
    assert attribute_of(state, state.root(), Expression(expression="@score * 2"), "").type == "integer"
