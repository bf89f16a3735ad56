from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.schedules.wall_clock import first_instant, wall_time
from tests.campaigns.schedules.documents import zone_keys

naive = st.datetimes(datetime(1971, 1, 1), datetime(2050, 1, 1))  # noqa: DTZ001 - wall times


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("Europe/Paris", "2026-03-29T01:59", "2026-03-29T00:59"),
        ("Europe/Paris", "2026-03-29T02:00", "2026-03-29T01:00"),
        ("Europe/Paris", "2026-03-29T02:59", "2026-03-29T01:00"),
        ("Europe/Paris", "2026-03-29T03:00", "2026-03-29T01:00"),
        ("Europe/Paris", "2026-10-25T02:00", "2026-10-25T00:00"),
        ("Europe/Paris", "2026-10-25T02:59", "2026-10-25T00:59"),
        ("Europe/Paris", "2026-10-25T03:00", "2026-10-25T02:00"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00"),
        ("Africa/Monrovia", "1972-01-07T00:20", "1972-01-07T00:44:30"),
        ("Asia/Pyongyang", "2018-05-04T23:45", "2018-05-04T15:00"),
    ],
)
def test_a_wall_time_stands_for_the_first_instant_that_shows_or_passes_it(
    zone: str, wall: str, instant: str
) -> None:
    found = first_instant(datetime.fromisoformat(wall), ZoneInfo(zone))
    assert found == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_a_fold_that_is_set_does_not_ask_for_the_second_time() -> None:
    second = datetime(2026, 10, 25, 2, 30, fold=1)  # noqa: DTZ001 - a wall time
    assert first_instant(second, ZoneInfo("Europe/Paris")) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(naive, naive, zone_keys)
def test_wall_times_in_order_give_instants_in_order(one: datetime, other: datetime, key: str) -> None:
    earlier, later = sorted((one, other))
    assert first_instant(earlier, ZoneInfo(key)) <= first_instant(later, ZoneInfo(key))


@given(naive, zone_keys)
def test_the_instant_shows_the_wall_time_or_a_later_one(wall: datetime, key: str) -> None:
    assert wall_time(first_instant(wall, ZoneInfo(key)), ZoneInfo(key)) >= wall
