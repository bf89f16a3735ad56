"""Pages of a single activity: choosing its type, and the form of its settings."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import activity_types
from campaigns.activity_parts import title_of
from campaigns.activity_types import Category
from campaigns.admin.activity_forms import ActivityForm, form_of
from campaigns.admin.conflicts import save
from campaigns.admin.editor_words import editor_words
from campaigns.admin.file_columns import read_columns
from campaigns.admin.flow import ways
from campaigns.admin.page import CampaignPage, Route
from campaigns.document import ActivityPart, Document
from campaigns.document_edits import added, free_id, with_activity
from campaigns.draft_edits import draft_with
from campaigns.drafts import read_draft
from campaigns.forms.reading import Read
from campaigns.graph import Arrow
from campaigns.problems import ProblemsError

CATEGORIES = {
    Category.TARGETING: gettext_lazy("Targeting"),
    Category.CHANNEL: gettext_lazy("Channels"),
    Category.FLOW: gettext_lazy("Flow control"),
    Category.DATA: gettext_lazy("Data management"),
}


def palette(page: CampaignPage) -> HttpResponse:
    """Every type that may stand here, by category."""
    place = _place(page)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for kind in activity_types.registered().values():
        if place or kind.inbound_min == 0:
            query = urlencode({**page.request.GET.dict(), "type": kind.name})
            groups[kind.category].append({"kind": kind, "url": f"{page.url('activity_add')}?{query}"})
    shown = [(str(CATEGORIES[category]), groups[category]) for category in Category if groups[category]]
    context = {"groups": shown, "place": _place_words(page, place)}
    return page.render("campaigns/admin/palette.html", context)


def add(page: CampaignPage) -> HttpResponse:
    """The form of an activity that is not there yet; saving it puts it into the flow."""
    try:
        kind = activity_types.get(page.request.GET.get("type", ""))
    except activity_types.UnknownActivityType:
        return page.redirect("palette", query=f"?{page.request.GET.urlencode()}")
    draft = read_draft(page.campaign.slug)
    taken = page.campaign.published_activity_ids.values_list("activity_id", flat=True)
    part = ActivityPart(id=free_id(draft.document, kind.name.replace("_", "-"), taken), type=kind.name)
    seen = page.request.POST.get("if_match", draft.hash)
    document = draft_with(page.campaign, seen)
    form = ActivityForm(added(document, part, after=_place(page)), part, kind)
    if page.is_sent:
        return _save(page, form, is_new=True, seen=seen)
    return _show(page, form, is_new=True, seen=draft.hash)


def edit(page: CampaignPage, activity_id: str) -> HttpResponse:
    seen = page.request.POST.get("if_match", "") if page.is_sent else read_draft(page.campaign.slug).hash
    document = draft_with(page.campaign, seen)
    part = next((each for each in document.activities if each.id == activity_id), None)
    if part is None:
        raise Http404(_("The activity “%(id)s” is not in this draft any more.") % {"id": activity_id})
    form = form_of(document, part)
    if form is None:
        return page.render("campaigns/admin/unknown_activity.html", {"part": part, "seen": seen})
    if page.is_sent:
        return _save(page, form, is_new=False, seen=seen)
    return _show(page, form, is_new=False, seen=seen)


def _show(
    page: CampaignPage, form: ActivityForm, *, is_new: bool, seen: str, read: Read | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "part": form.part,
        "kind": form.kind,
        "label": page.request.POST.get("label", form.part.label),
        "fields": form.draw(read, page.request.POST if read else None, quietly=is_new),
        "picker": form.picker_data(),
        "words": editor_words(),
        "came_from": [_source(form.document, arrow) for arrow in form.inbound],
        "ways": ways(page, form.document, form.part),
        "is_new": is_new,
        "seen": seen,
        "columns_url": _columns_url(page, form, is_new),
        "cancel_url": page.url("flow"),
        "remove_url": "" if is_new else page.url("remove", activity_id=form.part.id),
    }
    return page.render("campaigns/admin/activity.html", context, status=422 if read else 200)


def _columns_url(page: CampaignPage, form: ActivityForm, is_new: bool) -> str:
    """Where a form whose settings name the columns of a file can have them read from one."""
    reads = "columns" in form.kind.Config.model_fields and "source" in form.kind.Config.model_fields
    return page.url("activity_columns", activity_id=form.part.id) if reads and not is_new else ""


def _source(document: Document, arrow: Arrow) -> dict[str, str]:
    return {"id": arrow.source, "port": arrow.port, "title": title_of(document.activity(arrow.source))}


def _save(page: CampaignPage, form: ActivityForm, *, is_new: bool, seen: str) -> HttpResponse:
    """Settings that are not valid yet are saved all the same, and marked; only a text that cannot be read is
    not.
    """
    page.demand("campaigns.change_campaign")
    read = form.read(page.request.POST)
    label = page.request.POST.get("label", "").strip()
    if read.problems:
        page.refuse(read.problems)
        return _show(page, form, is_new=is_new, seen=seen, read=read)

    def change(document: Document) -> Document:
        if is_new:
            part = ActivityPart(id=_named(page, form.part, label, document), type=form.part.type)
            document = added(document, part, after=_place(page))
            form.part = part
        return with_activity(document, form.part.id, label=label, config=read.data)

    try:
        conflict = save(page, change, done=_("Saved."))
    except ProblemsError as error:
        page.refuse(error.problems)
        return _show(page, form, is_new=is_new, seen=seen, read=read)
    return conflict or _after(page, form)


def _named(page: CampaignPage, part: ActivityPart, label: str, document: Document) -> str:
    """A new activity is called after its label; what it was called for the form is only a proposal."""
    taken = page.campaign.published_activity_ids.values_list("activity_id", flat=True)
    return free_id(document, slugify(label) or part.id, taken)


def _after(page: CampaignPage, form: ActivityForm) -> HttpResponse:
    """Back to the flow; where something is still missing, back to the form that says what."""
    document = read_draft(page.campaign.slug).document
    saved = form_of(document, document.activity(form.part.id))
    if saved and any(saved.problems()):
        return HttpResponseRedirect(page.url("activity", activity_id=form.part.id))
    return page.redirect("flow")


def _place(page: CampaignPage) -> Arrow | None:
    """Where a new activity is put: behind a port, or into an arrow."""
    asked = page.request.GET
    after = asked.get("after", "")
    if not after:
        return None
    return Arrow(after, asked.get("port", activity_types.MAIN), asked.get("before", ""))


def _place_words(page: CampaignPage, place: Arrow | None) -> str:
    if place is None:
        return _("A flow begins with people.")
    parts = {part.id: part for part in read_draft(page.campaign.slug).document.activities}
    if place.source not in parts:
        return ""
    words = {"source": title_of(parts[place.source]), "port": place.port}
    if place.target in parts:
        words["target"] = title_of(parts[place.target])
        return _("Between “%(source)s” and “%(target)s”") % words
    return _("Behind “%(source)s” (%(port)s)") % words


ROUTES = (
    Route("palette", "choose/", palette, may_read="campaigns.change_campaign"),
    Route("activity_add", "add/", add, may_read="campaigns.change_campaign"),
    Route("activity", "activities/<slug:activity_id>/", edit),
    Route(
        "activity_columns",
        "activities/<slug:activity_id>/columns/",
        read_columns,
        may_read="campaigns.change_campaign",
        only_acts=True,
    ),
)
