"""What a document's schedule comes to: a sentence, and the times it launches at next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from campaigns.document import Document
from campaigns.problems import ProblemsError
from campaigns.schedules.definition import has_planned_times
from campaigns.schedules.description import describe
from campaigns.schedules.launches import next_launches
from campaigns.schedules.reading import read_schedule

SHOWN_LAUNCHES = 10


@dataclass(frozen=True, slots=True)
class Outlook:
    """`launches` are instants; `is_planned` is false where something else than the clock launches."""

    sentence: str
    zone: ZoneInfo
    launches: tuple[datetime, ...]
    is_planned: bool


def outlook(document: Document) -> Outlook | None:
    """The next ten launches as of now; None where schedule or zone are not valid yet."""
    try:
        schedule = read_schedule(document.schedule)
        zone = ZoneInfo(document.campaign.time_zone)
    except (ProblemsError, ZoneInfoNotFoundError, ValueError):
        return None
    found = next_launches(schedule, zone, after=timezone.now(), count=SHOWN_LAUNCHES)
    return Outlook(describe(schedule, zone), zone, tuple(found), has_planned_times(schedule))
