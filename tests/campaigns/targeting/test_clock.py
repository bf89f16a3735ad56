from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaigns.targeting.clock import TICK, Clock, instant_of, stored_bound
from tests.oracle import times

MINUTE = timedelta(minutes=1)


def read(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "local", "instant"),
    [
        ("America/New_York", "2024-03-10T02:30", "2024-03-10T07:00Z"),  # skipped: when the clocks jump
        ("America/New_York", "2023-11-05T01:30", "2023-11-05T05:30Z"),  # twice: the first
        ("America/New_York", "2024-01-01T00:00", "2024-01-01T05:00Z"),
        ("Pacific/Apia", "2011-12-30T10:00", "2011-12-30T10:00Z"),  # a whole day skipped
        ("America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00Z"),  # a day without midnight
        ("America/St_Johns", "2010-11-07T00:00", "2010-11-07T02:30Z"),  # clocks go back over midnight
        ("Australia/Lord_Howe", "2024-10-06T02:15", "2024-10-05T15:30Z"),  # half an hour skipped
    ],
)
def test_a_local_time_names_an_instant(zone: str, local: str, instant: str) -> None:
    assert instant_of(read(local), ZoneInfo(zone)) == read(instant)


ZONES = ["America/New_York", "Europe/Dublin", "Pacific/Apia", "America/Sao_Paulo", "America/St_Johns",
         "Australia/Lord_Howe", "Asia/Seoul", "Africa/Casablanca", "UTC"]  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_instants_agree_with_watching_the_clock(zone: str) -> None:
    for start in (
        "2010-11-07",
        "2011-12-29",
        "2018-11-03",
        "2024-03-10",
        "2024-10-05",
        "2023-11-05",
        "2023-10-29",
    ):
        for minutes in range(0, 2 * 24 * 60, 31):
            local = read(start) + minutes * MINUTE
            assert instant_of(local, ZoneInfo(zone)) == times.instant(local, zone), local


@pytest.mark.parametrize("zone", ZONES)
def test_a_stored_bound_divides_local_times_as_the_instant_divides_instants(zone: str) -> None:
    zoned = ZoneInfo(zone)
    for start in (
        "2010-11-07T00:00Z",
        "2011-12-30T08:00Z",
        "2018-11-04T02:00Z",
        "2024-03-10T06:00Z",
        "2023-11-05T05:00Z",
    ):
        for minutes in range(0, 180, 7):
            instant = read(start) + minutes * MINUTE
            bound = stored_bound(instant, zoned)
            assert instant_of(bound, zoned) >= instant > instant_of(bound - TICK, zoned), instant


def test_days_meet_without_gap_where_clocks_go_back_over_midnight() -> None:
    clock = Clock(read("2010-11-07T12:00Z"), ZoneInfo("America/St_Johns"))
    first_midnight = clock.day_start(date(2010, 11, 7))

    assert clock.day_of(first_midnight - TICK) == date(2010, 11, 6)
    assert {clock.day_of(first_midnight + minutes * MINUTE) for minutes in range(200)} == {date(2010, 11, 7)}


@pytest.mark.parametrize("instant", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_the_ends_of_the_calendar_do_no_harm(instant: datetime) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        assert Clock(instant, ZoneInfo(zone)).day_of(instant) == instant.date()
        assert stored_bound(instant, ZoneInfo(zone)) == instant.replace(tzinfo=None)
