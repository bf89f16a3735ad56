"""The calendar of launches and runs: a month, a week or a list, all of it links, so that it needs no script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from campaigns.admin.page import campaign_url
from campaigns.admin.site_pages import site_page, tell_problems
from campaigns.admin.state_labels import ICONS
from campaigns.campaign_choices import (
    NOWHERE,
    Campaigns,
    all_tags,
    channel_types,
    in_folder,
    using_channel,
)
from campaigns.folders import Tree, load_tree
from campaigns.models import Campaign
from campaigns.problems import ProblemsError
from campaigns.schedules.zones import zone_named
from orchestration.calendar.entries import PLANNED, Entry, entries_by_day
from orchestration.calendar.span import (
    DAY,
    FIRST,
    LAST,
    WEEK,
    Span,
    month_of,
    next_month,
    week_of,
    within_reach,
)

MONTH, WEEKLY, AGENDA = "month", "week", "agenda"
VIEWS = {
    MONTH: (gettext_lazy("Month"), "calendar_month"),
    WEEKLY: (gettext_lazy("Week"), "calendar_view_week"),
    AGENDA: (gettext_lazy("List"), "view_agenda"),
}
AGENDA_DAYS = 30
MOST_IN_A_DAY = {MONTH: 4, WEEKLY: 40, AGENDA: 40}
ZONE_OF_SESSION = "calendar_zone"
FILTERS = ("channel", "tag", "folder", "tests")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; whatever makes no sense there is left out."""

    view: str
    day: date
    today: date
    zone: ZoneInfo
    filters: Mapping[str, str]

    @property
    def span(self) -> Span:
        first = (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7
        if self.view == AGENDA:
            return Span(self.day, min(self.day + DAY * (AGENDA_DAYS - 1), LAST), self.zone)
        return (month_of if self.view == MONTH else week_of)(self.day, self.zone, first_weekday=first)

    def url(self, *, fragment: str = "", **changes: Any) -> str:
        asked = {
            "view": self.view,
            "on": self.day.isoformat(),
            "zone": self.zone.key,
            **self.filters,
            **changes,
        }
        known = {name: value for name, value in asked.items() if value}
        return f"{reverse('admin:campaign_calendar')}?{urlencode(known)}{fragment}"

    def moved(self, step: int) -> str:
        day = next_month(self.day, step) if self.view == MONTH else self.day + self._step * step
        return self.url(on=within_reach(day).isoformat())

    @property
    def _step(self) -> timedelta:
        return WEEK if self.view == WEEKLY else DAY * AGENDA_DAYS


def calendar(request: HttpRequest) -> HttpResponse:
    asked, tree = _asked(request), load_tree()
    span = asked.span
    found = entries_by_day(
        _campaigns(asked, tree), span, timezone.now(), tests=bool(asked.filters.get("tests"))
    )
    context = {
        "asked": asked,
        "heading": _heading(asked, span),
        "weekdays": [date_format(day, "D") for day in list(span.days())[:7]],
        "days": [_day(asked, day, found.get(day, [])) for day in span.days()],
        "nothing": not found,
        "is_filtered": bool(asked.filters),
        "links": _links(asked),
        "choices": _choices(tree),
        "opts": Campaign._meta,
    }
    return site_page(request, "orchestration/admin/calendar.html", context, title=_("Calendar"))


def _asked(request: HttpRequest) -> Asked:
    sent = request.GET
    zone = _zone(request)
    today = timezone.now().astimezone(zone).date()
    view = sent.get("view", MONTH)
    filters = {name: sent[name] for name in FILTERS if sent.get(name)}
    return Asked(
        view if view in VIEWS else MONTH, _read_day(sent.get("on", "")) or today, today, zone, filters
    )


def _zone(request: HttpRequest) -> ZoneInfo:
    """The zone that is asked for, which is remembered, else the one asked for last."""
    wanted = request.GET.get("zone", "").strip()
    try:
        zone = zone_named(wanted or request.session.get(ZONE_OF_SESSION, "UTC"))
    except ProblemsError as error:
        tell_problems(request, error.problems)
        return ZoneInfo("UTC")
    if wanted and request.session.get(ZONE_OF_SESSION) != zone.key:
        request.session[ZONE_OF_SESSION] = zone.key
    return zone


def _read_day(text: str) -> date | None:
    try:
        return within_reach(date.fromisoformat(text))
    except ValueError:
        return None


def _campaigns(asked: Asked, tree: Tree) -> Campaigns:
    found, chosen = Campaign.objects.all(), asked.filters
    if channel := chosen.get("channel"):
        found = using_channel(found, channel)
    if tag := chosen.get("tag"):
        found = found.filter(tags__contains=[tag])
    return in_folder(found, tree, chosen["folder"]) if chosen.get("folder") else found


def _heading(asked: Asked, span: Span) -> str:
    if asked.view == MONTH:
        return date_format(asked.day, "YEAR_MONTH_FORMAT")
    words = {"first": date_format(span.first, "DATE_FORMAT"), "last": date_format(span.last, "DATE_FORMAT")}
    return _("%(first)s – %(last)s") % words


def _day(asked: Asked, day: date, entries: list[Entry]) -> dict[str, Any]:
    most = MOST_IN_A_DAY[asked.view]
    shown = most if len(entries) > most + 1 else most + 1
    left = len(entries) - shown
    return {
        "day": day,
        "words": date_format(day, pgettext("format of a day in a calendar", "l, j F Y")),
        "number": day.day,
        "is_today": day == asked.today,
        "is_outside": asked.view == MONTH and day.month != asked.day.month,
        "entries": [_entry(entry) for entry in entries[:shown]],
        "left": max(left, 0),
        "more": _rest(asked, day) if left > 0 else "",
    }


def _rest(asked: Asked, day: date) -> str:
    """Where the rest of a day's entries are: in its week, or among the campaigns."""
    if asked.view == MONTH:
        return asked.url(view=WEEKLY, on=day.isoformat(), fragment=f"#day-{day.isoformat()}")
    return reverse("admin:orchestration_campaignrun_changelist")


def _entry(entry: Entry) -> dict[str, Any]:
    return {"entry": entry, "icon": ICONS.get(entry.state, "event_upcoming"), "url": _place(entry)}


def _place(entry: Entry) -> str:
    if entry.run:
        return campaign_url(entry.campaign, "run", run_id=entry.run)
    return campaign_url(entry.campaign, "schedule" if entry.state == PLANNED else "runs")


def _links(asked: Asked) -> dict[str, Any]:
    return {
        "before": asked.moved(-1) if asked.span.first > FIRST else "",
        "after": asked.moved(1) if asked.span.last < LAST else "",
        "today": asked.url(on=asked.today.isoformat()),
        "views": [
            {"name": name, "label": label, "icon": icon, "url": asked.url(view=name)}
            for name, (label, icon) in VIEWS.items()
        ],
        "unfiltered": asked.url(**dict.fromkeys(FILTERS, "")),
    }


def _choices(tree: Tree) -> dict[str, Any]:
    folders: Iterator[tuple[str, str]] = (
        (str(folder.pk), tree.words(folder.pk)) for folder, _level in tree.ordered()
    )
    return {
        "channels": list(channel_types().items()),
        "tags": all_tags(),
        "folders": [*folders, (NOWHERE, _("In no folder"))] if tree.folders else [],
        "zones": sorted(available_timezones()),
    }
