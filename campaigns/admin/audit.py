"""The tab “Audit”: who did what to this campaign. The whole log has a page of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy

from campaigns.admin.page import CampaignPage, Route, Tab
from campaigns.audit_words import act_words, detail_words, door_words
from campaigns.models import AuditEntry

SHOWN = 100


def audit(page: CampaignPage) -> HttpResponse:
    """The latest entries; `before` in the address goes on from one of them."""
    entries = AuditEntry.objects.filter(object=f"campaign {page.campaign.slug}")
    before = page.request.GET.get("before", "")
    if before.isdigit():
        entries = entries.filter(pk__lt=int(before))
    found = list(entries[: SHOWN + 1])
    context = {
        "entries": [_shown(entry) for entry in found[:SHOWN]],
        "more": found[SHOWN - 1].pk if len(found) > SHOWN else None,
    }
    return page.render("campaigns/admin/audit.html", context)


def _shown(entry: AuditEntry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "who": entry.actor_name,
        "act": act_words(entry),
        "door": door_words(entry),
        "detail": detail_words(entry),
    }


TAB = Tab(gettext_lazy("Audit"), "receipt_long", (Route("audit", "audit/", audit),))
