from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.orchestration.playground import NOW, Played, Rows, came, codes, play

TWO_DAYS = {"until": {"kind": "duration", "amount": 2, "unit": "days"}}
CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    "until",
    [
        {},
        {"kind": "duration", "amount": 0},
        {"kind": "duration", "amount": 1, "unit": "moons"},
        {"kind": "date_time", "at": "2018-01-01T09:00+01:00"},
        {"kind": "weekday", "weekdays": [], "at": "09:00"},
        {"kind": "weekday", "weekdays": ["mon"], "at": "25:00"},
    ],
)
def test_misshapen_settings_are_refused(until: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        codes("wait", {"until": until}, came("a", []))


def wait(until: dict[str, Any], **options: Any) -> Played:
    return play("wait", {"until": until}, came("a", [1, 2]), **options)


def test_it_waits_and_then_passes_everybody_on(small_shop: Rows) -> None:
    first = play("wait", TWO_DAYS, came("a", [1, 2]))
    assert (first.state, first.ports) == ("waiting", {})
    assert first.activity_run.due_at == NOW + timedelta(days=2)
    assert first.activity_run.rows_in == 2
    memo = first.activity_run.memo
    second = play("wait", TWO_DAYS, came("a", [1, 2]), memo=memo, now=NOW + timedelta(days=2))
    assert (second.state, second.keys()) == ("succeeded", {1, 2})


def test_woken_too_early_it_goes_on_waiting_until_the_same_moment(small_shop: Rows) -> None:
    memo = play("wait", TWO_DAYS, came("a", [1])).activity_run.memo
    early = play("wait", TWO_DAYS, came("a", [1]), memo=memo, now=NOW + timedelta(days=1))
    assert (early.state, early.activity_run.due_at) == ("waiting", NOW + timedelta(days=2))


def test_a_person_may_end_it(small_shop: Rows) -> None:
    assert play("wait", TWO_DAYS, came("a", [1]), memo={"woken": True}).state == "succeeded"


def test_a_test_run_passes_at_once_unless_it_is_asked_to_wait(small_shop: Rows) -> None:
    assert play("wait", TWO_DAYS, came("a", [1]), is_test=True, real_waits=False).state == "succeeded"
    assert play("wait", TWO_DAYS, came("a", [1]), is_test=True, real_waits=True).state == "waiting"


def test_a_date_that_is_past_is_no_wait(small_shop: Rows) -> None:
    assert wait({"kind": "date_time", "at": "2018-01-01T05:59"}, zone=CHICAGO).state == "succeeded"


def test_a_weekday_and_time_that_is_this_moment_is_no_wait(small_shop: Rows) -> None:
    now = {"kind": "weekday", "weekdays": ["mon"], "at": "06:00"}
    assert wait(now, zone=CHICAGO).state == "succeeded"


@pytest.mark.parametrize(
    ("until", "due_at"),
    [
        ({"kind": "duration", "amount": 90, "unit": "minutes"}, NOW + timedelta(minutes=90)),
        ({"kind": "date_time", "at": "2018-01-01T06:01"}, datetime(2018, 1, 1, 12, 1, tzinfo=UTC)),
        # In Chicago it is Monday, six in the morning.
        ({"kind": "weekday", "weekdays": ["mon"], "at": "09:00"}, datetime(2018, 1, 1, 15, tzinfo=UTC)),
        ({"kind": "weekday", "weekdays": ["mon"], "at": "05:00"}, datetime(2018, 1, 8, 11, tzinfo=UTC)),
        (
            {"kind": "weekday", "weekdays": ["wed", "sun"], "at": "00:30"},
            datetime(2018, 1, 3, 6, 30, tzinfo=UTC),
        ),
    ],
)
def test_it_is_due_at_the_first_moment_asked_for(
    small_shop: Rows, until: dict[str, Any], due_at: datetime
) -> None:
    assert wait(until, zone=CHICAGO).activity_run.due_at == due_at


def test_a_time_that_the_clocks_skip_is_the_first_moment_after(small_shop: Rows) -> None:
    saturday = datetime(2018, 3, 10, 12, tzinfo=UTC)
    skipped = {"kind": "weekday", "weekdays": ["sun"], "at": "02:30"}
    assert wait(skipped, zone=CHICAGO, now=saturday).activity_run.due_at == datetime(
        2018, 3, 11, 8, tzinfo=UTC
    )
