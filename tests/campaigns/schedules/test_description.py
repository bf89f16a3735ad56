from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from campaigns.schedules.description import describe
from campaigns.schedules.reading import read_schedule
from tests.campaigns.schedules import documents

WINDOW = {"from": "08:00", "until": "18:30"}


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({}, "As soon as it is published"),
        ({"frequency": "signal"}, "When a signal arrives"),
        ({"frequency": "once", "at": "2026-12-24T09:30"}, "Once, on Dec. 24, 2026, 9:30 a.m. (Asia/Seoul)"),
        (
            {"frequency": "several_times_a_day", "times": ["09:00", "13:00", "17:30"]},
            "Every day at 9 a.m., 1 p.m. and 5:30 p.m. (Asia/Seoul)",
        ),
        ({"frequency": "every", "interval": 1, "unit": "hours"}, "Every day, every hour (Asia/Seoul)"),
        (
            {
                "frequency": "every",
                "interval": 30,
                "unit": "minutes",
                "window": WINDOW,
                "weekdays": ["sat", "sun"],
            },
            "Every Saturday and Sunday, every 30 minutes from 8 a.m. until 6:30 p.m. (Asia/Seoul)",
        ),
        (
            {"frequency": "daily", "at": "09:00", "weekdays": ["mon", "tue", "wed", "thu", "fri"]},
            "Monday to Friday at 9 a.m. (Asia/Seoul)",
        ),
        (
            {"frequency": "weekly", "weekdays": ["mon"], "at": "09:00"},
            "Every week on Monday at 9 a.m. (Asia/Seoul)",
        ),
        (
            {
                "frequency": "weekly",
                "interval": 2,
                "starting": "2026-05-04",
                "weekdays": ["mon", "thu"],
                "at": "00:00",
            },
            "Every 2 weeks on Monday and Thursday at midnight, starting from May 4, 2026 (Asia/Seoul)",
        ),
        (
            {"frequency": "monthly", "on": {"by": "day_number", "days": [15, 1]}, "at": "09:00"},
            "On days 1 and 15 of each month at 9 a.m. (Asia/Seoul)",
        ),
        (
            {"frequency": "monthly", "months": ["mar", "jun"], "on": {"by": "last_day"}, "at": "09:00"},
            "On the last day of March and June at 9 a.m. (Asia/Seoul)",
        ),
        (
            {
                "frequency": "monthly",
                "on": {"by": "weekday", "nth": "second", "weekday": "tue"},
                "at": "12:00",
            },
            "On the second Tuesday of each month at noon (Asia/Seoul)",
        ),
        ({"frequency": "cron", "expression": "0 9 * * 1"}, "By the cron expression “0 9 * * 1” (Asia/Seoul)"),
        (
            {
                "frequency": "daily",
                "at": "09:00",
                "validity": {"from": "2026-05-01T00:00", "until": "2026-06-01T00:00"},
            },
            "Every day at 9 a.m., valid from May 1, 2026, midnight until June 1, 2026, midnight (Asia/Seoul)",
        ),
        (
            {"frequency": "signal", "validity": {"until": "2026-06-01T00:00"}},
            "When a signal arrives, valid until June 1, 2026, midnight (Asia/Seoul)",
        ),
    ],
)
def test_a_schedule_reads_as_a_sentence(document: dict[str, Any], sentence: str) -> None:
    assert describe(read_schedule(document), ZoneInfo("Asia/Seoul")) == sentence


@given(documents.planned(), documents.zone_keys)
@settings(max_examples=200, deadline=None)
def test_every_schedule_has_a_sentence_with_its_zone(document: dict[str, Any], key: str) -> None:
    assert describe(read_schedule(document), ZoneInfo(key)).endswith(f" ({key})")
