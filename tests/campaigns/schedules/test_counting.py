"""Counting agrees with asking for every launch, at every change of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from campaigns.schedules.counting import count_launches
from campaigns.schedules.launches import launches
from campaigns.schedules.reading import read_schedule

EVERY_MINUTE = {"frequency": "every", "interval": 1, "unit": "minutes"}
SCHEDULES: list[dict[str, Any]] = [
    EVERY_MINUTE,
    {"frequency": "every", "interval": 7, "unit": "minutes", "weekdays": ["mon", "sun"]},
    {**EVERY_MINUTE, "window": {"from": "22:00", "until": "03:10"}, "weekdays": ["sat", "wed"]},
    {"frequency": "every", "interval": 2, "unit": "hours"},
    {"frequency": "cron", "expression": "*/3 1-4 * * *"},
    {"frequency": "several_times_a_day", "times": ["01:30", "02:30", "23:59"]},
    {"frequency": "monthly", "on": {"by": "last_day"}, "at": "02:15"},
    {**EVERY_MINUTE, "validity": {"from": "2026-03-28T12:00", "until": "2026-10-25T02:30"}},
]
SPANS = [
    datetime(2026, 3, 27, 22, tzinfo=UTC),
    datetime(2026, 10, 23, 22, tzinfo=UTC),
    datetime(2026, 4, 3, 13, tzinfo=UTC),
    datetime(2026, 6, 30, 0, 0, 30, tzinfo=UTC),
]


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Seoul"]
)
@pytest.mark.parametrize("data", SCHEDULES, ids=lambda data: str(list(data.values())))
def test_as_many_as_there_are(data: dict[str, Any], zone: str) -> None:
    schedule, where = read_schedule(data), ZoneInfo(zone)
    for begin in SPANS:
        for day in range(4):
            span = {"after": begin + timedelta(days=day), "until": begin + timedelta(days=day + 1, hours=day)}
            every = sum(1 for _ in launches(schedule, where, **span))
            assert count_launches(schedule, where, **span) == every, span


def test_a_month_of_minutes_is_counted_without_walking_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("asked for each of them")

    monkeypatch.setattr("campaigns.schedules.recurrence.wall_times", refused)
    after = datetime(2026, 6, 1, tzinfo=UTC)
    found = count_launches(
        read_schedule(EVERY_MINUTE), ZoneInfo("UTC"), after=after, until=after + timedelta(days=30)
    )
    assert found == 43_200
