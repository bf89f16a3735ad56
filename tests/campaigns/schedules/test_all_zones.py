"""Launches against the oracle, minute by minute, around every change of every zone's clocks from 2020 to
2037. Usually each transition is compared with a third of the fixed schedules, in turn; TUTTI_FAULTS=full takes all.

Run with `-rP` to see the counts. Half of the schedules are the same everywhere; the other half are aimed at
the hour that the transition skips or repeats, so that no transition passes without a launch in it.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from campaigns.schedules.choices import Month, Weekday
from campaigns.schedules.definition import Schedule
from campaigns.schedules.launches import launches
from campaigns.schedules.reading import read_schedule
from tests.campaigns.schedules import transitions
from tests.campaigns.schedules.oracle import Plain, Walk
from tests.campaigns.schedules.transitions import Transition

DAYS = 2 * 86_400
TURNS = 1 if os.environ.get("TUTTI_FAULTS") == "full" else 3
# The walk begins earlier than the comparison, by more than any clock is put back.
LEAD = 6 * 3600

FIXED: list[dict[str, Any]] = [
    {"frequency": "daily", "at": "00:00"},
    {"frequency": "daily", "at": "02:30"},
    {"frequency": "daily", "at": "01:15", "weekdays": ["mon", "tue", "wed", "thu", "fri"]},
    {"frequency": "daily", "at": "23:59", "weekdays": ["sat", "sun"]},
    {"frequency": "weekly", "weekdays": ["sun"], "at": "02:00"},
    {
        "frequency": "weekly",
        "interval": 2,
        "starting": "2019-12-31",
        "weekdays": ["fri", "sat", "sun"],
        "at": "02:30",
    },
    {
        "frequency": "weekly",
        "interval": 3,
        "starting": "2021-05-09",
        "weekdays": ["mon", "sun"],
        "at": "03:00",
    },
    {"frequency": "monthly", "on": {"by": "last_day"}, "at": "02:30"},
    {"frequency": "monthly", "on": {"by": "weekday", "nth": "last", "weekday": "sun"}, "at": "01:30"},
    {"frequency": "monthly", "on": {"by": "weekday", "nth": "second", "weekday": "sun"}, "at": "02:30"},
    {"frequency": "monthly", "on": {"by": "weekday", "nth": "first", "weekday": "sun"}, "at": "02:15"},
    {"frequency": "monthly", "on": {"by": "weekday", "nth": "fifth", "weekday": "sun"}, "at": "00:30"},
    {
        "frequency": "monthly",
        "months": ["mar", "oct"],
        "on": {"by": "day_number", "days": [25, 27, 29, 31]},
        "at": "02:45",
    },
    {"frequency": "every", "interval": 5, "unit": "minutes"},
    {"frequency": "every", "interval": 45, "unit": "minutes"},
    {"frequency": "every", "interval": 1, "unit": "hours"},
    {"frequency": "every", "interval": 7, "unit": "hours", "weekdays": ["sat", "sun", "mon"]},
    {"frequency": "every", "interval": 20, "unit": "minutes", "window": {"from": "01:50", "until": "03:10"}},
    {
        "frequency": "every",
        "interval": 30,
        "unit": "minutes",
        "window": {"from": "22:15", "until": "02:45"},
        "weekdays": ["sat"],
    },
    {
        "frequency": "several_times_a_day",
        "times": ["00:00", "00:30", "01:00", "01:59", "02:00", "02:59", "03:00", "23:45"],
    },
    {"frequency": "several_times_a_day", "times": ["02:10", "02:20", "12:00"], "weekdays": ["sun"]},
    {"frequency": "cron", "expression": "*/10 * * * *"},
    {"frequency": "cron", "expression": "30 0-3 * * 0"},
    {"frequency": "cron", "expression": "15,45 1,2,23 25-31 3,10,11 *"},
    {"frequency": "cron", "expression": "0 2 1-7 * 6"},
]


def aimed(of: ZoneInfo, change: Transition) -> Iterator[dict[str, Any]]:
    """Schedules whose wall time lies in the middle of what the transition skips or repeats."""
    low, high = sorted((change.at + change.before, change.at + change.after))
    wall = datetime.fromtimestamp((low + high) // 2, UTC)
    day, at = wall.date(), wall.strftime("%H:%M")
    weekday, month = list(Weekday)[day.weekday()].value, list(Month)[day.month - 1].value
    nth = ("first", "second", "third", "fourth", "fifth")[(day.day - 1) // 7]
    for late in (-1, 0, 1, 90):
        yield {"frequency": "once", "at": (wall + timedelta(minutes=late)).strftime("%Y-%m-%dT%H:%M")}
    yield {"frequency": "daily", "at": at, "weekdays": [weekday]}
    yield {
        "frequency": "daily",
        "at": at,
        "validity": {"from": f"{day}T{at}", "until": f"{day + timedelta(days=1)}T{at}"},
    }
    yield {
        "frequency": "weekly",
        "interval": 4,
        "starting": str(day - timedelta(weeks=8)),
        "weekdays": [weekday],
        "at": at,
    }
    yield {"frequency": "monthly", "on": {"by": "day_number", "days": [day.day]}, "at": at}
    yield {
        "frequency": "monthly",
        "months": [month],
        "on": {"by": "weekday", "nth": nth, "weekday": weekday},
        "at": at,
    }
    yield {"frequency": "every", "interval": 7, "unit": "minutes", "validity": {"from": f"{day}T{at}"}}
    yield {"frequency": "every", "interval": 25, "unit": "minutes", "validity": {"until": f"{day}T{at}"}}
    yield {"frequency": "cron", "expression": f"{wall.minute} {wall.hour} {day.day} {day.month} *"}


def stamps(schedule: Schedule, of: ZoneInfo, after: int, until: int) -> list[int]:
    span = {"after": datetime.fromtimestamp(after, UTC), "until": datetime.fromtimestamp(until, UTC)}
    return [int(launch.timestamp()) for launch in launches(schedule, of, **span)]


def compare(of: ZoneInfo, change: Transition, cases: list[tuple[Schedule, Plain]]) -> Counter[str]:
    """Counts of what was compared; a difference fails at once and names itself."""
    after, until = change.at - DAYS, change.at + DAYS
    walk = Walk(of, after - LEAD, until)
    counts: Counter[str] = Counter(transitions=1, gaps=change.after > change.before)
    for schedule, plain in cases:
        wanted = plain.launches(walk, after, until)
        assert stamps(schedule, of, after, until) == wanted, (of.key, change, schedule)
        counts += Counter(comparisons=1, launches=len(wanted), at_the_transition=wanted.count(change.at))
    return counts


def report(counts: Counter[str]) -> None:
    """For `-rP`: what was compared is part of the result."""
    shown = {"zones": len(transitions.zone_names()), "behaviours": len(transitions.groups()), **counts}
    sys.stdout.write(", ".join(f"{name} {count:,}" for name, count in shown.items()) + "\n")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_launches_are_the_oracles_around_every_transition_of_every_zone() -> None:
    fixed = [(read_schedule(document), Plain(document)) for document in FIXED]
    counts: Counter[str] = Counter()
    for names in transitions.groups():
        of = transitions.zone(names[0])
        for change in transitions.transitions(of):
            special = [(read_schedule(document), Plain(document)) for document in aimed(of, change)]
            turn = fixed[counts["transitions"] % TURNS :: TURNS]
            counts += compare(of, change, turn + special) + Counter(of_all_names=len(names))
    report(counts)
    assert counts["transitions"] > 1000
    assert counts["at_the_transition"] > counts["gaps"]


@pytest.mark.parametrize("day", [datetime(2028, 2, 29, tzinfo=UTC), datetime(2031, 12, 31, 12, tzinfo=UTC)])
def test_launches_are_the_oracles_over_a_leap_day_and_a_year_end_in_every_zone(day: datetime) -> None:
    fixed = [(read_schedule(document), Plain(document)) for document in FIXED]
    quiet = Transition(int(day.timestamp()), 0, 0)
    counts: Counter[str] = Counter()
    for names in transitions.groups():
        counts += compare(transitions.zone(names[0]), quiet, fixed)
    report(counts)
    assert counts["comparisons"] == len(FIXED) * len(transitions.groups())


def test_every_zone_is_in_exactly_one_group() -> None:
    grouped = [name for names in transitions.groups() for name in names]
    assert sorted(grouped) == sorted(set(transitions.zone_names()))


def test_zones_of_one_group_show_the_same_time() -> None:
    """A spot check, by zoneinfo, of the grouping that reads the files."""
    for names in transitions.groups():
        zones = [transitions.zone(name) for name in (names[0], names[-1])]
        for stamp in range(transitions.FIRST, transitions.LAST, 5 * 86_400 + 3600):
            one, other = (datetime.fromtimestamp(stamp, zone).replace(tzinfo=None) for zone in zones)
            assert one == other, names
