from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.schedules.launches import launches, next_launches, validity_span
from campaigns.schedules.reading import read_schedule
from tests.campaigns.schedules import documents
from tests.campaigns.schedules.oracle import Plain, Walk

LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


def next_walls(document: dict[str, Any], zone: str, after: str, count: int = 3) -> list[str]:
    """The next launches as the zone's clock shows them, with the offset in force."""
    of = ZoneInfo(zone)
    begin = datetime.fromisoformat(after).replace(tzinfo=of)
    found = next_launches(read_schedule(document), of, after=begin, count=count)
    return [launch.astimezone(of).isoformat(timespec="minutes") for launch in found]


def between(document: dict[str, Any], zone: str, after: str, until: str) -> int:
    of = ZoneInfo(zone)
    begin, end = (datetime.fromisoformat(text).replace(tzinfo=of) for text in (after, until))
    return len(list(launches(read_schedule(document), of, after=begin, until=end)))


def daily(at: str, **more: Any) -> dict[str, Any]:
    return {"frequency": "daily", "at": at, **more}


def monthly(at: str = "09:00", months: tuple[str, ...] = (), **on: Any) -> dict[str, Any]:
    return {"frequency": "monthly", "months": list(months), "on": on, "at": at}


@pytest.mark.parametrize("document", [{}, {"frequency": "signal"}])
def test_nothing_is_planned_without_a_calendar(document: dict[str, Any]) -> None:
    assert next_launches(read_schedule(document), ZoneInfo("UTC"), after=LONG_AGO) == []


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        next_launches(read_schedule(daily("09:00")), ZoneInfo("UTC"), after=datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_launch_at_after_is_left_out_and_the_one_at_until_is_in() -> None:
    assert between(daily("09:00"), "Asia/Seoul", "2026-05-01T09:00", "2026-05-03T09:00") == 2


def test_a_passed_time_rolls_to_the_next_slot() -> None:
    assert next_walls(daily("09:00"), "Asia/Seoul", "2026-05-01T09:00", 1) == ["2026-05-02T09:00+09:00"]


def test_a_skipped_time_runs_at_the_first_instant_after_the_gap() -> None:
    found = next_walls(daily("02:30"), "America/New_York", "2026-03-07T12:00")
    assert found == ["2026-03-08T03:00-04:00", "2026-03-09T02:30-04:00", "2026-03-10T02:30-04:00"]


def test_a_repeated_time_runs_once_and_first() -> None:
    found = next_walls(daily("01:30"), "America/New_York", "2026-10-31T12:00", 2)
    assert found == ["2026-11-01T01:30-04:00", "2026-11-02T01:30-05:00"]


def test_the_second_of_a_repeated_hour_asks_for_no_launch_again() -> None:
    of = ZoneInfo("America/New_York")
    second = datetime(2026, 11, 1, 6, 10, tzinfo=UTC)
    found = next_launches(read_schedule(daily("01:30")), of, after=second, count=1)
    assert found == [datetime(2026, 11, 2, 6, 30, tzinfo=UTC)]


def test_two_wall_times_on_one_instant_run_once() -> None:
    document = {"frequency": "several_times_a_day", "times": ["02:10", "02:40", "03:00", "03:01"]}
    found = next_walls(document, "Europe/Paris", "2026-03-28T12:00", 2)
    assert found == ["2026-03-29T03:00+02:00", "2026-03-29T03:01+02:00"]


def test_every_quarter_of_an_hour_has_92_launches_on_a_short_day_and_96_on_a_long_one() -> None:
    document = {"frequency": "every", "interval": 15, "unit": "minutes"}
    assert between(document, "Europe/Paris", "2026-03-28T23:59", "2026-03-29T23:59") == 92
    assert between(document, "Europe/Paris", "2026-10-24T23:59", "2026-10-25T23:59") == 96


def test_winter_time_that_is_put_back_in_law_changes_nothing() -> None:
    """Dublin's standard time is the summer's; its winter time is a negative saving."""
    assert next_walls(daily("01:30"), "Europe/Dublin", "2026-03-28T12:00", 1) == ["2026-03-29T02:00+01:00"]
    assert next_walls(daily("01:30"), "Europe/Dublin", "2026-10-24T12:00", 1) == ["2026-10-25T01:30+01:00"]


def test_lord_howe_skips_and_repeats_half_an_hour() -> None:
    assert next_walls(daily("02:15"), "Australia/Lord_Howe", "2026-10-03T12:00", 1) == [
        "2026-10-04T02:30+11:00"
    ]
    assert next_walls(daily("01:45"), "Australia/Lord_Howe", "2026-04-04T12:00", 2) == [
        "2026-04-05T01:45+11:00",
        "2026-04-06T01:45+10:30",
    ]


def test_troll_skips_two_hours() -> None:
    assert next_walls(daily("01:05"), "Antarctica/Troll", "2026-03-28T12:00", 1) == ["2026-03-29T03:00+02:00"]


def test_a_day_that_a_zone_left_out_runs_where_it_went_on() -> None:
    """Samoa had no 30 December 2011."""
    found = next_walls(daily("09:00"), "Pacific/Apia", "2011-12-29T08:00", 3)
    assert found == ["2011-12-29T09:00-10:00", "2011-12-31T00:00+14:00", "2011-12-31T09:00+14:00"]


def test_a_day_that_a_zone_left_out_gives_one_launch_however_often_it_would_have_run() -> None:
    document = {"frequency": "every", "interval": 1, "unit": "hours"}
    assert between(document, "Pacific/Apia", "2011-12-29T23:00", "2011-12-31T00:00") == 1


@pytest.mark.parametrize(
    ("zone", "offset"),
    [("Asia/Kathmandu", "+05:45"), ("Asia/Kolkata", "+05:30"), ("Pacific/Chatham", "+13:45")],
)
def test_offsets_of_half_and_quarter_hours_keep_the_wall_time(zone: str, offset: str) -> None:
    assert next_walls(daily("00:10"), zone, "2026-01-31T23:00", 1) == [f"2026-02-01T00:10{offset}"]


def test_day_29_of_february_comes_in_leap_years_only() -> None:
    found = next_walls(monthly(by="day_number", days=[29], months=("feb",)), "UTC", "2096-03-01T00:00", 2)
    assert [wall[:10] for wall in found] == ["2104-02-29", "2108-02-29"]


def test_day_31_skips_the_months_without_one() -> None:
    found = next_walls(monthly(by="day_number", days=[31]), "UTC", "2026-01-31T09:00", 3)
    assert [wall[:10] for wall in found] == ["2026-03-31", "2026-05-31", "2026-07-31"]


def test_the_last_day_follows_the_length_of_the_month() -> None:
    found = next_walls(monthly(by="last_day"), "UTC", "2027-12-31T09:00", 3)
    assert [wall[:10] for wall in found] == ["2028-01-31", "2028-02-29", "2028-03-31"]


def test_a_fifth_weekday_skips_the_months_without_one() -> None:
    found = next_walls(monthly(by="weekday", nth="fifth", weekday="thu"), "UTC", "2026-01-01T00:00", 2)
    assert [wall[:10] for wall in found] == ["2026-01-29", "2026-04-30"]


def test_the_last_weekday_may_be_the_fourth_or_the_fifth() -> None:
    found = next_walls(monthly(by="weekday", nth="last", weekday="thu"), "UTC", "2026-01-01T00:00", 2)
    assert [wall[:10] for wall in found] == ["2026-01-29", "2026-02-26"]


def test_every_second_week_is_counted_across_the_year_end() -> None:
    document = {
        "frequency": "weekly",
        "interval": 2,
        "starting": "2026-12-16",
        "weekdays": ["mon", "wed"],
        "at": "09:00",
    }
    found = next_walls(document, "UTC", "2026-01-01T00:00", 4)
    assert [wall[:10] for wall in found] == ["2026-12-16", "2026-12-28", "2026-12-30", "2027-01-11"]


def test_every_hour_goes_over_the_year_end() -> None:
    document = {"frequency": "every", "interval": 1, "unit": "hours"}
    found = next_walls(document, "Asia/Seoul", "2026-12-31T22:30", 2)
    assert found == ["2026-12-31T23:00+09:00", "2027-01-01T00:00+09:00"]


def test_a_window_over_midnight_belongs_to_the_day_it_begins_on() -> None:
    window = {"from": "23:00", "until": "01:00"}
    document = {"frequency": "every", "interval": 1, "unit": "hours", "window": window, "weekdays": ["sat"]}
    found = next_walls(document, "UTC", "2026-05-02T00:00", 4)
    assert found == [f"2026-05-0{end}+00:00" for end in ("2T23:00", "3T00:00", "3T01:00", "9T23:00")]


def test_both_ends_of_a_window_and_of_a_validity_belong_to_it() -> None:
    document = {
        "frequency": "every",
        "interval": 30,
        "unit": "minutes",
        "window": {"from": "08:00", "until": "09:00"},
        "validity": {"from": "2026-05-01T08:30", "until": "2026-05-02T08:30"},
    }
    found = next_walls(document, "UTC", "2026-01-01T00:00", 10)
    assert [wall[8:16] for wall in found] == ["01T08:30", "01T09:00", "02T08:00", "02T08:30"]


def test_validity_is_of_the_zones_clock() -> None:
    schedule = read_schedule(
        daily("09:00", validity={"from": "2026-03-29T02:30", "until": "2026-10-25T02:30"})
    )
    opens, closes = validity_span(schedule, ZoneInfo("Europe/Paris"))
    assert (opens.isoformat(), closes.isoformat()) == (
        "2026-03-29T01:00:00+00:00",
        "2026-10-25T00:30:00+00:00",
    )


def test_the_iterator_ends_with_the_last_year() -> None:
    late = datetime(2199, 12, 30, 12, tzinfo=UTC)
    assert next_walls(daily("09:00"), "UTC", late.replace(tzinfo=None).isoformat()) == [
        "2199-12-31T09:00+00:00"
    ]


@pytest.mark.parametrize("after", ["0001-01-01T00:00Z", "9999-12-31T23:59Z"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_times_at_the_ends_of_the_calendar_do_not_overflow(after: str, zone: str) -> None:
    found = next_launches(
        read_schedule(daily("09:00")), ZoneInfo(zone), after=datetime.fromisoformat(after), count=1
    )
    assert all(launch.year == 1970 for launch in found)


def test_launches_are_computed_as_they_are_asked_for() -> None:
    found = launches(read_schedule(daily("09:00")), ZoneInfo("UTC"), after=LONG_AGO)
    assert next(found) == datetime(1990, 1, 1, 9, tzinfo=UTC)


@given(documents.planned(), documents.zone_keys, documents.instants)
@settings(max_examples=300, deadline=None)
def test_launches_increase_strictly_and_come_after(
    document: dict[str, Any], key: str, after: datetime
) -> None:
    found = next_launches(read_schedule(document), ZoneInfo(key), after=after, count=20)
    assert all(earlier < later for earlier, later in pairwise([after, *found]))
    assert all(launch.utcoffset() == timedelta(0) for launch in found)


@given(
    documents.planned(),
    documents.zone_keys,
    documents.instants,
    st.integers(0, 10_000),
    st.integers(0, 10_000),
)
@settings(max_examples=300, deadline=None)
def test_two_adjoining_spans_have_the_launches_of_both(
    document: dict[str, Any], key: str, after: datetime, first: int, second: int
) -> None:
    schedule, zone = read_schedule(document), ZoneInfo(key)
    middle = after + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    parts = [
        *launches(schedule, zone, after=after, until=middle),
        *launches(schedule, zone, after=middle, until=end),
    ]
    assert parts == list(launches(schedule, zone, after=after, until=end))


@given(documents.planned(), documents.zone_keys, documents.instants, st.integers(-2000, 2000))
@settings(max_examples=400, deadline=None)
def test_generated_schedules_launch_when_the_oracle_says(
    document: dict[str, Any], key: str, near: datetime, shift: int
) -> None:
    """Half of the spans lie about the first launch after a random time, so that most of them hold one."""
    schedule, zone = read_schedule(document), ZoneInfo(key)
    first = next_launches(schedule, zone, after=near, count=1)
    begin = int((first[0] if first else near).timestamp()) // 60 * 60 + shift * 60 - 86_400
    end = begin + 2 * 86_400
    span = {"after": datetime.fromtimestamp(begin, UTC), "until": datetime.fromtimestamp(end, UTC)}
    found = [int(launch.timestamp()) for launch in launches(schedule, zone, **span)]
    assert found == Plain(document).launches(Walk(zone, begin - 6 * 3600, end), begin, end)
