"""The page of one incremental query's marker: until when it has read, run by run, and setting it by hand."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from campaigns.admin.page import VIEW, CampaignPage, Route
from campaigns.schedules.wall_clock import first_instant, wall_time
from orchestration.exceptions import Refused
from orchestration.markers import Setting, ShownMarker, marker_named, set_marker
from orchestration.run_permissions import LIVE

LARGEST = 2**31


def marker(page: CampaignPage, activity: str) -> HttpResponse:
    found = marker_named(page.campaign, activity)
    if found is None:
        raise Http404(_("This campaign has no such incremental query."))
    if page.is_sent:
        page.demand(LIVE)
        return _set(page, activity)
    context = {
        "shown": found,
        "readings": [_reading(page, each) for each in found.readings],
        "local": _local(page, found),
        "may_set": page.may(LIVE),
        "zone": page.campaign.time_zone,
        "back": page.url("runs"),
    }
    return page.render("orchestration/admin/marker.html", context)


def _reading(page: CampaignPage, reading: object) -> dict[str, object]:
    return {"reading": reading, "url": page.url("run", run_id=reading.run_id)}  # type: ignore[attr-defined]


def _local(page: CampaignPage, found: ShownMarker) -> str:
    """As a field for local time takes it; seconds are shown so that sending the form unchanged changes nothing."""
    if found.value is None:
        return ""
    return wall_time(found.value, ZoneInfo(page.campaign.time_zone)).isoformat(timespec="microseconds")


def _set(page: CampaignPage, activity: str) -> HttpResponse:
    try:
        set_marker(page.campaign, activity, _asked(page), by=page.request.user)
        page.succeed(_("The marker is set: the next run reads on from there."))
    except Refused as error:
        messages.error(page.request, str(error))
    return page.redirect("marker", activity=activity)


def _asked(page: CampaignPage) -> Setting:
    sent = page.request.POST
    revision = sent.get("revision", "")
    known = int(revision) if revision.isdecimal() and len(revision) < len(str(LARGEST)) else -1
    return Setting(_moment(page, sent.get("value", "")), known, sent.get("reason", ""), "forget" in sent)


def _moment(page: CampaignPage, text: str) -> datetime | None:
    """A local time of the campaign's zone; nothing is the beginning."""
    if not text.strip():
        return None
    try:
        wall = datetime.fromisoformat(text.strip())
        return first_instant(wall.replace(tzinfo=None), ZoneInfo(page.campaign.time_zone))
    except (ValueError, OverflowError):
        raise Refused(
            _("“%(text)s” is no date and time.") % {"text": text[:40]},
            _("Write it as 2018-01-31T09:00, in the campaign's time zone."),
            code="marker.no_time",
        ) from None


ROUTE = Route("marker", "markers/<slug:activity>/", marker, may_write=VIEW)
