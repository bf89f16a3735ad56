"""Launches that lie ahead, by day. A campaign with many in a day is told by their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from campaigns.schedules.counting import count_launches
from campaigns.schedules.launches import launches
from orchestration.calendar.plans import Plan
from orchestration.calendar.span import MOMENT, Span

MOST_APART = 3
"""How many launches or runs of one campaign a day shows one by one; more are told by their number."""


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A campaign's launches on one day: each of them, or, where there are many, the first and how many."""

    plan: Plan
    day: date
    times: tuple[datetime, ...]
    count: int


def planned_days(plan: Plan, span: Span, now: datetime) -> Iterator[PlannedDay]:
    """Every day with a launch after `now`. Work grows with the days, not with the launches."""
    apart = _few(plan, span, now)
    if apart is not None:
        yield from (_told(plan, day, tuple(times)) for day, times in apart.items())
        return
    for day in span.days():
        begins, ends = max(span.begins(day) - MOMENT, now), span.ends(day) - MOMENT
        if begins < ends:
            yield from _one_day(plan, day, begins, ends)


def _few(plan: Plan, span: Span, now: datetime) -> Mapping[date, list[datetime]] | None:
    """Launches by day in one go; None where there are too many for that."""
    begins, ends = max(span.begins(span.first) - MOMENT, now), span.ends(span.last) - MOMENT
    if begins >= ends:
        return {}
    most = MOST_APART * ((span.last - span.first).days + 1)
    found = list(islice(launches(plan.schedule, plan.zone, after=begins, until=ends), most + 1))
    if len(found) > most:
        return None
    by_day: defaultdict[date, list[datetime]] = defaultdict(list)
    for at in found:
        by_day[span.day_of(at)].append(at)
    return by_day


def _one_day(plan: Plan, day: date, after: datetime, until: datetime) -> Iterator[PlannedDay]:
    first = tuple(islice(launches(plan.schedule, plan.zone, after=after, until=until), MOST_APART + 1))
    if len(first) > MOST_APART:
        count = count_launches(plan.schedule, plan.zone, after=after, until=until)
        yield PlannedDay(plan, day, first[:1], count)
    elif first:
        yield PlannedDay(plan, day, first, len(first))


def _told(plan: Plan, day: date, times: tuple[datetime, ...]) -> PlannedDay:
    return PlannedDay(plan, day, times if len(times) <= MOST_APART else times[:1], len(times))
