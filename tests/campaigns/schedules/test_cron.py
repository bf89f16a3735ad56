from __future__ import annotations

from datetime import datetime
from itertools import islice

import pytest

from campaigns.schedules.cron import cron_times, read_expression
from campaigns.settings_fields import RefusedError


def refusal(expression: str) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        read_expression(expression)
    return caught.value


@pytest.mark.parametrize("expression", ["", "* * * *", "* * * * * *", "@daily", "1," * 5000 + "1 * * * *"])
def test_other_than_five_fields_is_refused(expression: str) -> None:
    assert refusal(expression).type == "cron_fields"


@pytest.mark.parametrize(
    ("expression", "field"),
    [
        ("60 * * * *", "minute"),
        ("*/0 * * * *", "minute"),
        ("9-3 * * * *", "minute"),
        ("* 24 * * *", "hour"),
        ("* * 0 * *", "day of the month"),
        ("* * L-3 * *", "day of the month"),
        ("* * * 13 *", "month,"),
        ("* * * * 8", "day of the week"),
        ("* * * * MON#6", "day of the week"),
        ("* * * * ²L", "day of the week"),
        ("٣ * * * *", "minute"),
    ],
)
def test_a_bad_field_is_named(expression: str, field: str) -> None:
    refused = refusal(expression)
    assert refused.type == "cron_field"
    assert f"“{field}" in refused.message()


@pytest.mark.parametrize("expression", ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 */31 2 1#5"])
def test_a_day_that_no_year_has_is_refused(expression: str) -> None:
    assert refusal(expression).type == "never_launches"


def test_blanks_and_letters_are_written_one_way() -> None:
    assert read_expression("  0\t9 * jan  mon-fri ") == "0 9 * JAN MON-FRI"


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("3-3/2 * * * *", "3 * * * *"),
        ("1,03-3/2,5 * * * *", "1,03,5 * * * *"),
        ("0 9 * 1-JAN/2 0-SUN/2", "0 9 * 1 0"),
        ("3-9/2 5/2 * * MON-TUE/2", "3-9/2 5/2 * * MON-TUE/2"),
    ],
)
def test_a_span_of_one_value_loses_its_step(expression: str, written: str) -> None:
    assert read_expression(expression) == written


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("0 9 13 * FRI", ["02-06", "02-13", "02-20"]),
        ("0 9 L * *", ["02-28", "03-31", "04-30"]),
        ("0 9 * * 1L", ["02-23", "03-30", "04-27"]),
        ("0 9 * * MON#2", ["02-09", "03-09", "04-13"]),
    ],
)
def test_wall_times_follow_debians_cron(expression: str, days: list[str]) -> None:
    found = islice(cron_times(expression, datetime(2026, 2, 1)), 3)  # noqa: DTZ001 - a wall time
    assert [wall.strftime("%m-%d") for wall in found] == days


def test_the_first_wall_time_may_be_the_one_asked_from() -> None:
    since = datetime(2026, 2, 1, 9)  # noqa: DTZ001 - a wall time
    assert next(cron_times("0 9 * * *", since)) == since


def test_an_expression_that_is_not_met_for_fifty_years_ends() -> None:
    late = datetime(2100, 1, 1)  # noqa: DTZ001 - a wall time
    assert list(islice(cron_times("0 0 */31 2 1#5", late), 1)) == []
