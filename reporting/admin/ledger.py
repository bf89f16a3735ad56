"""The ledger over all campaigns, searched and paged by key; and one person's way through a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from campaigns.admin.page import campaign_url
from campaigns.admin.site_pages import needing, site_page
from campaigns.models import Campaign
from campaigns.personal_data import PERMISSION as PERSONAL
from orchestration.models import CampaignRun, ExclusionReason, Message
from orchestration.run_permissions import CONFIRM
from reporting.conditions import trace_data
from reporting.ledger import LedgerSearch, mail_id, masked, read_page
from reporting.memberships import NotAKey
from reporting.traces import trace

VIEW = "orchestration.view_message"
ASKED = ("campaign", "activity", "state", "exclusion_reason", "address", "recipient", "message_id")


def ledger(request: HttpRequest) -> HttpResponse:
    """Messages, newest first; addresses in full only for those who may see them."""
    asked = {name: request.GET.get(name, "").strip() for name in ASKED}
    run, before = (request.GET.get(name, "") for name in ("run", "before"))
    search = LedgerSearch(run=int(run) if run.isdecimal() else None, **asked)  # type: ignore[arg-type]
    found = read_page(search, before=int(before) if before.isdecimal() else None)
    personal = request.user.has_perm(PERSONAL)
    kept = {**{name: value for name, value in asked.items() if value}, **({"run": run} if run else {})}
    context = {
        "rows": [_row(message, personal=personal) for message in found.rows],
        "may_settle": request.user.has_perm(CONFIRM),
        "more": f"?{urlencode({**kept, 'before': found.next_before})}" if found.next_before else "",
        "asked": {**asked, "run": run},
        "campaigns": Campaign.objects.order_by("name").values_list("slug", "name")[:500],
        "states": Message._meta.get_field("state").choices,
        "reasons": ExclusionReason.choices,
        "is_searched": bool(kept),
    }
    return site_page(request, "reporting/admin/ledger.html", context, title=_("Ledger"))


def _row(message: Message, *, personal: bool) -> dict[str, Any]:
    delivery = message.delivery
    return {
        "message": message,
        "address": message.address if personal else masked(message.address),
        "mail_id": mail_id(message),
        "campaign": delivery.campaign.name,
        "delivery_url": campaign_url(delivery.campaign, "delivery", delivery_id=delivery.pk),
        "settle_url": campaign_url(delivery.campaign, "settle_unknown", delivery_id=delivery.pk),
        "delivery": delivery.title,
        "why": message.get_exclusion_reason_display() if message.exclusion_reason else message.reply,
    }


def way(request: HttpRequest, run_id: int) -> HttpResponse:
    """Why somebody did or did not get something: their way through one run."""
    run = get_object_or_404(CampaignRun.objects.select_related("campaign"), pk=run_id)
    key = request.GET.get("recipient", "").strip()
    context: dict[str, Any] = {
        "run": run,
        "key": key,
        "run_url": campaign_url(run.campaign, "run", run_id=run.pk),
    }
    if key:
        context |= _way(run, key)
    return site_page(request, "reporting/admin/trace.html", context, title=_("One person's way"))


def _way(run: CampaignRun, key: str) -> Mapping[str, Any]:
    try:
        found = trace(run, key)
        return {"trace": found, "steps": trace_data(run, found, personal=True)["steps"]}
    except NotAKey as error:
        return {"problem": str(error)}


def urls() -> list[URLPattern]:
    return [
        path("ledger/", needing(VIEW, ledger), name="ledger"),
        path("runs/<int:run_id>/way/", needing(PERSONAL, way), name="trace"),
    ]
