"""The tab “Flow”: the graph, the same as a list, and the changes that are made by a click on either."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.activity_parts import title_of, type_of
from campaigns.activity_types import Port
from campaigns.admin.conflicts import resolve, save
from campaigns.admin.page import CampaignPage, Route, Tab
from campaigns.admin.painting import Painter
from campaigns.document import ActivityPart, Document
from campaigns.document_edits import connected, disconnected, removed
from campaigns.drafts import read_draft
from campaigns.drawing.picture import ways_out
from campaigns.graph import Arrow
from campaigns.lint import by_activity, lint_document
from campaigns.problems import ProblemsError
from campaigns.world import load_world


def flow(page: CampaignPage) -> HttpResponse:
    draft = read_draft(page.campaign.slug)
    problems = lint_document(draft.document, load_world(draft.document))
    context = {
        "draft": draft,
        "painted": Painter(page, page.may_edit).paint(draft.document, problems),
        "outline": outline(page, draft.document, by_activity(problems)),
        "problem_count": len(problems),
    }
    return page.render("campaigns/admin/flow.html", context)


def outline(page: CampaignPage, document: Document, found: Any) -> list[dict[str, Any]]:
    """Every activity in the order of the flow, with its ways out and where they lead."""
    order = [*document.graph.ordered(), *document.graph.ids]
    parts = {part.id: part for part in document.activities}
    return [_row(page, document, parts[i], len(found.get(i, ()))) for i in dict.fromkeys(order)]


def _row(page: CampaignPage, document: Document, part: ActivityPart, problems: int) -> dict[str, Any]:
    kind = type_of(part)
    return {
        "id": part.id,
        "title": title_of(part),
        "type": kind.label if kind else part.type,
        "icon": kind.icon if kind else "help",
        "url": page.url("activity", activity_id=part.id),
        "ways": ways(page, document, part),
        "problems": problems,
    }


def ways(page: CampaignPage, document: Document, part: ActivityPart) -> list[dict[str, Any]]:
    """Each port with the activities it leads to and those it may be led to."""
    return [_way(page, document, part, port) for port in ways_out(part, document)]


def _way(page: CampaignPage, document: Document, part: ActivityPart, port: Port) -> dict[str, Any]:
    graph = document.graph
    leads_to = [arrow.target for arrow in graph.out_of(part.id, port.name)]
    barred = {part.id, *leads_to} | {i for i in graph.ids if part.id in graph.downstream(i)}
    free = [other for other in document.activities if other.id not in barred and _takes_more(document, other)]
    return {
        "port": port.name,
        "label": port.label,
        "is_optional": port.optional,
        "leads_to": [_named(page, document.activity(target)) for target in leads_to],
        "may_lead_to": [_named(page, other) for other in free],
    }


def _takes_more(document: Document, part: ActivityPart) -> bool:
    kind = type_of(part)
    most = kind.inbound_max if kind else None
    return most is None or len(document.graph.into(part.id)) < most


def _named(page: CampaignPage, part: ActivityPart) -> dict[str, str]:
    return {"id": part.id, "title": title_of(part), "url": page.url("activity", activity_id=part.id)}


def connect(page: CampaignPage) -> HttpResponse:
    return _rewire(page, connected, _("The activities are connected."))


def disconnect(page: CampaignPage) -> HttpResponse:
    return _rewire(page, disconnected, _("The transition is gone."))


def _rewire(page: CampaignPage, edit: Any, done: str) -> HttpResponse:
    sent = page.request.POST
    arrow = Arrow(sent.get("source", ""), sent.get("port", ""), sent.get("target", ""))
    try:
        conflict = save(page, partial(edit, **{_ARROW[edit]: arrow}), done=done)
    except ProblemsError as error:
        page.refuse(error.problems)
        conflict = None
    return conflict or page.redirect("flow")


_ARROW = {connected: "new", disconnected: "old"}


def remove(page: CampaignPage, activity_id: str) -> HttpResponse:
    edit = partial(removed, activity_id=activity_id, reconnect="reconnect" in page.request.POST)
    try:
        conflict = save(page, edit, done=_("The activity was removed."))
    except ProblemsError as error:
        page.refuse(error.problems)
        conflict = None
    return conflict or page.redirect("flow")


def flow_tab(*more: Route) -> Tab:
    routes = (
        Route("flow", "flow/", flow),
        Route("connect", "connect/", connect, only_acts=True),
        Route("disconnect", "disconnect/", disconnect, only_acts=True),
        Route("remove", "activities/<slug:activity_id>/remove/", remove, only_acts=True),
        Route("resolve", "resolve/", resolve, only_acts=True),
        *more,
    )
    return Tab(gettext_lazy("As forms"), "list_alt", routes)
