"""Relative dates counted by hand: it is half past four on Tuesday, 12 March 2024, in Seoul."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from campaigns.targeting.clock import TICK, Clock
from campaigns.targeting.operands import Days, Last, LaterThan, Next, Now, OlderThan, This, Today
from campaigns.targeting.periods import Span, Timeline, moved, unit_start
from campaigns.targeting.problems import RuleError

NOW = datetime(2024, 3, 12, 7, 30, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
VARIABLES = {
    "eve": date(2024, 2, 29),
    "late": datetime(2024, 2, 29, 20, 0, tzinfo=UTC),
    "local": datetime.fromisoformat("2024-02-29T23:00"),
    "word": "soon",
    "nothing": None,
}
LINE = Timeline(Clock(NOW, ZoneInfo("Asia/Seoul")), VARIABLES)


def refusal_of(part: Any) -> tuple[str, str]:
    with pytest.raises(RuleError) as caught:
        (LINE.moment if isinstance(part, Today | Now) else LINE.period)(part, "/value")
    (problem,) = caught.value.problems
    return problem.path, problem.code


@pytest.mark.parametrize(
    ("part", "path", "code"),
    [
        (Today(today=1, anchor="gone"), "/value/anchor", "unknown_variable"),
        (Today(today=1, anchor="word"), "/value/anchor", "no_date"),
        (Last(last=1, anchor="nothing"), "/value/anchor", "no_date"),
        (Today(today=9_999, unit="year"), "/value", "date_out_of_range"),
        (Next(next=1_000_000, unit="month"), "/value", "date_out_of_range"),
        (This(this="year", shift=9_999), "/value", "date_out_of_range"),
    ],
)
def test_what_cannot_be_counted_is_refused(part: Any, path: str, code: str) -> None:
    assert refusal_of(part) == (path, code)


@pytest.mark.parametrize(
    ("part", "moment"),
    [
        (Today(today=0), date(2024, 3, 12)),
        (Today(today=-12), date(2024, 2, 29)),
        (Today(today=2, unit="week"), date(2024, 3, 26)),
        (Today(today=-1, unit="month"), date(2024, 2, 12)),
        (Today(today=1, unit="quarter"), date(2024, 6, 12)),
        (Today(today=1, unit="year", anchor="eve"), date(2025, 2, 28)),
        (Today(today=0, anchor="late"), date(2024, 3, 1)),
        (Today(today=0, anchor="local"), date(2024, 2, 29)),
        (Now(now=0), NOW),
        (Now(now=-2), NOW - 2 * HOUR),
        (Now(now=3, unit="minute"), NOW + 3 * MINUTE),
        (Now(now=1, anchor="eve"), datetime(2024, 2, 28, 16, tzinfo=UTC)),
        (Now(now=0, anchor="local"), datetime(2024, 2, 29, 14, tzinfo=UTC)),
    ],
)
def test_a_moment_is_counted_from_its_anchor(part: Any, moment: date) -> None:
    assert LINE.moment(part, "") == moment


@pytest.mark.parametrize(
    ("part", "start", "end"),
    [
        (Last(last=0), date(2024, 3, 12), date(2024, 3, 13)),
        (Last(last=2), date(2024, 3, 10), date(2024, 3, 13)),
        (Last(last=1, unit="month"), date(2024, 2, 12), date(2024, 3, 13)),
        (Next(next=0), date(2024, 3, 12), date(2024, 3, 13)),
        (Next(next=2), date(2024, 3, 12), date(2024, 3, 15)),
        (Next(next=1, unit="quarter"), date(2024, 3, 12), date(2024, 6, 13)),
        (OlderThan(older_than=2), None, date(2024, 3, 10)),
        (OlderThan(older_than=1, unit="year"), None, date(2023, 3, 12)),
        (LaterThan(later_than=2), date(2024, 3, 15), None),
        (LaterThan(later_than=0), date(2024, 3, 13), None),
        (Last(last=2, unit="hour"), NOW - 2 * HOUR, NOW + TICK),
        (Next(next=2, unit="hour"), NOW, NOW + 2 * HOUR + TICK),
        (Next(next=5, unit="minute"), NOW, NOW + 5 * MINUTE + TICK),
        (OlderThan(older_than=2, unit="hour"), None, NOW - 2 * HOUR),
        (LaterThan(later_than=2, unit="minute"), NOW + 2 * MINUTE + TICK, None),
        (This(this="day"), date(2024, 3, 12), date(2024, 3, 13)),
        (This(this="week"), date(2024, 3, 11), date(2024, 3, 18)),
        (This(this="week", shift=-1), date(2024, 3, 4), date(2024, 3, 11)),
        (This(this="month", shift=1), date(2024, 4, 1), date(2024, 5, 1)),
        (This(this="quarter"), date(2024, 1, 1), date(2024, 4, 1)),
        (This(this="quarter", shift=-1), date(2023, 10, 1), date(2024, 1, 1)),
        (This(this="year"), date(2024, 1, 1), date(2025, 1, 1)),
    ],
)
def test_a_period_runs_from_its_first_moment_to_before_its_end(
    part: Any, start: date | None, end: date | None
) -> None:
    assert LINE.period(part, "") == Span(start, end)


@pytest.mark.parametrize(
    ("days", "window"),
    [
        ((0, 0), (date(2024, 3, 12), date(2024, 3, 12))),
        ((-1, 2), (date(2024, 3, 11), date(2024, 3, 14))),
        ((0, 366), (date(2024, 3, 12), date(2025, 3, 13))),
    ],
)
def test_a_window_has_its_first_and_its_last_day(days: tuple[int, int], window: tuple[date, date]) -> None:
    assert LINE.window(Days(days=days), "") == window


def test_a_day_that_a_month_lacks_is_its_last() -> None:
    assert moved(date(2024, 1, 31), 1, "month") == date(2024, 2, 29)
    assert moved(date(2024, 3, 31), -1, "month") == date(2024, 2, 29)
    assert moved(date(2023, 12, 31), 2, "month") == date(2024, 2, 29)
    assert moved(date(2024, 1, 15), -1, "month") == date(2023, 12, 15)


@pytest.mark.parametrize(
    ("day", "unit", "start"),
    [
        (date(2024, 12, 31), "day", date(2024, 12, 31)),
        (date(2024, 12, 31), "week", date(2024, 12, 30)),
        (date(2024, 12, 30), "week", date(2024, 12, 30)),
        (date(2024, 12, 31), "month", date(2024, 12, 1)),
        (date(2024, 12, 31), "quarter", date(2024, 10, 1)),
        (date(2024, 9, 30), "quarter", date(2024, 7, 1)),
        (date(2024, 12, 31), "year", date(2024, 1, 1)),
    ],
)
def test_a_unit_of_the_calendar_has_a_first_day(day: date, unit: str, start: date) -> None:
    assert unit_start(day, unit) == start
