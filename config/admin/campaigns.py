"""The list of campaigns and the page of each: one frame, whose tabs and acts come from every app."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from campaigns.admin.acts import possible
from campaigns.admin.confirming import Places, confirm_act
from campaigns.admin.creation import create
from campaigns.admin.page import READING, Button, CampaignPage, Route, campaign_url
from campaigns.audit import through
from campaigns.drafts import EDITABLE
from campaigns.models import Campaign
from campaigns.problems import ProblemsError
from campaigns.publishing import PUBLISHABLE
from config.admin.campaign_list import CampaignList
from config.admin.home_places import places_of_home
from config.admin.tabs import ACTS, ROUTES, TABS
from orchestration.admin.affected import affected
from orchestration.admin.runs import latest_run
from orchestration.run_pictures import run_words


@admin.register(Campaign)
class CampaignAdmin(CampaignList):
    """Rows are written by the functions every door calls, never by a model form."""

    actions_row = ("row_report", "row_duplicate", "row_archive")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"<int:campaign_id>/{route.pattern}", self._routed(route), name=f"campaign_{route.name}")
            for route in ROUTES
        ]
        acts = path("<int:campaign_id>/acts/<slug:name>/", self._wrapped(act), name="campaign_act")
        return [*own, acts, *places_of_home(), *super().get_urls()]

    @action(description=_("Report"), url_path="row-report", permissions=["view"])  # type: ignore[untyped-decorator]
    def row_report(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return HttpResponseRedirect(_of(object_id, "report"))

    @action(description=_("Duplicate"), url_path="row-duplicate", permissions=["add"])  # type: ignore[untyped-decorator]
    def row_duplicate(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return HttpResponseRedirect(_of(object_id, "duplicate"))

    @action(description=_("Archive"), url_path="row-archive", permissions=["change"])  # type: ignore[untyped-decorator]
    def row_archive(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return HttpResponseRedirect(_of(object_id, "act", name="archive"))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        with through("admin"):
            return create(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(campaign_url(get_object_or_404(Campaign, pk=object_id), "canvas"))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(campaign_url(get_object_or_404(Campaign, pk=object_id), "audit"))

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Deleting a draft is an act with a page of its own."""
        return False

    def _wrapped(self, view: Callable[..., HttpResponse]) -> Any:
        def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            with through("admin"):
                return view(request, **kwargs)

        return self.admin_site.admin_view(wrapped)

    def _routed(self, route: Route) -> Any:
        def view(request: HttpRequest, campaign_id: int, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(route.may_read if request.method in READING else route.may_write):
                raise PermissionDenied
            page = page_of(request, campaign_id, route.name)
            if route.only_acts and not page.is_sent:
                return page.redirect("flow")
            try:
                return route.view(page, **kwargs)
            except ProblemsError as error:
                page.refuse(error.problems)
                return page.redirect("flow")

        return self._wrapped(view)


def _of(object_id: int, name: str, /, **kwargs: str) -> str:
    return campaign_url(get_object_or_404(Campaign, pk=object_id), name, **kwargs)


def page_of(request: HttpRequest, campaign_id: int, route: str) -> CampaignPage:
    campaign = get_object_or_404(Campaign.objects.select_related("owner"), pk=campaign_id)
    return CampaignPage(
        request,
        campaign,
        TABS,
        route,
        buttons(request, campaign),
        _numbers(request, campaign),
        partial(affected, campaign),
    )


def _numbers(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """The latest run, whose numbers the drawing shows, and pages of one app that another cannot name."""
    proof = {"proof_route": "admin:campaign_proof"}
    run = latest_run(request, campaign)
    if run is None:
        return proof
    return proof | {
        "way_route": "admin:trace",
        "run_state_url": campaign_url(campaign, "run_state", run_id=run.pk),
        "run_url": campaign_url(campaign, "run", run_id=run.pk),
        "run_words": run_words(run),
    }


def buttons(request: HttpRequest, campaign: Campaign) -> list[Button]:
    """What may be done with the campaign as it is now, the most wanted first."""
    user = request.user
    found = [
        Button(act.label, act.icon, campaign_url(campaign, "act", name=act.name), act.tone)
        for act in possible(ACTS, campaign, user)
    ]
    if campaign.state in EDITABLE and user.has_perm("campaigns.change_campaign"):
        found.insert(0, Button(_("Test"), "science", campaign_url(campaign, "runs"), ""))
    if user.has_perm("campaigns.add_campaign"):
        found.insert(0, Button(_("Duplicate"), "content_copy", campaign_url(campaign, "duplicate")))
        found.append(Button(_("Save as template"), "bookmark_add", campaign_url(campaign, "save_template")))
    if campaign.state in PUBLISHABLE and user.has_perm("campaigns.publish_campaign"):
        found.insert(0, Button(_("Publish"), "publish", campaign_url(campaign, "publish"), "primary"))
    return found


def act(request: HttpRequest, campaign_id: int, name: str) -> HttpResponse:
    page = page_of(request, campaign_id, "flow")
    wanted = next((each for each in ACTS if each.name == name), None)
    if wanted is None:
        raise Http404
    places = Places(page.url("flow"), reverse("admin:campaigns_campaign_changelist"))
    return confirm_act(page, wanted, page.campaign, places)
