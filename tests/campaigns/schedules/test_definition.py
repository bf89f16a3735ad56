from __future__ import annotations

import calendar
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from campaigns.schedules.choices import Month, Overlap
from campaigns.schedules.definition import Daily, Every, has_planned_times, longest_month
from campaigns.schedules.reading import read_schedule


def test_a_schedule_cannot_be_changed() -> None:
    schedule = read_schedule({"frequency": "daily", "at": "09:00"})
    with pytest.raises(ValidationError, match="frozen"):
        schedule.overlap = Overlap.QUEUE_ONE


@pytest.mark.parametrize(
    ("data", "planned"),
    [({}, False), ({"frequency": "signal"}, False), ({"frequency": "daily", "at": "09:00"}, True)],
)
def test_a_calendar_plans_all_but_two_frequencies(data: dict[str, Any], planned: bool) -> None:
    assert has_planned_times(read_schedule(data)) is planned


def test_months_are_as_long_as_in_a_leap_year() -> None:
    assert [longest_month(month) for month in Month] == [
        calendar.monthrange(2028, n)[1] for n in range(1, 13)
    ]


@pytest.mark.parametrize(("unit", "minutes"), [("minutes", 24), ("hours", 24 * 60)])
def test_an_interval_is_known_in_minutes(unit: str, minutes: int) -> None:
    every = read_schedule({"frequency": "every", "interval": 24, "unit": unit})
    assert isinstance(every, Every)
    assert every.minutes == minutes


def test_what_is_not_said_has_its_default() -> None:
    daily = read_schedule({"frequency": "daily", "at": "09:00"})
    assert isinstance(daily, Daily)
    assert (daily.overlap, daily.max_lateness, daily.weekdays) == (Overlap.SKIP, timedelta(hours=6), ())
