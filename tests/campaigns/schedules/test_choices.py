from __future__ import annotations

from datetime import date

from campaigns.schedules.choices import Month, Weekday


def test_weekdays_are_numbered_as_dates_count_them() -> None:
    monday = date(2026, 5, 4).toordinal()
    days = [date.fromordinal(monday + day.number) for day in Weekday]
    assert [f"{day:%a}".lower() for day in days] == [day.value for day in Weekday]


def test_months_are_numbered_as_dates_count_them() -> None:
    assert [f"{date(2026, month.number, 1):%b}".lower() for month in Month] == [
        month.value for month in Month
    ]


def test_labels_are_the_full_names() -> None:
    assert (str(Weekday.MON.label), str(Month.MAY.label)) == ("Monday", "May")
