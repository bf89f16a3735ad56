from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from campaigns.problems import Severity
from campaigns.schedules.launches import next_launches
from campaigns.schedules.lint import lint_schedule
from campaigns.schedules.reading import read_schedule
from tests.campaigns.schedules import documents

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAILY = {"frequency": "daily", "at": "09:00"}


def codes(document: dict[str, Any], severity: Severity = Severity.ERROR) -> list[tuple[str, str]]:
    found = lint_schedule(read_schedule(document), ZoneInfo("Asia/Seoul"), NOW)
    return [(p.code.removeprefix("schedule."), p.path) for p in found if p.severity is severity]


def warnings(document: dict[str, Any]) -> list[tuple[str, str]]:
    return codes(document, Severity.WARNING)


def monthly(months: tuple[str, ...] = (), **on: Any) -> dict[str, Any]:
    return {"frequency": "monthly", "months": list(months), "on": on, "at": "09:00"}


def test_a_time_that_has_passed_in_the_zone_is_an_error() -> None:
    assert codes({"frequency": "once", "at": "2026-05-04T21:00"}) == [("in_the_past", "/at")]
    assert codes({"frequency": "once", "at": "2026-05-04T21:01"}) == []


@pytest.mark.parametrize("document", [DAILY, {}, {"frequency": "signal"}])
def test_a_validity_that_has_ended_is_an_error(document: dict[str, Any]) -> None:
    ended = {"frequency": "as_soon_as_possible", **document, "validity": {"until": "2026-05-04T21:00"}}
    assert codes(ended) == [("validity_over", "/validity/until")]


@pytest.mark.parametrize(
    "document",
    [
        {**DAILY, "validity": {"from": "2026-06-01T09:01", "until": "2026-06-02T08:59"}},
        {**DAILY, "weekdays": ["sun"], "validity": {"until": "2026-05-09T23:59"}},
        {"frequency": "once", "at": "2026-06-01T09:00", "validity": {"from": "2026-06-02T00:00"}},
    ],
)
def test_a_validity_that_holds_no_launch_is_an_error(document: dict[str, Any]) -> None:
    assert codes(document) == [("never_launches", "/validity")]


@pytest.mark.parametrize(
    "document",
    [
        {"frequency": "every", "interval": 10, "unit": "minutes"},
        {"frequency": "every", "interval": 35, "unit": "minutes"},
        {"frequency": "several_times_a_day", "times": ["09:00", "09:14"]},
        {"frequency": "several_times_a_day", "times": ["00:00", "23:50"]},
        {"frequency": "cron", "expression": "0,5 9 1 * *"},
    ],
)
def test_launches_within_a_quarter_of_an_hour_are_warned_of(document: dict[str, Any]) -> None:
    assert ("too_frequent", "") in warnings(document)


@pytest.mark.parametrize(
    "document",
    [
        DAILY,
        {"frequency": "every", "interval": 15, "unit": "minutes"},
        {"frequency": "several_times_a_day", "times": ["00:00", "23:50"], "weekdays": ["mon", "wed"]},
        {"frequency": "several_times_a_day", "times": ["09:00", "09:15"]},
    ],
)
def test_a_quarter_of_an_hour_is_long_enough(document: dict[str, Any]) -> None:
    assert warnings(document) == []


def test_an_interval_that_does_not_divide_the_day_is_warned_of() -> None:
    every = {"frequency": "every", "interval": 7, "unit": "hours"}
    assert warnings(every) == [("uneven_interval", "/interval")]
    assert warnings({**every, "window": {"from": "01:00", "until": "20:00"}}) == []


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (monthly(by="day_number", days=[1, 29]), "/on/days/1"),
        (monthly(by="day_number", days=[31], months=("mar", "apr")), "/on/days/0"),
        (monthly(by="day_number", days=[29], months=("feb",)), "/on/days/0"),
        (monthly(by="weekday", nth="fifth", weekday="mon"), "/on/nth"),
    ],
)
def test_a_day_that_some_months_lack_is_warned_of(document: dict[str, Any], path: str) -> None:
    assert warnings(document) == [("day_missing", path)]


def test_the_warning_names_the_months() -> None:
    schedule = read_schedule(monthly(by="day_number", days=[31], months=("jan", "feb", "apr")))
    problem = lint_schedule(schedule, ZoneInfo("UTC"), NOW)[0]
    assert problem.message == "Day 31 is skipped where the month lacks it: February and April."


@pytest.mark.parametrize(
    "document",
    [
        monthly(by="day_number", days=[28]),
        monthly(by="last_day"),
        monthly(by="weekday", nth="last", weekday="mon"),
    ],
)
def test_a_day_that_all_months_have_is_not_warned_of(document: dict[str, Any]) -> None:
    assert warnings(document) == []


@given(documents.planned(), documents.zone_keys, documents.instants)
@settings(max_examples=200, deadline=None)
def test_an_error_is_found_exactly_where_no_launch_is_left(
    document: dict[str, Any], key: str, now: datetime
) -> None:
    schedule, zone = read_schedule(document), ZoneInfo(key)
    errors = [p for p in lint_schedule(schedule, zone, now) if p.severity is Severity.ERROR]
    assert bool(errors) == (not next_launches(schedule, zone, after=now, count=1))
