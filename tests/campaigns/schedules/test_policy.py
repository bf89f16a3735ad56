from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from campaigns.schedules.policy import Action, Circumstances, Decision, SkipReason, decide, decide_due
from campaigns.schedules.reading import read_schedule

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")
HOUR = timedelta(hours=1)
DAILY = {"frequency": "daily", "at": "09:00"}
QUEUE = {**DAILY, "overlap": "queue_one"}


def known(**changed: Any) -> Circumstances:
    return Circumstances(**{"now": NOW, "published_at": NOW - timedelta(days=9), **changed})


def decision(data: dict[str, Any], planned: datetime, **changed: Any) -> Decision:
    return decide(read_schedule(data), SEOUL, planned=planned, circumstances=known(**changed))


def skipped(reason: SkipReason) -> Decision:
    return Decision(Action.SKIP, reason)


def test_a_launch_that_is_not_due_is_not_decided() -> None:
    with pytest.raises(ValueError, match="due"):
        decision(DAILY, NOW + timedelta(seconds=1))


@pytest.mark.parametrize("late", [timedelta(0), HOUR])
def test_a_time_up_to_the_publication_is_skipped(late: timedelta) -> None:
    assert decision(DAILY, NOW - late, published_at=NOW) == skipped(SkipReason.BEFORE_PUBLICATION)


@pytest.mark.parametrize("data", [{}, {"frequency": "signal"}])
def test_a_launch_by_the_publication_or_a_signal_may_fall_on_its_instant(data: dict[str, Any]) -> None:
    assert decision(data, NOW, published_at=NOW) == Decision(Action.LAUNCH)
    assert decision(data, NOW - HOUR, published_at=NOW) == skipped(SkipReason.BEFORE_PUBLICATION)


def test_a_launch_is_skipped_past_the_greatest_lateness_and_not_at_it() -> None:
    limit = NOW - 6 * HOUR
    assert decision(DAILY, limit) == Decision(Action.LAUNCH)
    assert decision(DAILY, limit - timedelta(microseconds=1)) == skipped(SkipReason.TOO_LATE)


def test_the_greatest_lateness_is_the_schedules() -> None:
    assert decision({**DAILY, "max_lateness": "PT1M"}, NOW - HOUR) == skipped(SkipReason.TOO_LATE)


@pytest.mark.parametrize("validity", [{"from": "2026-05-04T21:01"}, {"until": "2026-05-04T20:59"}])
def test_a_time_outside_the_validity_is_skipped(validity: dict[str, str]) -> None:
    assert decision({**DAILY, "validity": validity}, NOW) == skipped(SkipReason.OUTSIDE_VALIDITY)


@pytest.mark.parametrize("validity", [{"from": "2026-05-04T21:00"}, {"until": "2026-05-04T21:00"}])
def test_the_ends_of_the_validity_belong_to_it(validity: dict[str, str]) -> None:
    assert decision({**DAILY, "validity": validity}, NOW) == Decision(Action.LAUNCH)


def test_an_active_run_makes_the_launch_skipped_by_default() -> None:
    assert decision(DAILY, NOW, run_active=True) == skipped(SkipReason.RUN_ACTIVE)


def test_one_launch_waits_for_an_active_run_where_queueing_is_chosen() -> None:
    assert decision(QUEUE, NOW, run_active=True) == Decision(Action.QUEUE)
    assert decision(QUEUE, NOW, run_active=True, queued=True) == skipped(SkipReason.ALREADY_QUEUED)


def test_a_queued_launch_starts_when_the_run_has_ended_and_is_lost_when_it_waited_too_long() -> None:
    assert decision(QUEUE, NOW - HOUR) == Decision(Action.LAUNCH)
    assert decision(QUEUE, NOW - 7 * HOUR, run_active=True) == skipped(SkipReason.TOO_LATE)


def test_after_an_outage_the_newest_launch_starts_and_the_others_say_why_not() -> None:
    due = [NOW - hours * HOUR for hours in (1, 9, 3, 2)]
    found = decide_due(read_schedule(DAILY), SEOUL, planned=due, circumstances=known())
    assert found == [
        (NOW - 9 * HOUR, skipped(SkipReason.TOO_LATE)),
        (NOW - 3 * HOUR, skipped(SkipReason.SUPERSEDED)),
        (NOW - 2 * HOUR, skipped(SkipReason.SUPERSEDED)),
        (NOW - 1 * HOUR, Decision(Action.LAUNCH)),
    ]


def test_a_lost_newest_launch_does_not_supersede_an_older_one() -> None:
    schedule = read_schedule({**DAILY, "validity": {"until": "2026-05-04T20:30"}})
    found = dict(decide_due(schedule, SEOUL, planned=[NOW - HOUR, NOW], circumstances=known()))
    assert found == {NOW - HOUR: Decision(Action.LAUNCH), NOW: skipped(SkipReason.OUTSIDE_VALIDITY)}


def test_nothing_due_decides_nothing() -> None:
    assert decide_due(read_schedule(DAILY), SEOUL, planned=[], circumstances=known()) == []


@pytest.mark.parametrize("active", [False, True])
@pytest.mark.parametrize("data", [DAILY, QUEUE])
def test_at_most_one_of_many_due_launches_starts_or_waits(data: dict[str, Any], active: bool) -> None:
    due = [NOW - number * timedelta(minutes=30) for number in range(40)]
    found = decide_due(read_schedule(data), SEOUL, planned=due, circumstances=known(run_active=active))
    assert len(found) == 40
    assert sum(made.action is not Action.SKIP for _, made in found) <= 1
