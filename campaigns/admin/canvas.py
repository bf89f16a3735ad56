"""The tab “Canvas”: the page of the one application that draws campaigns. It speaks to the API alone.

It stands outside the theme's frame, with its colours and fonts: a canvas needs the whole window, and so no script of
the theme runs here and no evaluated expression is allowed.
"""

from __future__ import annotations

from typing import Any

from csp.constants import NONCE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from campaigns.admin.page import CampaignPage, Route, Tab

BUILT = "canvas/canvas.js"
# React Flow moves its boxes by properties of `element.style`, which no policy restricts: neither it nor React needs
# inline styles. The nonce is for the one style element with the theme's colours. Frames show messages, by an address of
# this server that has a policy of its own; no message leads its frame elsewhere.
POLICY = {"script-src": [SELF], "style-src": [SELF, NONCE], "frame-src": [SELF]}


@csp_replace(POLICY)  # type: ignore[untyped-decorator]
def canvas(page: CampaignPage) -> HttpResponse:
    context = {"is_built": finders.find(BUILT) is not None, "canvas": _told(page)}
    return page.render("campaigns/admin/canvas.html", context)


def _told(page: CampaignPage) -> dict[str, Any]:
    """What the application is told beside what it asks the API."""
    return {
        "slug": page.campaign.slug,
        "name": page.campaign.name,
        "state": page.campaign.get_state_display(),
        "language": get_language() or "en",
        "mayEdit": page.may_edit,
        "user": str(page.request.user.pk),
        "csrfCookie": settings.CSRF_COOKIE_NAME,
        "api": reverse("campaign-list").removesuffix("campaigns/"),
        "form": page.url("activity", activity_id="ID"),
        "home": _link(_("Campaigns"), "campaign", reverse("admin:campaigns_campaign_changelist")),
        "flow": page.urls["flow"],
        "frame": page.urls["email_frame"],
        "places": [
            _link(tab.label, tab.icon, page.url(tab.name))
            for tab in page.tabs
            if page.may(tab.routes[0].may_read) and tab.name != TAB.name
        ],
        "acts": [
            _link(each.label, each.icon, each.url, each.tone)
            for each in page.buttons
            if each.url not in _drawn_here(page)
        ],
        "pages": {tab.name: page.url(tab.name) for tab in page.tabs if page.may(tab.routes[0].may_read)},
    }


def _drawn_here(page: CampaignPage) -> set[str]:
    """Addresses of the acts that the application has buttons and questions of its own for."""
    moves = ("back-to-draft", "close", "stop", "archive")
    return {page.url("publish"), page.url("runs"), *(page.url("act", name=name) for name in moves)}


def _link(label: Any, icon: str, url: str, tone: str = "") -> dict[str, str]:
    return {"label": str(label), "icon": icon, "url": url, "tone": tone}


TAB = Tab(gettext_lazy("Canvas"), "schema", (Route("canvas", "canvas/", canvas),))
