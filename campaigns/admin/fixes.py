"""Mending a problem by a click on its fix: made again from the draft that was on the page, so that nothing is trusted
that was sent.
"""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _

from campaigns.admin.conflicts import save
from campaigns.admin.page import CampaignPage
from campaigns.conflicts import refuse
from campaigns.document import Document, parse_document
from campaigns.fixes import Fix
from campaigns.json_patch import patched
from campaigns.lint import lint_document
from campaigns.problems import ProblemsError
from campaigns.world import load_world


def fix(page: CampaignPage) -> HttpResponse:
    """Which one is said by the problem's code and place, and by the label of the fix."""
    sent = page.request.POST
    wanted = (sent.get("code", ""), sent.get("path", ""), sent.get("label", ""))
    try:
        conflict = save(page, partial(mended, wanted=wanted), done=_("Done: %(what)s") % {"what": wanted[2]})
    except ProblemsError as error:
        page.refuse(error.problems)
        conflict = None
    return conflict or page.redirect("checks")


def mended(document: Document, wanted: tuple[str, str, str]) -> Document:
    """The document after the fix of this problem; refused where it does not have it."""
    chosen = _fix_of(document, wanted)
    if chosen is None:
        message = _("This problem is not there any more, or is another one now.")
        refuse("fix.gone", "", message, _("Look at the problems again."))
    return parse_document(patched(document.model_dump(mode="json", by_alias=True), chosen.operations))


def _fix_of(document: Document, wanted: tuple[str, str, str]) -> Fix | None:
    for problem in lint_document(document, load_world(document)):
        for each in problem.fixes:
            if (problem.code, problem.path, each.label) == wanted:
                return each
    return None
