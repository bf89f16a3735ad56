"""The page before an act: what follows, how many people it concerns, and one button that does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from campaigns.admin.acts import Act, typing_problem
from campaigns.admin.page import CampaignPage
from campaigns.problems import Problem, ProblemsError
from campaigns.states import StateConflict


@dataclass(frozen=True, slots=True)
class Places:
    """Where a person stands after an act: at the thing, or where it was listed once it is gone."""

    back: str
    gone: str


def confirm_act(page: CampaignPage, act: Act, thing: Any, places: Places) -> HttpResponse:
    """Shows the act, or does it once it was confirmed; for many people the campaign's name has to be typed."""
    request, back, name = page.request, places.back, page.campaign.name
    if not request.user.has_perm(act.permission(thing)):
        raise PermissionDenied
    if not act.is_possible(thing):
        messages.error(request, _("This is not possible any more: the state has changed."))
        return HttpResponseRedirect(back)
    consequences = act.consequences(thing)
    if request.method == "POST":
        missing = typing_problem(consequences, name, request.POST)
        if missing is None:
            return _perform(request, act, thing, places)
        messages.error(request, f"{missing.message} {missing.remedy}")
    context = {"act": act, "thing": thing, "consequences": consequences, "typed": name, "back": back}
    return page.render("campaigns/admin/confirm_act.html", context)


def _perform(request: HttpRequest, act: Act, thing: Any, places: Places) -> HttpResponse:
    try:
        messages.success(request, str(act.perform(thing, request)))
        return HttpResponseRedirect(places.gone if act.ends else places.back)
    except ProblemsError as error:
        for problem in error.problems:
            messages.error(request, f"{problem.message} {problem.remedy}".strip())
    except StateConflict:
        messages.error(request, _("Somebody was first: the state has changed. Look at it again."))
    return HttpResponseRedirect(places.back)


def refused(message: str) -> ProblemsError:
    """What an act raises when the engine says no."""
    return ProblemsError([Problem("act.refused", "", message, "")])
