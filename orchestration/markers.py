"""The markers of a campaign's incremental queries as people see and set them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from campaigns.activity_parts import title_of
from campaigns.audit import record
from campaigns.document import ActivityPart
from campaigns.drafts import load_draft
from campaigns.models import Campaign
from campaigns.schedules.wall_clock import EARLIEST, LATEST
from orchestration.exceptions import Refused
from orchestration.models import QueryMarker, QueryReading
from orchestration.readings import forget_returned, marker_for

INCREMENTAL = "incremental_query"
CHANGED = "marker.changed"
SHOWN_READINGS = 20


@dataclass(frozen=True, slots=True)
class ShownMarker:
    """One incremental query of a campaign with its marker, which may be there for an activity that is not any more."""

    activity: str
    title: str
    marker: QueryMarker | None

    @property
    def value(self) -> datetime | None:
        return self.marker.value if self.marker else None

    @property
    def revision(self) -> int:
        return self.marker.revision if self.marker else 0

    @property
    def readings(self) -> list[QueryReading]:
        return list(self.marker.readings.select_related("run")[:SHOWN_READINGS]) if self.marker else []


def markers_of(campaign: Campaign) -> list[ShownMarker]:
    """Those of the draft's incremental queries, then those of activities it no longer has."""
    found = {marker.activity_id: marker for marker in campaign.markers.select_related("changed_by")}
    drawn = [ShownMarker(part.id, title_of(part), found.pop(part.id, None)) for part in _drawn(campaign)]
    return [*drawn, *(ShownMarker(name, name, marker) for name, marker in found.items())]


def marker_named(campaign: Campaign, activity: str) -> ShownMarker | None:
    return next((each for each in markers_of(campaign) if each.activity == activity), None)


def _drawn(campaign: Campaign) -> Iterator[ActivityPart]:
    return (part for part in load_draft(campaign).activities if part.type == INCREMENTAL)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a person wants of a marker: the next run reads what is dated after `value`, or with None from the beginning.

    `revision` is that of the marker as they looked at it. With `forget`, whom it has returned is forgotten too.
    """

    value: datetime | None
    revision: int
    reason: str
    forget: bool = False


@transaction.atomic
def set_marker(campaign: Campaign, activity: str, wanted: Setting, *, by: Any = None) -> ShownMarker:
    """Raises Refused where the marker has moved meanwhile, no reason is given or there is no such query."""
    before = _askable(campaign, activity, wanted)
    marker = marker_for(campaign.pk, activity)
    same = QueryMarker.objects.filter(pk=marker.pk, revision=wanted.revision)
    if not same.update(value=wanted.value, revision=F("revision") + 1, changed_at=Now(), changed_by=by):
        raise _changed(activity)
    if wanted.forget:
        forget_returned(marker)
    _write_down(campaign, before, wanted, by)
    marker.refresh_from_db()
    return ShownMarker(activity, before.title, marker)


def _changed(activity: str) -> Refused:
    message = _("The marker of “%(activity)s” has changed since you looked at it.") % {"activity": activity}
    return Refused(message, _("Look at it again, then decide."), code=CHANGED)


def _write_down(campaign: Campaign, before: ShownMarker, wanted: Setting, by: Any) -> None:
    detail: dict[str, Any] = {
        "activity": before.activity,
        "before": _iso(before.value),
        "after": _iso(wanted.value),
        "reason": wanted.reason.strip()[:200],
        **({"forgotten": True} if wanted.forget else {}),
    }
    record("marker.set", f"campaign {campaign.slug}", by=by, **detail)


def _askable(campaign: Campaign, activity: str, wanted: Setting) -> ShownMarker:
    found = marker_named(campaign, activity)
    if found is None:
        message = _("This campaign has no incremental query “%(activity)s”.") % {"activity": activity[:60]}
        raise Refused(message, _("Choose one that it has."), code="marker.unknown")
    if not wanted.reason.strip():
        remedy = _("Give a reason: it is kept in the audit log.")
        raise Refused(_("It is not said why."), remedy, code="marker.why")
    if wanted.value is not None and not EARLIEST <= wanted.value <= LATEST:
        remedy = _("Choose a time from 1970 to 2199.")
        raise Refused(_("No campaign can have read until then."), remedy, code="marker.out_of_range")
    return found


def _iso(value: datetime | None) -> str:
    return value.isoformat(timespec="seconds") if value else ""
