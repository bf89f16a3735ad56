"""The verb on markers of incremental queries."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from campaigns.models import Campaign
from config.management.campaign_verbs.operands import find_campaign, find_user
from config.management.campaign_verbs.outcome import NotFound, Outcome
from orchestration.markers import Setting, ShownMarker, marker_named, markers_of, set_marker

BEGINNING = "beginning"


def marker_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument(
        "activity", nargs="?", default="", help=_("the id of an incremental query; all without it")
    )
    parser.add_argument(
        "--set",
        type=_moment,
        dest="wanted",
        metavar="TIME",
        help=_(
            "let the next run read what is dated after this time, as in 2018-01-31T09:00+09:00, or “beginning”"
        ),
    )
    parser.add_argument("--reason", default="", help=_("why; it is kept in the audit log"))
    parser.add_argument(
        "--forget", action="store_true", help=_("forget whom it has returned, so that they may come again")
    )


def _moment(text: str) -> str | datetime:
    if text == BEGINNING:
        return text
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ArgumentTypeError(_("Give a time with its offset, as in 2018-01-31T09:00+09:00."))
    return found


def marker(
    slug: str,
    activity: str,
    wanted: str | datetime | None,
    reason: str,
    forget: bool,
    by: str | None,
    **_options: Any,
) -> Outcome:
    campaign = find_campaign(slug)
    if not activity:
        return _listed(markers_of(campaign))
    found = _named(campaign, activity)
    if wanted is None:
        return _listed([found])
    value = None if isinstance(wanted, str) else wanted
    setting = Setting(value, found.revision, reason, forget)
    return _listed([set_marker(campaign, activity, setting, by=find_user(by))])


def _named(campaign: Campaign, activity: str) -> ShownMarker:
    found = marker_named(campaign, activity)
    if found is None:
        words = {"slug": campaign.slug, "activity": activity}
        raise NotFound(_("“%(slug)s” has no incremental query “%(activity)s”.") % words)
    return found


def _listed(found: list[ShownMarker]) -> Outcome:
    data = [
        {"activity": each.activity, "value": _iso(each.value), "revision": each.revision} for each in found
    ]
    lines = [f"{each.activity}: {_iso(each.value) or _('has not read yet')}" for each in found]
    return Outcome({"ok": True, "markers": data}, tuple(lines or [_("It has no incremental query.")]))


def _iso(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
