"""What a day of the calendar shows: entries in the order of time, each with an icon and words, each leading somewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Campaign
from orchestration.calendar.past import PastDay, past_days
from orchestration.calendar.planned import PlannedDay, planned_days
from orchestration.calendar.plans import plans
from orchestration.calendar.span import Span
from orchestration.run_pictures import shown
from orchestration.states import RUN

MOST_CAMPAIGNS = 500
HUES = 8
WORST_FIRST = ("failed", "paused", "stopped", "running", "completed")
PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Entry:
    """One launch or run, or all of one campaign on that day. `run` is the run's key where it is one.

    `state` is that of the run, of several the worst, or `planned`; `more` says what there is to say beside.
    """

    campaign: Campaign
    at: datetime | None
    time: str
    state: str
    words: str
    more: str = ""
    run: int | None = None
    count: int = 1

    @property
    def hue(self) -> int:
        return self.campaign.pk % HUES


def entries_by_day(
    campaigns: QuerySet[Campaign], span: Span, now: datetime, *, tests: bool = False
) -> dict[date, list[Entry]]:
    """Of each day with anything, its entries: what ran, then what is planned."""
    past = past_days(campaigns, span, tests=tests)
    planned = [day for plan in plans(campaigns, MOST_CAMPAIGNS) for day in planned_days(plan, span, now)]
    known = _campaigns({each.campaign for each in past} | {each.plan.campaign for each in planned})
    found: defaultdict[date, list[Entry]] = defaultdict(list)
    for each in past:
        found[each.day] += _of_runs(each, known[each.campaign], span)
    for one in planned:
        found[one.day] += _of_launches(one, known[one.plan.campaign], span)
    return {day: sorted(entries, key=_in_time) for day, entries in found.items()}


def _campaigns(keys: Iterable[int]) -> Mapping[int, Campaign]:
    return Campaign.objects.only("pk", "name", "slug").in_bulk(list(keys))


def _in_time(entry: Entry) -> tuple[Any, ...]:
    """What goes on all day stands first."""
    return entry.at is not None, entry.at or 0, entry.state == PLANNED, entry.campaign.name


def _of_runs(past: PastDay, campaign: Campaign, span: Span) -> Iterator[Entry]:
    labels = dict(RUN.choices)
    if not past.runs:
        worst = next(state for state in WORST_FIRST if state in past.states)
        count = ngettext("%(count)s run", "%(count)s runs", past.count) % {"count": shown(past.count)}
        counted = [
            f"{shown(past.states[state])} {labels[state]}" for state in WORST_FIRST if state in past.states
        ]
        yield Entry(campaign, None, "", worst, count, ", ".join(counted), count=past.count)
    for run in past.runs:
        kind = _("test") if run.kind == "test" else ""
        yield Entry(
            campaign,
            run.started_at,
            _time(run.started_at, span),
            run.state,
            str(labels[run.state]),
            kind,
            run.pk,
        )


def _of_launches(planned: PlannedDay, campaign: Campaign, span: Span) -> Iterator[Entry]:
    if planned.count > len(planned.times):
        count = ngettext("%(count)s launch", "%(count)s launches", planned.count)
        words = count % {"count": shown(planned.count)}
        yield Entry(campaign, None, "", PLANNED, words, planned.plan.words(), count=planned.count)
        return
    for at in planned.times:
        yield Entry(campaign, at, _time(at, span), PLANNED, _("planned"), planned.plan.words())


def _time(at: datetime, span: Span) -> str:
    """On the clock of the calendar's zone."""
    return time_format(at.astimezone(span.zone))
