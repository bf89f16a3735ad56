"""Every function with values worked out by hand; it is 12:30 on 12 March 2024, a Tuesday, in New York."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest

from campaigns.targeting.expressions.functions import Family
from campaigns.targeting.expressions.registry import FUNCTIONS
from tests.campaigns.targeting.expressions.conftest import Calculator

pytestmark = pytest.mark.django_db

NIGHT = "ToDateTime('2024-02-29T23:45:50')"  # 2024-03-01T04:45:50Z
EMPTY_DAY = "ToDate('')"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


DATES: list[tuple[str, Any]] = [
    ("AddDays(ToDate('2024-02-28'), 2)", date(2024, 3, 1)),
    ("SubDays(ToDate('2024-03-01'), 2)", date(2024, 2, 28)),
    ("AddDays(ToDateTime('2024-03-09T12:00'), 1)", at("2024-03-10T16:00")),
    ("AddMonths(ToDate('2024-01-31'), 1)", date(2024, 2, 29)),
    ("SubMonths(ToDate('2024-03-31'), 1)", date(2024, 2, 29)),
    ("AddYears(ToDate('2024-02-29'), 1)", date(2025, 2, 28)),
    ("SubYears(ToDate('2024-02-29'), 4)", date(2020, 2, 29)),
    ("AddHours(ToDateTime('2024-03-10T01:30'), 1)", at("2024-03-10T07:30")),
    ("SubHours(ToDateTime('2024-03-10T03:30'), 1)", at("2024-03-10T06:30")),
    ("AddMinutes(ToDateTime('2024-01-01T00:00'), 90)", at("2024-01-01T06:30")),
    ("SubMinutes(ToDateTime('2024-01-01T00:00'), 90)", at("2024-01-01T03:30")),
    ("AddSeconds(ToDateTime('2024-01-01T00:00'), 61)", at("2024-01-01T05:01:01")),
    ("SubSeconds(ToDateTime('2024-01-01T00:00'), 61)", at("2024-01-01T04:58:59")),
    ("DaysDiff('2024-03-01', '2024-02-28')", 2),
    ("DaysDiff('2024-02-28', '2024-03-01')", -2),
    ("MonthsDiff('2024-03-31', '2024-01-31')", 2),
    ("MonthsDiff('2024-03-30', '2024-01-31')", 1),
    ("MonthsDiff('2024-01-31', '2024-03-30')", -1),
    ("YearsDiff('2024-03-12', '2000-03-12')", 24),
    ("YearsDiff('2024-03-11', '2000-03-12')", 23),
    ("HoursDiff('2024-01-01T10:59', '2024-01-01T08:00')", 2),
    ("HoursDiff('2024-01-01T08:00', '2024-01-01T10:59')", -2),
    ("MinutesDiff('2024-01-01T10:00:59', '2024-01-01T09:00')", 60),
    ("SecondsDiff('2024-01-01T09:01:01', '2024-01-01T09:00')", 61),
    ("DaysAgo(12)", date(2024, 2, 29)),
    ("MonthsAgo(1)", date(2024, 2, 12)),
    ("YearsAgo(2)", date(2022, 3, 12)),
    ("DaysOld(ToDate('2024-03-01'))", 11),
    ("MonthsOld(ToDate('2024-01-13'))", 1),
    ("YearsOld(ToDate('2000-03-13'))", 23),
    (f"Day({NIGHT})", 29),
    ("DayOfYear(ToDate('2024-12-31'))", 366),
    (f"Hour({NIGHT})", 23),
    (f"Minute({NIGHT})", 45),
    (f"Month({NIGHT})", 2),
    (f"Second({NIGHT})", 50),
    ("Year(ToDateTime('2023-12-31T23:00'))", 2023),
    ("TruncMonth(ToDate('2024-02-29'))", date(2024, 2, 1)),
    ("TruncQuarter(ToDate('2024-06-30'))", date(2024, 4, 1)),
    ("TruncWeek(ToDate('2024-03-10'))", date(2024, 3, 4)),
    ("TruncYear(ToDate('2024-06-30'))", date(2024, 1, 1)),
    ("DateCmp('2024-01-01', '2024-01-02')", -1),
    ("DateCmp('2024-01-02', '2024-01-02')", 0),
    ("DateCmp('2024-01-03', '2024-01-02')", 1),
    (f"DateOnly({NIGHT})", date(2024, 2, 29)),
    ("DaysAgoInt(12)", 20240229),
    ("GetDate()", at("2024-03-12T16:30")),
    ("Oldest(ToDate('2024-01-02'), ToDate('2024-01-01'))", date(2024, 1, 1)),
    (f"TruncDate({NIGHT}, 3600)", at("2024-03-01T04:00")),
    (f"TruncDate({NIGHT}, 86400)", at("2024-02-29T05:00")),
    (f"TruncDate({NIGHT}, 1)", at("2024-03-01T04:45:50")),
    (f"TruncDateTZ({NIGHT}, 86400, 'Asia/Seoul')", at("2024-02-29T15:00")),
    ("WeekDay('2024-03-10')", 6),
    ("WeekDay('2024-03-11')", 0),
    (f"YearAndMonth({NIGHT})", 202402),
]
NUMBERS: list[tuple[str, Any]] = [
    ("Abs(-2.5)", Decimal("2.5")),
    ("Ceil(2.1)", 3),
    ("Ceil(-2.9)", -2),
    ("Floor(2.9)", 2),
    ("Floor(-2.1)", -3),
    ("Greatest(1, 3, 2)", 3),
    ("Least(2, 1, 3)", 1),
    ("Mod(7, 3)", 1),
    ("Percent(1, 8)", Decimal("12.5")),
    ("Percent(1, 0)", None),
    ("Round(2.345, 2)", Decimal("2.35")),
    ("Round(250, -2)", 300),
    ("Sign(-3)", -1),
    ("Sign(0)", 0),
    ("Sign(3)", 1),
    ("Trunc(2.99)", 2),
    ("Trunc(-2.99, 1)", Decimal("-2.9")),
    ("ClearBit(7, 2)", 5),
    ("IsBitSet(6, 2)", True),
    ("IsBitSet(6, 1)", False),
    ("IsBitSet(6, 3)", True),
    ("SetBit(4, 3)", 7),
]
CHOICES: list[tuple[str, Any]] = [
    ("Coalesce($nothing, 5)", 5),
    ("Coalesce(4, 5)", 4),
    ("Decode('b', 'a', 1, 'b', 2)", 2),
    ("Decode('c', 'a', 1, 'b', 2)", None),
    ("Decode('c', 'a', 1, 3)", 3),
    ("IfEquals('a', 'a', 1, 2)", 1),
    ("IfEquals('a', 'b', 1, 2)", 2),
    ("Iif(1 < 2, 'yes', 'no')", "yes"),
    ("Iif(1 > 2, 'yes', 'no')", "no"),
    ("IsEmptyString('')", True),
    ("IsEmptyString('a')", False),
    ("IsEmptyString('', 1, 2)", 1),
    ("IsEmptyString('a', 1, 2)", 2),
    ("NoNull($nothing)", 0),
    ("NoNull(3)", 3),
    ("Case When 1 > 2 Then 'a' When 2 > 1 Then 'b' Else 'c' End", "b"),
    ("Case When 1 > 2 Then 'a' Else 'c' End", "c"),
    ("Case(When(1 > 2, 'a'), When(2 > 1, 'b'), Else('c'))", "b"),
    ("Case(When(1 > 2, 'a'), Else('c'))", "c"),
    ("ToBoolean(1)", True),
    ("ToBoolean(0)", False),
    ("ToDate('2024-02-29')", date(2024, 2, 29)),
    (f"ToDate({NIGHT})", date(2024, 2, 29)),
    ("ToDateTime(ToDate('2024-02-29'))", at("2024-02-29T05:00")),
    ("ToTimestamp('2024-02-29T12:00')", at("2024-02-29T17:00")),
    ("ToDouble('2.50')", Decimal("2.5")),
    ("ToInteger('-12')", -12),
    ("ToInteger(12.5)", 13),
    ("ToInteger(12.4)", 12),
    ("ToInt64('2147483648')", 2147483648),
    ("ToString(ToDate('2024-02-29'))", "2024-02-29"),
    ("ToString(-0.50)", "-0.5"),
    ("AllNonNull2(1, 'a')", True),
    ("AllNonNull2(1, '')", False),
    ("AllNonNull2('', 1)", False),
    ("AllNonNull3(1, 'a', 2)", True),
    ("AllNonNull3(1, 'a', $nothing)", False),
]
TEXTS: list[tuple[str, Any]] = [
    ("Ascii('가')", 0xAC00),
    ("Char(44032)", "가"),
    ("Char(55295)", "\ud7ff"),
    ("Char(55296)", None),
    ("Char(57343)", None),
    ("Char(57344)", "\ue000"),
    ("Char(1114111)", "\U0010ffff"),
    ("Char(1114112)", None),
    ("Charindex('banana', 'na')", 3),
    ("Charindex('banana', 'x')", 0),
    ("dataLength('가a')", 4),
    ("GetLine('one' || Char(13) || Char(10) || 'two', 1)", "one"),
    ("GetLine('one' || Char(13) || Char(10) || 'two', 2)", "two"),
    ("Line('one' || Char(10) || 'two', 3)", None),
    ("JuxtWords('a', 'b')", "a b"),
    ("JuxtWords3('a', '', 'c')", "a c"),
    ("Left('가나다', 2)", "가나"),
    ("Right('가나다', 2)", "나다"),
    ("Length('가나다')", 3),
    ("Lower('ÄB')", "äb"),
    ("Upper('äb')", "ÄB"),
    ("LPad('7', 3, '0')", "007"),
    ("RPad('7', 3, '0')", "700"),
    ("Length(LPad('7', 1000, '0'))", 1000),
    ("Ltrim('  a ')", "a "),
    ("Rtrim('  a ')", "  a"),
    ("Md5Digest('abc')", "900150983cd24fb0d6963f7d28e17f72"),
    ("Left(Sha256Digest('abc'), 16)", "ba7816bf8f01cfea"),
    ("Left(Sha512Digest('abc'), 16)", "ddaf35a193617aba"),
    ("MemoContains('banana', 'nan')", True),
    ("MemoContains('banana', 'NAN')", False),
    ("Replace('banana', 'an', 'x')", "bxxa"),
    ("Smart('ANNA karenina')", "Anna Karenina"),
    ("Substring('banana', 2, 3)", "ana"),
    ("Substring('banana', 3)", "nana"),
    ("GetEmailDomain('anna@mail.example')", "mail.example"),
    ("IsMemoNull('')", True),
    ("IsMemoNull('a')", False),
]
GIVES = [*DATES, *NUMBERS, *CHOICES, *TEXTS]
WRITTEN_OUT = {"distance"}  # in test_values.py, by a distance that is known


def test_families_are_named_as_programs_know_them() -> None:
    assert [each.value for each in Family] == [
        "aggregate", "date", "geography", "number", "logic", "text", "window",
    ]  # fmt: skip


def test_no_function_is_without_a_value_worked_out_by_hand() -> None:
    wanted = {name for name, each in FUNCTIONS.items() if each.family is not Family.AGGREGATE}
    called = {name.lower() for text, _value in GIVES for name in re.findall(r"([A-Za-z]\w*)\(", text)}
    assert wanted - called == WRITTEN_OUT


@pytest.mark.parametrize(("text", "value"), GIVES, ids=[text for text, _value in GIVES])
def test_it_gives(calculator: Calculator, text: str, value: Any) -> None:
    assert calculator.of(text) == value


@pytest.mark.parametrize("name", ["Sum", "Avg", "Min", "Max", "Count", "Countdistinct", "StdDev"])
def test_a_figure_of_a_collection_is_that_of_its_rows(calculator: Calculator, name: str) -> None:
    found = calculator.values([f"{name}(orders.total)"])[0]
    for (key,), value in found.items():
        totals = _totals(calculator, key)
        assert value == (_FIGURES[name](totals) if totals else _OF_NOTHING.get(name)), (key, totals)


def test_rows_without_a_value_are_counted_by_countall_only(calculator: Calculator) -> None:
    found, without = calculator.values(["CountAll(orders)", "Count(orders.total)"])
    orders = calculator.company.tables["order"].rows
    for (key,), number in found.items():
        assert number == sum(row["person_id"] == key for row in orders)
        assert without[(key,)] == len(_totals(calculator, key))
    assert found != without


def test_a_collection_may_stand_behind_several_links(calculator: Calculator) -> None:
    company = calculator.company
    found = calculator.values(["Count(city.people.orders)", "Count(city.people.orders.number)"])
    city_of = {row["id"]: row["city_code"] for row in company.tables["person"].rows}
    known = {row["code"] for row in company.tables["city"].rows}
    cities = [city_of.get(row["person_id"]) for row in company.tables["order"].rows]
    for (key,), number in found[0].items():
        assert number == (cities.count(city_of[key]) if city_of[key] in known else 0)
    assert found[0] == found[1]


def test_a_truth_is_itself_and_a_day_is_none(calculator: Calculator) -> None:
    found, given = calculator.values(["ToBoolean(active)", "active"])
    assert found == given
    assert {True, False} <= set(found.values())
    assert calculator.problem("ToBoolean(born)") is not None


def test_texts_of_a_collection_are_listed_in_order(calculator: Calculator) -> None:
    found = calculator.values(["StringAgg(orders.shop, '+')"])[0]
    orders = calculator.company.tables["order"].rows
    for (key,), text in found.items():
        shops = sorted(row["shop"] for row in orders if row["person_id"] == key and row["shop"])
        assert (text or "") == "+".join(shops)


def _totals(calculator: Calculator, key: int) -> list[Decimal]:
    orders = calculator.company.tables["order"].rows
    return [row["total"] for row in orders if row["person_id"] == key and row["total"] is not None]


def _deviation(values: list[Decimal]) -> Decimal | None:
    if len(values) == 1:
        return None
    mean = sum(values) / Decimal(len(values))
    squares = sum((each - mean) ** 2 for each in values)
    return round((squares / (len(values) - 1)).sqrt(), 6)


_OF_NOTHING = {"Sum": 0, "Count": 0, "Countdistinct": 0}
_FIGURES: dict[str, Any] = {
    "Sum": sum,
    "Avg": lambda values: (sum(values) / len(values)).quantize(Decimal("1e-20"), ROUND_DOWN),
    "Min": min,
    "Max": max,
    "Count": len,
    "Countdistinct": lambda values: len(set(values)),
    "StdDev": _deviation,
}
