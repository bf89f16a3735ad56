"""Templates as people meet them: a gallery with drawings, the questions of each, and “Save as template”."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import available_timezones

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from campaigns.activity_parts import title_of, type_of
from campaigns.activity_types import World
from campaigns.admin.folders import places
from campaigns.admin.page import CHANGE, CampaignPage, Route, campaign_url
from campaigns.admin.site_pages import site_page
from campaigns.campaign_templates.blanks import Blank, Choice, Kind, choices
from campaigns.campaign_templates.gallery import all_templates, of_row, shipped_templates, template_named
from campaigns.campaign_templates.saving import delete_template, save_as_template, what_it_needs
from campaigns.campaign_templates.template import Template, create_from_template
from campaigns.document import Document, parse_document
from campaigns.drafts import read_draft
from campaigns.drawing.miniature import Miniature, draw_small
from campaigns.folders import load_tree
from campaigns.models import Campaign, CampaignTemplate
from campaigns.problems import Problem, ProblemsError
from campaigns.slugs import slug_of
from campaigns.world import load_world

ADD = "campaigns.add_campaign"
EMPTY = parse_document({"tutti": 1, "campaign": {"slug": "empty", "name": "-"}})


def gallery(request: HttpRequest) -> HttpResponse:
    context = {"opts": Campaign._meta, **gallery_context(request)}
    return site_page(request, "campaigns/admin/templates.html", context, title=_("Templates"))


def gallery_context(request: HttpRequest) -> dict[str, Any]:
    shown = [_card(template) for template in all_templates()]
    return {
        "own": [card for card in shown if not card["template"].is_shipped],
        "shipped": [card for card in shown if card["template"].is_shipped],
        "may_add": request.user.has_perm(ADD),
    }


def _card(template: Template) -> dict[str, Any]:
    document = _example(template)
    return {
        "template": template,
        "picture": draw_small(document) if document else Miniature(),
        "steps": list(_steps(document)) if document else [],
        "url": _url("campaign_template", template.slug),
    }


def _example(template: Template) -> Document | None:
    """None for a template that no longer reads, so that it spoils no gallery."""
    try:
        return template.example()
    except ProblemsError:
        return None


def _steps(document: Document) -> Iterator[dict[str, str]]:
    """In the order of the flow."""
    parts = {part.id: part for part in document.activities}
    for activity in document.graph.ordered():
        kind = type_of(parts[activity])
        words = {"icon": kind.icon, "type": str(kind.label)} if kind else {"icon": "help", "type": ""}
        yield {"title": title_of(parts[activity]), **words}


def _url(name: str, slug: str) -> str:
    return reverse(f"admin:{name}", kwargs={"template": slug})


def use(request: HttpRequest, template: str) -> HttpResponse:
    """What the template asks; sent, the campaign that is made of it."""
    found = template_named(template)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _ask(request, found)
    if not request.user.has_perm(ADD):
        raise PermissionDenied
    name = request.POST.get("name", "").strip()
    header = {
        "name": name,
        "slug": request.POST.get("slug", "").strip() or slug_of(name),
        "time_zone": request.POST.get("time_zone", "").strip() or "UTC",
    }
    try:
        campaign = create_from_template(
            found, header, _answers(request, found), folder=_folder(request), by=request.user
        )
    except ProblemsError as error:
        return _ask(request, found, error.problems)
    messages.success(
        request, _("The campaign is there. Look at each box, and change what is different with you.")
    )
    return HttpResponseRedirect(campaign_url(campaign, "canvas"))


def _folder(request: HttpRequest) -> int | None:
    sent = request.POST.get("folder", "")
    return int(sent) if sent.isdecimal() else None


def _answers(request: HttpRequest, template: Template) -> dict[str, str]:
    """A date comes with the dimension it belongs to, as in `person:joined_on`."""
    sent = {each.name: request.POST.get(each.name, "").strip() for each in template.blanks}
    dated = next((each.name for each in template.blanks if each.kind is Kind.DATE), None)
    if dated and ":" in sent[dated]:
        dimension, _colon, sent[dated] = sent[dated].partition(":")
        asked = next(each.name for each in template.blanks if each.kind is Kind.DIMENSION)
        sent[asked] = dimension
    return {name: value for name, value in sent.items() if value}


def _ask(request: HttpRequest, template: Template, problems: Iterable[Problem] = ()) -> HttpResponse:
    found = list(problems)
    world = load_world(_example(template) or EMPTY)
    questions = [_question(request, each, world, found) for each in _asked(template)]
    context = {
        **_card(template),
        "questions": questions,
        "missing": [each for each in questions if not each["groups"]],
        "problems": [each for each in found if not each.path.startswith("/answers/")],
        "sent": request.POST,
        "zones": sorted(available_timezones()),
        "places": places(load_tree()),
        "may_add": request.user.has_perm(ADD),
        "may_change": request.user.has_perm(CHANGE),
        "opts": Campaign._meta,
    }
    status = 422 if found else 200
    return site_page(
        request, "campaigns/admin/template.html", context, title=str(template.name), status=status
    )


def _asked(template: Template) -> list[Blank]:
    """Where a date is asked for, it says which dimension is meant."""
    is_dated = any(each.kind is Kind.DATE for each in template.blanks)
    return [each for each in template.blanks if not (is_dated and each.kind is Kind.DIMENSION)]


def _question(
    request: HttpRequest, asked: Blank, world: World, problems: Iterable[Problem]
) -> dict[str, Any]:
    groups = _groups(asked, world)
    offered = [choice.value for _label, found in groups for choice in found]
    only = offered[0] if len(offered) == 1 else ""
    chosen = request.POST.get(asked.name) or (asked.default if asked.default in offered else "") or only
    return {
        "blank": asked,
        "groups": groups,
        "chosen": chosen,
        "problems": [each for each in problems if each.path == f"/answers/{asked.name}"],
        "make": _PLACES_TO_MAKE[asked.kind],
    }


_PLACES_TO_MAKE = {
    Kind.DIMENSION: "admin:campaigns_table_changelist",
    Kind.DATE: "admin:campaigns_table_changelist",
    Kind.CHANNEL: "admin:campaigns_channelconfiguration_add",
}


def _groups(asked: Blank, world: World) -> list[tuple[str, list[Choice]]]:
    """Choices under headings: dates by the dimension they belong to."""
    if asked.kind is not Kind.DATE:
        found = choices(asked.kind, world)
        return [("", found)] if found else []
    dimensions = choices(Kind.DIMENSION, world)
    dated = ((each, choices(Kind.DATE, world, each.value)) for each in dimensions)
    return [
        (each.label, [Choice(f"{each.value}:{date.value}", date.label) for date in dates])
        for each, dates in dated
        if dates
    ]


def remove(request: HttpRequest, template: str) -> HttpResponse:
    """A saved template goes after a question; shipped ones stay."""
    row = get_object_or_404(CampaignTemplate, slug=template)
    if request.method == "POST":
        delete_template(row, by=request.user)
        messages.success(request, _("The template is gone. Campaigns made of it stay as they are."))
        return HttpResponseRedirect(reverse("admin:campaign_templates"))
    context = {"template": of_row(row), "opts": Campaign._meta}
    return site_page(request, "campaigns/admin/template_delete.html", context, title=_("Delete template"))


def save_template(page: CampaignPage) -> HttpResponse:
    """Keep the draft as a template for others."""
    document = read_draft(page.campaign.slug).document
    proposed = {
        "name": page.campaign.name[:120],
        "slug": _free_slug(page.campaign.name),
        "description": page.campaign.description,
        "needs": what_it_needs(document),
    }
    if not page.is_sent:
        return page.render("campaigns/admin/save_template.html", proposed)
    sent = {name: page.request.POST.get(name, "").strip() for name in proposed}
    sent["slug"] = sent["slug"] or _free_slug(sent["name"])
    try:
        row = save_as_template(page.campaign, **sent, by=page.request.user)
    except ProblemsError as error:
        page.refuse(error.problems)
        return page.render("campaigns/admin/save_template.html", {**proposed, **sent}, status=422)
    page.succeed(_("“%(name)s” is among the templates.") % {"name": row.name})
    return HttpResponseRedirect(reverse("admin:campaign_templates"))


def _free_slug(name: str) -> str:
    """A slug that no template has yet."""
    base = slugify(name)[:70].strip("-_") or "template"
    taken = {each.slug for each in shipped_templates()}
    taken |= set(CampaignTemplate.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in numbered if slug not in taken)


SAVE = Route("save_template", "save-as-template/", save_template, may_read=ADD, may_write=ADD)
