"""The page of folders: the tree with its counts, and what may be done with each folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.page import CHANGE, Text
from campaigns.admin.site_pages import site_page, tell_problems
from campaigns.folders import Tree, create_folder, delete_folder, load_tree, move_folder, rename_folder
from campaigns.models import Campaign, CampaignFolder
from campaigns.problems import ProblemsError


def folders(request: HttpRequest) -> HttpResponse:
    """The tree; sent, a new folder."""
    if request.method != "POST":
        return _show(request)
    _demand(request)
    return _done(
        request,
        lambda: create_folder(
            request.POST.get("name", ""), parent=_key(request.POST.get("parent")), by=request.user
        ),
        _("The folder is there."),
    )


def folder(request: HttpRequest, folder_id: int) -> HttpResponse:
    """One folder: rename, move, delete."""
    found = get_object_or_404(CampaignFolder, pk=folder_id)
    if request.method != "POST":
        return _show_one(request, found)
    _demand(request)
    act, said = _ACTS.get(request.POST.get("act", ""), (None, ""))
    return _done(request, lambda: act(request, found) if act else None, said)


def _rename_and_move(request: HttpRequest, found: CampaignFolder) -> None:
    rename_folder(found, request.POST.get("name", ""), by=request.user)
    move_folder(found, _key(request.POST.get("parent")), by=request.user)


def _delete(request: HttpRequest, found: CampaignFolder) -> None:
    delete_folder(found, by=request.user)


_ACTS: dict[str, tuple[Callable[[HttpRequest, CampaignFolder], None] | None, Any]] = {
    "save": (_rename_and_move, gettext_lazy("The folder is saved.")),
    "delete": (_delete, gettext_lazy("The folder is gone.")),
}


def _done(request: HttpRequest, act: Callable[[], Any], said: Text) -> HttpResponse:
    try:
        act()
    except ProblemsError as error:
        tell_problems(request, error.problems)
        return HttpResponseRedirect(request.path)
    if said:
        messages.success(request, str(said))
    return HttpResponseRedirect(reverse("admin:campaign_folders"))


def _demand(request: HttpRequest) -> None:
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied


def _key(sent: str | None) -> int | None:
    """A key that no folder has is refused by its number."""
    return int(sent) if sent and sent.isdecimal() and len(sent) < 18 else None  # noqa: PLR2004 - a bigint


def _show(request: HttpRequest) -> HttpResponse:
    tree = load_tree()
    context = {
        "branches": [_branch(tree, each, level) for each, level in tree.ordered()],
        "loose": Campaign.objects.filter(folder__isnull=True).exclude(state="archived").count(),
        "may_change": request.user.has_perm(CHANGE),
        "places": places(tree),
        "chosen": request.GET.get("parent", ""),
        "opts": Campaign._meta,
    }
    return site_page(request, "campaigns/admin/folders.html", context, title=_("Folders"))


def _branch(tree: Tree, each: CampaignFolder, level: int) -> dict[str, Any]:
    listed = reverse("admin:campaigns_campaign_changelist")
    return {
        "folder": each,
        "level": level,
        "path": tree.words(each.pk),
        "own": tree.own.get(each.pk, 0),
        "count": tree.count(each.pk),
        "list_url": f"{listed}?folder={each.pk}",
    }


def places(tree: Tree, without: int | None = None) -> list[tuple[str, str]]:
    """Where a folder or a campaign may be put, by key; below itself no folder may."""
    barred = tree.within(without) if without is not None else set()
    found = [each for each, _level in tree.ordered() if each.pk not in barred]
    return [(str(each.pk), tree.words(each.pk)) for each in found]


def _show_one(request: HttpRequest, found: CampaignFolder) -> HttpResponse:
    tree = load_tree()
    context = {
        "folder": found,
        "branch": _branch(tree, found, 0),
        "campaigns": found.campaigns.count(),
        "subfolders": len(tree.inside(found.pk)),
        "places": places(tree, without=found.pk),
        "chosen": str(found.parent_id or ""),
        "may_change": request.user.has_perm(CHANGE),
        "opts": Campaign._meta,
    }
    return site_page(request, "campaigns/admin/folder.html", context, title=tree.words(found.pk))
