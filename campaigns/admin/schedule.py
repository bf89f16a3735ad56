"""The tab “Schedule”: when the campaign launches, as a form, a sentence, and the next ten times."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.conflicts import save
from campaigns.admin.page import CampaignPage, Route, Tab
from campaigns.document import Document
from campaigns.document_edits import with_section
from campaigns.drafts import read_draft
from campaigns.forms.drawing import draw_form
from campaigns.forms.reading import read_form
from campaigns.lint import lint_document
from campaigns.problems import ProblemsError
from campaigns.schedules.outlook import outlook
from campaigns.schedules.reading import schedule_json_schema
from campaigns.world import load_world

PLACE = "schedule"
DEFAULT = {"frequency": "as_soon_as_possible"}


def schedule(page: CampaignPage) -> HttpResponse:
    if not page.is_sent:
        return _show(page)
    read = read_form(schedule_json_schema(), page.request.POST, place=PLACE)
    try:
        edit = partial(with_section, section="schedule", value=read.data)
        conflict = save(page, edit, done=_("The schedule is saved."))
    except ProblemsError as error:
        page.refuse(error.problems)
        conflict = _show(page, read.data)
    return conflict or page.redirect("schedule")


def _show(page: CampaignPage, data: Mapping[str, Any] | None = None) -> HttpResponse:
    draft = read_draft(page.campaign.slug)
    found = [
        problem
        for problem in lint_document(draft.document, load_world(draft.document))
        if problem.path.startswith("/schedule")
    ]
    context = {
        "draft": draft,
        "fields": draw_form(
            schedule_json_schema(), data or draft.document.schedule or DEFAULT, place=PLACE, problems=found
        ),
        "problems": found,
        **launch_words(draft.document),
    }
    return page.render("campaigns/admin/schedule.html", context)


def preview(page: CampaignPage) -> HttpResponse:
    """What a schedule that is not saved yet would mean: a piece of the page."""
    draft = read_draft(page.campaign.slug)
    read = read_form(schedule_json_schema(), page.request.POST, place=PLACE)
    document = draft.document.model_copy(update={"schedule": read.data})
    return page.render("campaigns/admin/launches.html", launch_words(document))


def launch_words(document: Document) -> dict[str, Any]:
    """The sentence and the next launches, each as the campaign's clock shows it and as an instant for the
    reader's; nothing where the schedule is not valid yet.
    """
    found = outlook(document)
    if found is None:
        return {"sentence": "", "launches": [], "zone": document.campaign.time_zone}
    return {
        "sentence": found.sentence,
        "launches": [(instant.astimezone(found.zone), instant) for instant in found.launches],
        "is_planned": found.is_planned,
        "zone": found.zone.key,
    }


TAB = Tab(
    gettext_lazy("Schedule"),
    "schedule",
    (
        Route("schedule", "schedule/", schedule),
        Route(
            "schedule_preview",
            "schedule/preview/",
            preview,
            may_write="campaigns.view_campaign",
            only_acts=True,
        ),
    ),
)
