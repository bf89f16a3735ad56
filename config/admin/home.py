"""The first page: what waits for this person, what comes next, what ran lately."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.admin.page import campaign_url
from campaigns.document import parse_text
from campaigns.models import Campaign, CampaignVersion, ChannelConfiguration, TargetingDimension
from campaigns.problems import ProblemsError
from campaigns.schedules.description import describe
from campaigns.schedules.launches import next_launches
from campaigns.schedules.reading import read_schedule
from config.admin.waiting import cards
from orchestration.models import CampaignRun, Delivery
from orchestration.run_pictures import run_words, shown

SHOWN = 8
ASKED_VERSIONS = 200

admin.site.index_template = "config/admin/home.html"
admin.site.index_title = _("Home")


def home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the theme's first page gets."""
    if not request.user.has_perm("campaigns.view_campaign"):
        return context
    return context | {
        "may_look": True,
        "cards": cards(request.user),
        "waiting": [*_sends(), *_failures()],
        "launches": _launches(),
        "recent": _recent(),
        "campaign_count": Campaign.objects.count(),
        "steps": _first_steps(),
    }


def _sends() -> Iterable[dict[str, Any]]:
    """Deliveries somebody has to confirm."""
    found = Delivery.objects.filter(state="awaiting_confirmation").select_related("campaign")
    for each in found.defer("content")[:SHOWN]:
        yield {
            "icon": "send",
            "words": _("“%(label)s” waits for a confirmation: %(people)s people targeted")
            % {"label": each.title, "people": shown(each.targeted)},
            "campaign": each.campaign.name,
            "url": campaign_url(each.campaign, "delivery", delivery_id=each.pk),
        }


def _failures() -> Iterable[dict[str, Any]]:
    found = CampaignRun.objects.filter(state="failed").select_related("campaign").defer("definition")
    for run in found[:SHOWN]:
        yield {
            "icon": "error",
            "words": run.problem or run_words(run),
            "campaign": run.campaign.name,
            "url": campaign_url(run.campaign, "run", run_id=run.pk),
        }


def _launches() -> list[dict[str, Any]]:
    """The next launch of each published campaign, the soonest first."""
    published = CampaignVersion.objects.filter(
        state="published", campaign__state__in=("scheduled", "live")
    ).select_related("campaign")
    found = (_next(version) for version in published.order_by("-published_at")[:ASKED_VERSIONS])
    return sorted((each for each in found if each), key=lambda each: each["at"])[:SHOWN]


def _next(version: CampaignVersion) -> dict[str, Any] | None:
    document = parse_text(version.definition)
    try:
        schedule, zone = read_schedule(document.schedule), ZoneInfo(document.campaign.time_zone)
    except (ProblemsError, ZoneInfoNotFoundError):
        return None
    ahead: list[datetime] = next_launches(schedule, zone, after=timezone.now(), count=1)
    if not ahead:
        return None
    return {
        "campaign": version.campaign.name,
        "at": ahead[0],
        "there": ahead[0].astimezone(zone),
        "zone": zone.key,
        "words": describe(schedule, zone),
        "url": campaign_url(version.campaign, "schedule"),
    }


def _recent() -> list[dict[str, Any]]:
    runs = CampaignRun.objects.select_related("campaign").defer("definition")
    return [
        {"run": run, "url": campaign_url(run.campaign, "run", run_id=run.pk)}
        for run in islice(runs[:SHOWN], SHOWN)
    ]


def _first_steps() -> list[dict[str, Any]]:
    """What a fresh installation still lacks, in order; empty once all is there."""
    lacking = [
        (TargetingDimension, _("Register a table and say who is in it"), "admin:campaigns_table_add"),
        (ChannelConfiguration, _("Set up a channel to send by"), "admin:campaigns_channelconfiguration_add"),
        (Campaign, _("Create the first campaign"), "admin:campaigns_campaign_add"),
    ]
    return [
        {"words": words, "url": url} for model, words, url in lacking if not model._default_manager.exists()
    ]
