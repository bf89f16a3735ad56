"""Lists over all campaigns: runs, planned launches, deliveries. Nothing here is added, changed or deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from campaigns.admin.page import campaign_url
from campaigns.admin.site_pages import ReadOnlyAdmin
from campaigns.admin.state_labels import state_label
from orchestration.models import CampaignRun, Delivery, Occurrence
from orchestration.run_pictures import shown


class HappenedAdmin(ReadOnlyAdmin):
    """A read-only list of things that have a state."""

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, row: Any) -> SafeString:
        return state_label(row.state, row.get_state_display())


@admin.register(CampaignRun)
class CampaignRunAdmin(HappenedAdmin):
    """Every run; its page is one of its campaign's."""

    empty_icon = "play_circle"
    empty_title = _("Nothing has run yet")
    empty_words = _("Open a campaign and start a test: it counts everybody and sends nothing.")

    list_display = (
        "number",
        "campaign_link",
        "kind",
        "shown_state",
        "started_at",
        "finished_at",
        "started_by",
    )
    list_filter = ("state", "kind", ("started_at", admin.DateFieldListFilter))
    search_fields = ("campaign__name", "campaign__slug")
    list_select_related = ("campaign", "started_by")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("definition")

    @admin.display(description=_("run"), ordering="pk")
    def number(self, run: CampaignRun) -> str:
        return f"#{run.pk}"

    @admin.display(description=_("campaign"), ordering="campaign__name")
    def campaign_link(self, run: CampaignRun) -> str:
        return run.campaign.name

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = get_object_or_404(CampaignRun.objects.select_related("campaign"), pk=object_id)
        return HttpResponseRedirect(campaign_url(run.campaign, "run", run_id=run.pk))


@admin.register(Occurrence)
class OccurrenceAdmin(HappenedAdmin):
    """Planned launches that came due: launched, skipped or queued, each with its reason."""

    empty_icon = "event"
    empty_title = _("No launch has come due yet")
    empty_words = _(
        "Give a campaign a schedule and publish it. Launches that lie ahead stand in the calendar; here they stand "
        "once their time has come, with the reason where one was left out."
    )

    list_display = ("planned_at", "campaign", "shown_state", "reason", "run_link")
    list_filter = ("state", ("planned_at", admin.DateFieldListFilter))
    search_fields = ("campaign__name", "campaign__slug")
    list_select_related = ("campaign", "run")
    date_hierarchy = "planned_at"

    @admin.display(description=_("run"))
    def run_link(self, occurrence: Occurrence) -> str | SafeString:
        if occurrence.run_id is None:
            return ""
        url = campaign_url(occurrence.campaign, "run", run_id=occurrence.run_id)
        return format_html('<a href="{}">#{}</a>', url, occurrence.run_id)


@admin.register(Delivery)
class DeliveryAdmin(HappenedAdmin):
    """Every delivery; its page is one of its campaign's."""

    empty_icon = "send"
    empty_title = _("Nothing has been prepared for sending yet")
    empty_words = _(
        "A run makes a delivery at each channel of its campaign: who gets what, counted before it is sent."
    )

    list_display = ("name", "campaign", "kind", "category", "shown_state", "people", "created_at")
    list_filter = ("state", "kind", "channel", "category", ("created_at", admin.DateFieldListFilter))
    search_fields = ("label", "activity_id", "campaign__name", "campaign__slug")
    list_select_related = ("campaign",)
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("content", "values", "variables")

    @admin.display(description=_("delivery"), ordering="label")
    def name(self, delivery: Delivery) -> str:
        return delivery.title

    @admin.display(description=_("targeted"), ordering="targeted")
    def people(self, delivery: Delivery) -> str:
        return shown(delivery.targeted)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = get_object_or_404(Delivery.objects.select_related("campaign"), pk=object_id)
        return HttpResponseRedirect(campaign_url(found.campaign, "delivery", delivery_id=found.pk))
