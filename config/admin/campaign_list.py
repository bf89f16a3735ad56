"""What the list of campaigns shows and filters by: state, tags, channels, the next launch and the last run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from campaigns import activity_types
from campaigns.activity_types import Category
from campaigns.admin.page import campaign_url
from campaigns.admin.state_labels import state_label
from campaigns.document import parse_text
from campaigns.models import Activity, Campaign, CampaignVersion
from campaigns.problems import ProblemsError
from campaigns.schedules.launches import next_launches
from campaigns.schedules.reading import read_schedule
from campaigns.states import CAMPAIGN
from orchestration.models import CampaignRun

NOT_ARCHIVED = tuple(state for state in CAMPAIGN.states if state != "archived")
MOST_TAGS = 200


class StateFilter(SimpleListFilter):
    """Archived campaigns are out of sight until they are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [("every", _("With archived")), *CAMPAIGN.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> QuerySet[Campaign]:
        chosen = self.value()
        if chosen is None:
            return queryset.filter(state__in=NOT_ARCHIVED)
        return queryset if chosen == "every" else queryset.filter(state=chosen)


class TagFilter(SimpleListFilter):
    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        tags = Campaign.objects.annotate(tag=Func("tags", function="unnest")).values_list("tag", flat=True)
        return [(tag, tag) for tag in tags.distinct().order_by("tag")[:MOST_TAGS]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Campaign]) -> QuerySet[Campaign]:
        chosen = self.value()
        return queryset.filter(tags__contains=[chosen]) if chosen else queryset


class CampaignList(ModelAdmin):  # type: ignore[misc]
    """The list itself; the page of a campaign is `config.admin.campaigns`'s."""

    list_display = (
        "named",
        "shown_state",
        "shown_tags",
        "channels",
        "next_launch",
        "last_run",
        "modified_at",
    )
    list_display_links = None
    list_filter = (StateFilter, TagFilter, ("modified_at", admin.DateFieldListFilter))
    list_filter_sheet = False
    search_fields = ("name", "slug", "tags")
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        last = CampaignRun.objects.filter(campaign=OuterRef("pk")).order_by("-pk")
        published = CampaignVersion.objects.filter(state="published")
        found: QuerySet[Campaign] = super().get_queryset(request)
        return found.annotate(
            last_run_id=Subquery(last.values("pk")[:1]),
            last_run_state=Subquery(last.values("state")[:1]),
            last_run_at=Subquery(last.values("started_at")[:1]),
            activity_types=ArraySubquery(
                Activity.objects.filter(campaign=OuterRef("pk")).values_list("type", flat=True).distinct()
            ),
        ).prefetch_related(Prefetch("versions", published, to_attr="published_versions"))

    @admin.display(description=_("campaign"), ordering="name")
    def named(self, campaign: Campaign) -> SafeString:
        return format_html(
            '<a class="tt-named" href="{}"><strong>{}</strong><small>{}</small></a>',
            campaign_url(campaign, "flow"),
            campaign.name,
            campaign.slug,
        )

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, campaign: Campaign) -> SafeString:
        return state_label(campaign.state, campaign.get_state_display())

    @admin.display(description=_("tags"))
    def shown_tags(self, campaign: Campaign) -> SafeString:
        return format_html_join(" ", '<span class="tt-tag">{}</span>', ((tag,) for tag in campaign.tags))

    @admin.display(description=_("channels"))
    def channels(self, campaign: Any) -> str:
        return ", ".join(sorted(_channel_labels(campaign.activity_types)))

    @admin.display(description=_("next launch"))
    def next_launch(self, campaign: Any) -> str:
        if campaign.state not in ("scheduled", "live") or not campaign.published_versions:
            return ""
        return next_launch_of(campaign.published_versions[0])

    @admin.display(description=_("last run"))
    def last_run(self, campaign: Any) -> str | SafeString:
        if campaign.last_run_id is None:
            return ""
        label = dict(CampaignRun._meta.get_field("state").flatchoices)[campaign.last_run_state]
        url = campaign_url(campaign, "run", run_id=campaign.last_run_id)
        when = date_format(timezone.localtime(campaign.last_run_at), "SHORT_DATETIME_FORMAT")
        return format_html('<a href="{}">{}</a> {}', url, when, state_label(campaign.last_run_state, label))


def _channel_labels(types: list[str]) -> Iterator[str]:
    known = activity_types.registered()
    for name in set(types):
        if name in known and known[name].category is Category.CHANNEL:
            yield str(known[name].label)


def next_launch_of(version: CampaignVersion) -> str:
    """In the campaign's own zone, which is named."""
    document = parse_text(version.definition)
    try:
        zone = ZoneInfo(document.campaign.time_zone)
        ahead = next_launches(read_schedule(document.schedule), zone, after=timezone.now(), count=1)
    except (ProblemsError, ZoneInfoNotFoundError):
        return ""
    if not ahead:
        return ""
    there = ahead[0].astimezone(zone)
    return f"{date_format(there, 'SHORT_DATE_FORMAT')} {time_format(there)} ({zone.key})"
