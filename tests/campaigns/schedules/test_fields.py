from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from campaigns.schedules.fields import Lateness, LocalDate, LocalDateTime, TimeOfDay, Weekdays


def refused(field: Any, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(field).validate_python(value)
    return caught.value.errors()[0]["type"]


@pytest.mark.parametrize(
    "value", ["9:00", "24:00", "09:60", "09:00:30", "٠٩:٠٠", "09:00Z", "", None, True, time(9, tzinfo=UTC)]
)
def test_what_is_no_time_of_day_is_refused(value: object) -> None:
    assert refused(TimeOfDay, value) == "time_of_day"


def test_the_number_that_yaml_makes_of_an_unquoted_time_is_refused() -> None:
    """YAML 1.1 reads 10:30 without quotes as 10 × 60 + 30."""
    assert refused(TimeOfDay, 630) == "time_of_day"


@pytest.mark.parametrize(
    "value", ["2026-05-01", "2026-05-01T09:00Z", "2026-05-01T09:00+02:00", 1777, date(2026, 5, 1), None]
)
def test_what_is_no_local_time_is_refused(value: object) -> None:
    assert refused(LocalDateTime, value) == "date_time"


@pytest.mark.parametrize(
    "value",
    [
        "2026-02-30",
        "1969-12-31",
        "2200-01-01",
        "20260501",
        "2026-W01-1",
        None,
        datetime(2026, 1, 1, tzinfo=UTC),
    ],
)
def test_what_is_no_date_is_refused(value: object) -> None:
    assert refused(LocalDate, value) == "date"


def test_a_local_time_on_a_day_that_does_not_exist_is_refused() -> None:
    assert refused(LocalDateTime, "2026-02-30T09:00") == "date"


@pytest.mark.parametrize(
    "value", ["P", "PT0M", "PT30S", "P31D", "PT721H", "6h", "P1M", "P1Y", 21600, None, timedelta(seconds=90)]
)
def test_what_is_no_duration_is_refused(value: object) -> None:
    assert refused(Lateness, value) == "duration"


def test_a_repeated_day_is_refused() -> None:
    assert refused(Weekdays, ["mon", "tue", "mon"]) == "repeated"


@pytest.mark.parametrize(
    ("field", "value", "written"),
    [
        (TimeOfDay, "09:05", "09:05"),
        (TimeOfDay, "09:05:00", "09:05"),
        (TimeOfDay, time(9, 5), "09:05"),
        (LocalDateTime, "2026-05-01 09:05", "2026-05-01T09:05"),
        (LocalDateTime, datetime(2026, 5, 1, 9, 5), "2026-05-01T09:05"),  # noqa: DTZ001 - as YAML reads it
        (LocalDate, date(2026, 5, 1), "2026-05-01"),
        (Lateness, "PT90M", "PT1H30M"),
        (Lateness, "PT24H", "P1D"),
        (Lateness, "P30D", "P30D"),
        (Weekdays, ["sun", "mon"], ["mon", "sun"]),
    ],
)
def test_a_value_is_written_one_way(field: Any, value: object, written: object) -> None:
    adapter = TypeAdapter(field)
    assert adapter.dump_python(adapter.validate_python(value), mode="json") == written


@given(st.integers(1, 30 * 24 * 60))
def test_every_lateness_is_read_back(minutes: int) -> None:
    adapter: TypeAdapter[timedelta] = TypeAdapter(Lateness)
    lateness = timedelta(minutes=minutes)
    assert adapter.validate_python(adapter.dump_python(lateness, mode="json")) == lateness
