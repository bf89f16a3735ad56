"""New campaigns: blank, from a template, from a file, or as a copy of one there is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from zoneinfo import available_timezones

from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from campaigns.admin.folders import places
from campaigns.admin.gallery import gallery_context
from campaigns.admin.page import CampaignPage, Route, campaign_url
from campaigns.document import Document, as_data, parse_document
from campaigns.document_text import Form, read_document
from campaigns.drafts import duplicate_campaign, save_draft
from campaigns.folders import load_tree, put_into_folder
from campaigns.models import Campaign
from campaigns.problems import Problem, ProblemsError
from campaigns.slugs import slug_of

ADD = "campaigns.add_campaign"
MOST_COPYABLE = 300
"""The latest changed ones; any other is copied from its own page."""


def create(request: HttpRequest) -> HttpResponse:
    """The page “Add campaign”: a name is enough; a file brings everything; a copy has a page of its own."""
    if request.method != "POST":
        return _show(request)
    if copied := _copied(request):
        return HttpResponseRedirect(campaign_url(copied, "duplicate"))
    try:
        campaign = _created(request)
    except ProblemsError as error:
        return _show(request, error.problems)
    return HttpResponseRedirect(campaign_url(campaign, "canvas"))


def _copied(request: HttpRequest) -> Campaign | None:
    key = request.POST.get("copy_of", "")
    return Campaign.objects.filter(pk=key).first() if key.isdecimal() else None


@transaction.atomic
def _created(request: HttpRequest) -> Campaign:
    document = _from_file(request) if request.FILES else _blank(request)
    campaign = save_draft(None, document, by=request.user)
    folder = request.POST.get("folder", "")
    if folder.isdecimal():
        put_into_folder([campaign], int(folder), by=request.user)
    return campaign


def _blank(request: HttpRequest) -> Document:
    name = request.POST.get("name", "").strip()
    header = {
        "slug": request.POST.get("slug", "").strip() or slug_of(name),
        "name": name,
        "time_zone": request.POST.get("time_zone", "").strip() or "UTC",
    }
    return parse_document({"tutti": 1, "campaign": header})


def _from_file(request: HttpRequest) -> Document:
    """A name or slug typed beside the file wins over those in it."""
    sent = cast("UploadedFile[Any]", request.FILES["file"])
    form = Form.JSON if str(sent.name).lower().endswith(".json") else Form.YAML
    data = as_data(read_document(sent.read(), form).document)
    typed = {key: request.POST.get(key, "").strip() for key in ("name", "slug")}
    data["campaign"] |= {key: value for key, value in typed.items() if value}
    return parse_document(data)


def _show(request: HttpRequest, problems: Iterable[Problem] = ()) -> HttpResponse:
    found = list(problems)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Add campaign"),
        "opts": Campaign._meta,
        "problems": found,
        "sent": request.POST,
        "zones": sorted(available_timezones()),
        "places": places(load_tree()),
        "copyable": Campaign.objects.exclude(state="archived").only("pk", "name", "slug")[:MOST_COPYABLE],
        **gallery_context(request),
    }
    return TemplateResponse(request, "campaigns/admin/create.html", context, status=422 if found else 200)


def duplicate(page: CampaignPage) -> HttpResponse:
    """A copy under another name; nothing that happened comes along."""
    proposed = _("Copy of %(name)s") % {"name": page.campaign.name}
    context = {"name": proposed[:200], "slug": slug_of(f"{page.campaign.slug}-copy")}
    if not page.is_sent:
        return page.render("campaigns/admin/duplicate.html", context)
    sent = page.request.POST
    try:
        copy = duplicate_campaign(
            page.campaign,
            slug=sent.get("slug", "").strip() or context["slug"],
            name=sent.get("name", "").strip(),
            by=page.request.user,
        )
    except ProblemsError as error:
        page.refuse(error.problems)
        return page.render("campaigns/admin/duplicate.html", {**context, **sent.dict()}, status=422)
    return HttpResponseRedirect(campaign_url(copy, "canvas"))


DUPLICATE = Route("duplicate", "duplicate/", duplicate, may_read=ADD, may_write=ADD)
