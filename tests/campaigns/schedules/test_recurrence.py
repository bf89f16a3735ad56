from __future__ import annotations

from datetime import date, datetime
from itertools import islice, pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from campaigns.schedules.reading import read_schedule
from campaigns.schedules.recurrence import month_days, wall_times
from tests.campaigns.schedules import documents


def walls(data: dict[str, Any], since: str, count: int = 3) -> list[str]:
    found = wall_times(read_schedule(data), datetime.fromisoformat(since))
    return [wall.isoformat(timespec="minutes") for wall in islice(found, count)]


def test_a_month_day_of_an_unknown_kind_is_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError):
        month_days(object(), date(2026, 1, 1))


@pytest.mark.parametrize(
    "rule",
    [
        {"frequency": "daily", "at": "09:00"},
        {"frequency": "every", "interval": 24, "unit": "hours"},
        {"frequency": "weekly", "weekdays": ["tue"], "at": "09:00"},
        {"frequency": "monthly", "on": {"by": "last_day"}, "at": "09:00"},
        {"frequency": "cron", "expression": "0 9 31 12 *"},
    ],
)
def test_every_rule_ends_with_the_last_year(rule: dict[str, Any]) -> None:
    assert [wall[:10] for wall in walls(rule, "2199-12-31T00:00")] == ["2199-12-31"]


def test_a_rule_that_no_calendar_decides_has_no_times() -> None:
    assert walls({"frequency": "signal"}, "2026-01-01T00:00") == []


def test_an_interval_is_counted_anew_from_midnight() -> None:
    found = walls({"frequency": "every", "interval": 7, "unit": "hours"}, "2026-05-04T00:00", 5)
    assert [wall[8:] for wall in found] == ["04T00:00", "04T07:00", "04T14:00", "04T21:00", "05T00:00"]


def test_a_window_over_midnight_is_begun_the_day_before() -> None:
    window = {"from": "22:00", "until": "02:00"}
    found = walls(
        {"frequency": "every", "interval": 2, "unit": "hours", "window": window}, "2026-05-04T01:00", 3
    )
    assert found == ["2026-05-03T22:00", "2026-05-04T00:00", "2026-05-04T02:00"]


def test_weeks_are_counted_from_the_week_of_the_beginning() -> None:
    rule = {
        "frequency": "weekly",
        "interval": 3,
        "starting": "2026-05-10",
        "weekdays": ["mon", "sun"],
        "at": "09:00",
    }
    found = walls(rule, "2026-05-11T00:00")
    assert [wall[:10] for wall in found] == ["2026-05-25", "2026-05-31", "2026-06-15"]


@given(documents.planned(), documents.instants)
@settings(max_examples=200, deadline=None)
def test_wall_times_increase_strictly(data: dict[str, Any], since: datetime) -> None:
    found = list(islice(wall_times(read_schedule(data), since.replace(tzinfo=None)), 50))
    assert all(earlier < later for earlier, later in pairwise(found))
