"""A report: the numbers of a scope as a whole, and divided in one of several ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from orchestration.models import ExclusionReason, TrackedLink
from orchestration.verdicts import People
from reporting.cells import Cell, Source, read_cells
from reporting.facts import Breakdown
from reporting.metrics import NAMES, estimated_opens, numbers, rates
from reporting.models import RollupState
from reporting.scopes import Scope


class By(StrEnum):
    """How a table of a report is divided."""

    RUN = "run"
    ACTIVITY = "activity"
    LINK = "link"
    DOMAIN = "domain"
    EXCLUSION_REASON = "exclusion_reason"
    BOUNCE_REASON = "bounce_reason"
    HOUR = "hour"
    DAY = "day"


_BREAKDOWNS = {
    By.RUN: Breakdown.ALL,
    By.ACTIVITY: Breakdown.ALL,
    By.LINK: Breakdown.LINK,
    By.DOMAIN: Breakdown.DOMAIN,
    By.EXCLUSION_REASON: Breakdown.EXCLUSION_REASON,
    By.BOUNCE_REASON: Breakdown.BOUNCE_REASON,
    By.HOUR: Breakdown.HOUR,
    By.DAY: Breakdown.HOUR,
}


@dataclass(frozen=True, slots=True)
class Question:
    """Of what, whose opens and clicks, and from where the counts are taken."""

    scope: Scope
    people: People = People.HUMAN
    source: Source = Source.LIVE


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: a value, the words for it, and the numbers."""

    value: str
    label: str
    numbers: Mapping[str, int]
    rates: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Totals:
    """The numbers of the whole scope; `as_of` is when they were counted."""

    numbers: Mapping[str, int]
    rates: Mapping[str, Decimal | None]
    estimated_opens: Decimal | None
    as_of: datetime


def totals(question: Question) -> Totals:
    counts = _sum(read_cells(question.scope.keys(), Breakdown.ALL, question.source))
    return Totals(
        numbers(counts, question.people),
        rates(counts, question.people),
        estimated_opens(counts),
        _as_of(question),
    )


def table(question: Question, by: By) -> list[Line]:
    """The numbers divided; times in order, everything else by size."""
    cells = list(read_cells(question.scope.keys(), _BREAKDOWNS[by], question.source))
    key = _KEYS[by](question.scope)
    groups: dict[str, Counter[str]] = {}
    for cell in cells:
        groups.setdefault(key(cell), Counter()).update(cell.counts)
    labels = _labels(question.scope, by)
    lines = [
        _line(value, labels.get(value, value), counts, question.people) for value, counts in groups.items()
    ]
    if by in (By.HOUR, By.DAY):
        return sorted(lines, key=lambda line: line.value)
    return sorted(lines, key=lambda line: (-max(line.numbers.values()), line.value))


def _line(value: str, label: str, counts: Mapping[str, int], people: People) -> Line:
    return Line(value, label, numbers(counts, people), rates(counts, people))


def _sum(cells: Iterable[Cell]) -> Counter[str]:
    counts: Counter[str] = Counter(dict.fromkeys(NAMES, 0))
    for cell in cells:
        counts.update(cell.counts)
    return counts


def _as_of(question: Question) -> datetime:
    if question.source is Source.LIVE:
        return timezone.now()
    state = RollupState.objects.filter(pk=1).first()
    return state.refreshed_at if state else timezone.now()


Key = Callable[[Cell], str]


def _by_value(scope: Scope) -> Key:
    return lambda cell: cell.value


def _by_run(scope: Scope) -> Key:
    runs = dict(scope.deliveries().values_list("pk", "activity_run__run"))
    return lambda cell: str(runs[cell.delivery])


def _by_activity(scope: Scope) -> Key:
    activities = dict(scope.deliveries().values_list("pk", "activity_id"))
    return lambda cell: activities[cell.delivery]


def _by_link(scope: Scope) -> Key:
    """Links of different deliveries are one line where they lead to the same place under the same words."""
    links = {
        (link.delivery_id, str(link.number)): f"{link.label or link.url} — {link.url}"
        for link in TrackedLink.objects.filter(delivery__in=scope.keys())
    }
    return lambda cell: links.get((cell.delivery, cell.value), cell.value)


def _by_hour(scope: Scope) -> Key:
    zone = ZoneInfo(scope.campaign.time_zone)
    return lambda cell: _local(cell, zone).isoformat(timespec="minutes")


def _by_day(scope: Scope) -> Key:
    zone = ZoneInfo(scope.campaign.time_zone)
    return lambda cell: _local(cell, zone).date().isoformat()


def _local(cell: Cell, zone: ZoneInfo) -> datetime:
    if cell.hour is None:
        raise ValueError("a cell of the breakdown by hour has no hour")
    return cell.hour.astimezone(zone)


_KEYS: Mapping[By, Callable[[Scope], Key]] = {
    By.RUN: _by_run,
    By.ACTIVITY: _by_activity,
    By.LINK: _by_link,
    By.DOMAIN: _by_value,
    By.EXCLUSION_REASON: _by_value,
    By.BOUNCE_REASON: _by_value,
    By.HOUR: _by_hour,
    By.DAY: _by_day,
}


def _labels(scope: Scope, by: By) -> dict[str, str]:
    """The words for values that are not words themselves."""
    if by is By.EXCLUSION_REASON:
        return {str(value): str(label) for value, label in ExclusionReason.choices}
    if by is By.ACTIVITY:
        named = scope.deliveries().only("activity_id", "label", "channel")
        return {each.activity_id: each.title for each in named}
    if by is By.RUN:
        return {str(run): _("Run %(number)s") % {"number": run} for run in _runs(scope)}
    return {}


def _runs(scope: Scope) -> Iterable[Any]:
    return scope.deliveries().values_list("activity_run__run", flat=True)
