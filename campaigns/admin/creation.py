"""New campaigns: blank, from a file, or as a copy of one there is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from zoneinfo import available_timezones

from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from campaigns.admin.page import CampaignPage, Route, campaign_url
from campaigns.document import Document, as_data, parse_document
from campaigns.document_text import Form, read_document
from campaigns.drafts import duplicate_campaign, save_draft
from campaigns.models import Campaign
from campaigns.problems import Problem, ProblemsError

ADD = "campaigns.add_campaign"


def create(request: HttpRequest) -> HttpResponse:
    """The page “Add campaign”: a name is enough; a file brings everything."""
    if request.method != "POST":
        return _show(request)
    try:
        document = _from_file(request) if request.FILES else _blank(request)
        campaign = save_draft(None, document, by=request.user)
    except ProblemsError as error:
        return _show(request, error.problems)
    return HttpResponseRedirect(campaign_url(campaign, "flow"))


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


def slug_of(name: str) -> str:
    """A slug no campaign has yet, made of the name; names in other scripts give a numbered one."""
    base = slugify(name)[:70].strip("-_") or "campaign"
    taken = set(Campaign.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in numbered if slug not in taken)


def _show(request: HttpRequest, problems: Iterable[Problem] = ()) -> HttpResponse:
    found = list(problems)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Add campaign"),
        "opts": Campaign._meta,
        "problems": found,
        "sent": request.POST,
        "zones": sorted(available_timezones()),
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
    return HttpResponseRedirect(campaign_url(copy, "flow"))


DUPLICATE = Route("duplicate", "duplicate/", duplicate, may_read=ADD, may_write=ADD)
