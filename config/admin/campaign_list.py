"""The list of campaigns: what each is, does next and did last, in as many queries for two hundred as for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from campaigns.admin.page import campaign_url
from campaigns.admin.state_labels import state_label
from campaigns.campaign_choices import channel_types
from campaigns.models import Activity, Campaign
from config.admin.bulk import BulkActs
from config.admin.campaign_filters import (
    ChannelFilter,
    FolderFilter,
    NeedsFilter,
    StateFilter,
    TagFilter,
    tree_of,
)
from config.admin.campaign_home import home_context
from orchestration.calendar.plans import Plan, launching_versions, plan_of
from orchestration.models import CampaignRun, Delivery
from orchestration.run_pictures import shown

NOTHING = SafeString('<span class="tt-none"></span>')
"""On a narrow screen such a cell is left out, with its label."""


class CampaignList(BulkActs, ModelAdmin):  # type: ignore[misc]
    """The list itself; the page of a campaign is `config.admin.campaigns`'s."""

    list_display = (
        "named",
        "shown_state",
        "channels",
        "last_run",
        "next_launch",
        "kept_in",
        "changed",
    )
    list_display_links = None
    list_filter = (
        StateFilter,
        NeedsFilter,
        ChannelFilter,
        FolderFilter,
        TagFilter,
        ("owner", admin.RelatedOnlyFieldListFilter),
        ("modified_at", admin.DateFieldListFilter),
    )
    list_filter_sheet = False
    list_before_template = "config/admin/campaign_home.html"
    change_list_template = "config/admin/campaign_change_list.html"
    search_fields = ("name", "slug", "tags", "description")
    search_help_text = _("By name, slug, tag or description.")
    list_select_related = ("owner",)
    list_per_page = 50
    show_full_result_count = False

    class Media:
        js = ("campaigns/pickers.js",)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if self.has_view_permission(request):
            extra_context = {**(extra_context or {}), **home_context(request)}
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Folders are named from the top down; the whole tree costs one query."""
        found = super().get_changelist_instance(request)
        tree = tree_of(request)
        for campaign in found.result_list:
            campaign.folder_words = tree.words(campaign.folder_id)
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        last = CampaignRun.objects.filter(campaign=OuterRef("pk")).order_by("-pk")
        reached = Delivery.objects.filter(activity_run__run=OuterRef("last_run_id")).order_by()
        found: QuerySet[Campaign] = super().get_queryset(request)
        return found.annotate(
            last_run_id=Subquery(last.values("pk")[:1]),
            last_run_state=Subquery(last.values("state")[:1]),
            last_run_at=Subquery(last.values("started_at")[:1]),
            last_run_people=Subquery(
                reached.values("activity_run__run").annotate(Sum("targeted")).values("targeted__sum")
            ),
            activity_types=ArraySubquery(
                Activity.objects.filter(campaign=OuterRef("pk")).values_list("type", flat=True).distinct()
            ),
        ).prefetch_related(Prefetch("versions", launching_versions(), to_attr="launching"))

    @admin.display(description=_("campaign"), ordering="name")
    def named(self, campaign: Campaign) -> SafeString:
        return format_html(
            '<a class="tt-named" href="{}"><strong>{}</strong><small>{}</small></a>',
            campaign_url(campaign, "canvas"),
            campaign.name,
            campaign.slug,
        )

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, campaign: Campaign) -> SafeString:
        return state_label(campaign.state, campaign.get_state_display())

    @admin.display(description=_("folder and tags"), ordering="folder__name")
    def kept_in(self, campaign: Any) -> SafeString:
        if not campaign.folder_words and not campaign.tags:
            return NOTHING
        tags = format_html_join(" ", '<span class="tt-tag">{}</span>', ((tag,) for tag in campaign.tags))
        return format_html(
            '<span class="tt-lines"><span>{}</span><span>{}</span></span>', campaign.folder_words, tags
        )

    @admin.display(description=_("changed"), ordering="modified_at")
    def changed(self, campaign: Campaign) -> SafeString:
        owner = campaign.owner.get_username() if campaign.owner else ""
        when = date_format(timezone.localtime(campaign.modified_at), "SHORT_DATETIME_FORMAT")
        return format_html(
            '<span class="tt-lines"><span class="tt-when">{}</span><small>{}</small></span>', when, owner
        )

    @admin.display(description=_("channels"))
    def channels(self, campaign: Any) -> SafeString:
        named = ", ".join(sorted(_channel_labels(campaign.activity_types))) or NOTHING
        return format_html('<span class="tt-when">{}</span>', named)

    @admin.display(description=_("next launch"))
    def next_launch(self, campaign: Any) -> SafeString:
        if campaign.state not in ("scheduled", "live") or not campaign.launching:
            return NOTHING
        plan = plan_of(campaign.launching[0])
        return next_launch_words(plan) if plan else NOTHING

    @admin.display(description=_("last run"), ordering="last_run_at")
    def last_run(self, campaign: Any) -> SafeString:
        if campaign.last_run_id is None:
            return NOTHING
        label = dict(CampaignRun._meta.get_field("state").flatchoices)[campaign.last_run_state]
        return format_html(
            '<span class="tt-lines"><span><a class="tt-when" href="{}">{}</a> {}</span><small>{}</small></span>',
            campaign_url(campaign, "run", run_id=campaign.last_run_id),
            date_format(timezone.localtime(campaign.last_run_at), "SHORT_DATETIME_FORMAT"),
            state_label(campaign.last_run_state, label),
            _people(campaign.last_run_people),
        )


def _people(number: int | None) -> str:
    """How many the run's deliveries were for; nothing where it has prepared none."""
    if number is None:
        return ""
    return ngettext("%(people)s person", "%(people)s people", number) % {"people": shown(number)}


def _channel_labels(types: list[str]) -> Iterator[str]:
    known = channel_types()
    return (known[name] for name in set(types) if name in known)


def next_launch_words(plan: Plan) -> SafeString:
    """In the campaign's own zone, which is named, and by the reader's clock."""
    at = plan.next_after(timezone.now())
    if at is None:
        return NOTHING
    return format_html(
        '<span class="tt-lines"><span>{}</span><small><time class="tt-local" datetime="{}">{}</time></small></span>',
        _on_the_clock_of(plan.zone, at),
        at.isoformat(),
        _on_the_clock_of(ZoneInfo("UTC"), at),
    )


def _on_the_clock_of(zone: ZoneInfo, at: Any) -> str:
    there = at.astimezone(zone)
    return f"{date_format(there, 'SHORT_DATE_FORMAT')} {time_format(there)} ({zone.key})"
