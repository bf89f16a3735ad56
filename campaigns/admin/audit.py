"""The tab “Audit”: who did what to this campaign. The whole log has a page of its own."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy

from campaigns.admin.page import CampaignPage, Route, Tab
from campaigns.models import AuditEntry

SHOWN = 100


def audit(page: CampaignPage) -> HttpResponse:
    """The latest entries; `before` in the address goes on from one of them."""
    entries = AuditEntry.objects.filter(object=f"campaign {page.campaign.slug}")
    before = page.request.GET.get("before", "")
    if before.isdigit():
        entries = entries.filter(pk__lt=int(before))
    found = list(entries[: SHOWN + 1])
    context = {"entries": found[:SHOWN], "more": found[SHOWN - 1].pk if len(found) > SHOWN else None}
    return page.render("campaigns/admin/audit.html", context)


TAB = Tab(gettext_lazy("Audit"), "receipt_long", (Route("audit", "audit/", audit),))
