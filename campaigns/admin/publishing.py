"""Publishing by a click: what changes, what was found, who is affected; warnings are confirmed by name."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from campaigns.admin.checks import shown
from campaigns.admin.lifecycle import PUBLISH
from campaigns.admin.page import CampaignPage, Route
from campaigns.admin.schedule import launch_words
from campaigns.conflicts import DraftConflict
from campaigns.diff import diff_documents
from campaigns.document import parse_text
from campaigns.drafts import read_draft
from campaigns.frozen_filters import freeze_filters
from campaigns.lint import lint_campaign
from campaigns.problems import Problem, ProblemsError, errors_of
from campaigns.publishing import PUBLISHABLE, UnconfirmedWarnings, publish_campaign


def publish(page: CampaignPage) -> HttpResponse:
    if not page.is_sent:
        return _show(page)
    page.demand(PUBLISH)
    sent = page.request.POST
    try:
        version = publish_campaign(
            page.campaign,
            by=page.request.user,
            if_match=sent.get("if_match", ""),
            confirm_warnings="confirm_warnings" in sent,
        )
    except DraftConflict as conflict:
        return _refused(page, [Problem("draft.conflict", "", str(conflict), _("Look at the draft again."))])
    except UnconfirmedWarnings:
        message = _("There are warnings.")
        return _refused(page, [Problem("publish.warnings", "", message, _("Read them and confirm below."))])
    except ProblemsError as error:
        return _refused(page, error.problems[:1])
    page.succeed(_("Version %(number)d is published.") % {"number": version.number})
    return page.redirect("flow")


def _refused(page: CampaignPage, problems: Any) -> HttpResponse:
    page.refuse(problems)
    return _show(page, status=409)


def _show(page: CampaignPage, *, status: int = 200) -> HttpResponse:
    draft = read_draft(page.campaign.slug)
    problems = lint_campaign(page.campaign)
    published = page.campaign.versions.filter(state="published").first()
    changes = diff_documents(
        parse_text(published.definition) if published else None, freeze_filters(draft.document)
    )
    context = {
        "draft": draft,
        "findings": [shown(page, draft.document, problem) for problem in problems],
        "errors": len(errors_of(problems)),
        "published": published,
        "affected": page.affected(draft.document),
        "changes": [change.as_dict() for change in changes],
        "may_publish": page.campaign.state in PUBLISHABLE and page.may(PUBLISH),
        **launch_words(draft.document),
    }
    return page.render("campaigns/admin/publish.html", context, status=status)


ROUTE = Route("publish", "publish/", publish, may_write=PUBLISH)
