from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from campaigns.document import parse_document
from campaigns.schedules.outlook import Outlook, outlook
from tests.campaigns.documents import example


def seen(zone: str = "Asia/Seoul", **schedule: Any) -> Outlook | None:
    campaign = {"slug": "a", "name": "A", "time_zone": zone}
    return outlook(parse_document(example(campaign=campaign, schedule=schedule)))


@pytest.mark.parametrize("schedule", [{"frequency": "weekly"}, {"frequency": "never"}, {"at": "09:00"}])
def test_a_schedule_that_is_not_valid_has_no_outlook(schedule: dict[str, Any]) -> None:
    assert seen(**schedule) is None


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "/etc/passwd"])
def test_a_zone_that_is_none_has_no_outlook(zone: str) -> None:
    assert seen(zone, frequency="as_soon_as_possible") is None


def test_what_the_clock_does_not_launch_has_no_times() -> None:
    found = seen(frequency="as_soon_as_possible")
    assert found is not None
    assert (found.launches, found.is_planned) == ((), False)


def test_the_next_ten_launches_are_at_the_campaigns_own_time() -> None:
    found = seen(frequency="weekly", weekdays=["mon"], at="09:00")
    assert found is not None
    local = [instant.astimezone(found.zone) for instant in found.launches]
    assert {(time.weekday(), time.hour, time.minute) for time in local} == {(0, 9, 0)}
    assert (len(local), local[0] > timezone.now()) == (10, True)
