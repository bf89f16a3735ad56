"""The tab “Versions”: what was published when and by whom, and what changed from one to the next."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy

from campaigns.admin.page import CampaignPage, Route, Tab
from campaigns.diff import diff_documents
from campaigns.document import parse_text
from campaigns.document_text import Form, write_document
from campaigns.drafts import load_draft
from campaigns.frozen_filters import freeze_filters


def versions(page: CampaignPage) -> HttpResponse:
    found = list(page.campaign.versions.select_related("published_by").defer("definition"))
    published = page.campaign.versions.filter(state="published").first()
    pending = (
        diff_documents(parse_text(published.definition), freeze_filters(load_draft(page.campaign)))
        if published
        else ()
    )
    context = {"versions": found, "published": published, "pending": [change.as_dict() for change in pending]}
    return page.render("campaigns/admin/versions.html", context)


def version(page: CampaignPage, number: int) -> HttpResponse:
    shown = get_object_or_404(page.campaign.versions, number=number)
    before = page.campaign.versions.filter(number__lt=number).order_by("-number").first()
    document = parse_text(shown.definition)
    changes = diff_documents(parse_text(before.definition) if before else None, document)
    context = {
        "version": shown,
        "before": before,
        "changes": [change.as_dict() for change in changes],
        "text": write_document(document, Form.YAML),
    }
    return page.render("campaigns/admin/version.html", context)


TAB = Tab(
    gettext_lazy("Versions"),
    "history",
    (Route("versions", "versions/", versions), Route("version", "versions/<int:number>/", version)),
)
