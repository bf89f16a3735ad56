"""Two people changed one draft: both changes are shown, nothing is lost, and one click puts them together."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from campaigns.admin.page import CampaignPage
from campaigns.conflicts import DraftConflict
from campaigns.document import Document, canonical, parse_text
from campaigns.draft_edits import Collision, Edit, choice_name, draft_with, edit_draft, merged
from campaigns.drafts import save_draft
from campaigns.merging import Fate, PartConflict, compare
from campaigns.problems import Problem, ProblemsError
from campaigns.yaml_rendering import write_yaml


def save(page: CampaignPage, edit: Edit, *, done: str) -> HttpResponse | None:
    """Make the change to the draft that was on the page; the conflict's page where somebody was first.

    Raises ProblemsError when the change is refused; None when it was saved.
    """
    seen = page.request.POST.get("if_match", "")
    collision = edit_draft(page.campaign, edit, if_match=seen, by=page.request.user)
    if collision is None:
        page.succeed(done)
        return None
    return show(page, collision, seen)


def show(page: CampaignPage, collision: Collision, seen: str) -> HttpResponse:
    conflict = collision.conflict
    context = {
        "conflict": conflict,
        "parts": [_shown(part) for part in conflict.parts],
        "yours": canonical(collision.yours),
        "seen": seen,
        "current": conflict.current,
    }
    return page.render("campaigns/admin/conflict.html", context, status=409)


def _shown(part: PartConflict) -> dict[str, Any]:
    words = part.as_dict()
    return {
        "choice": choice_name(part),
        "name": part.key.name or words["part"],
        "kind": words["part"],
        "fate": words["changed_by"],
        "remedy": words["remedy"],
        "must_choose": part.fate is Fate.BOTH,
        **{side: _text(words[side]) for side in ("base", "theirs", "yours")},
    }


def _text(part: Any) -> str:
    return "" if part is None else write_yaml(json.loads(json.dumps(part)))


def resolve(page: CampaignPage) -> HttpResponse:
    """Saves what both changes become, on top of the draft the page had shown as theirs."""
    sent = page.request.POST
    try:
        yours = parse_text(sent.get("yours", ""))
    except (ValueError, ProblemsError):
        page.refuse([_lost()])
        return page.redirect("flow")
    return _put_together(page, yours, seen=sent.get("seen", ""), theirs_hash=sent.get("if_match", ""))


def _put_together(page: CampaignPage, yours: Document, *, seen: str, theirs_hash: str) -> HttpResponse:
    theirs = draft_with(page.campaign, theirs_hash)
    parts = compare(draft_with(page.campaign, seen), theirs=theirs, yours=yours)
    wins = frozenset(page.request.POST.getlist("yours_wins"))
    try:
        both = merged(theirs, parts, wins)
        save_draft(page.campaign, both, if_match=theirs_hash, by=page.request.user)
    except DraftConflict as again:
        return show(page, Collision(yours, again), seen)
    except ProblemsError as error:
        page.refuse(error.problems)
        conflict = DraftConflict(yours=seen, current=theirs_hash, parts=parts)
        return show(page, Collision(yours, conflict), seen)
    page.succeed(_("Both changes are saved."))
    return page.redirect("flow")


def _lost() -> Problem:

    return Problem("conflict.unreadable", "", _("The change could not be read."), _("Make it once more."))
