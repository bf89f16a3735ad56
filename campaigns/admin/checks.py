"""The tab “Checks”: everything that keeps the draft from being published, each with a way to its place."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy

from campaigns.activity_parts import title_of
from campaigns.admin.fixes import fix
from campaigns.admin.page import CampaignPage, Route, Tab
from campaigns.document import Document
from campaigns.drafts import read_draft
from campaigns.lint import lint_campaign
from campaigns.problems import Problem, errors_of

PLACES = {"schedule": "schedule", "variables": "settings", "campaign": "settings", "errors": "settings"}


def checks(page: CampaignPage) -> HttpResponse:
    draft = read_draft(page.campaign.slug)
    problems = lint_campaign(page.campaign)
    context = {
        "findings": [shown(page, draft.document, problem) for problem in problems],
        "draft": draft,
        "may_mend": page.may_edit,
        "errors": len(errors_of(problems)),
    }
    return page.render("campaigns/admin/checks.html", context)


def shown(page: CampaignPage, document: Document, problem: Problem) -> dict[str, Any]:
    """A finding with the name of its place and the address of the form where it is mended."""
    titles = {part.id: title_of(part) for part in document.activities}
    section = problem.path.split("/")[1] if "/" in problem.path else ""
    if problem.activity in titles:
        url = page.url("activity", activity_id=problem.activity)
        return {"problem": problem, "place": titles[problem.activity], "url": url}
    return {"problem": problem, "place": "", "url": page.url(PLACES.get(section, "flow"))}


TAB = Tab(
    gettext_lazy("Checks"),
    "rule",
    (Route("checks", "checks/", checks), Route("fix", "checks/fix/", fix, only_acts=True)),
)
