"""What stands above the list of campaigns: what waits for this person, and the folders."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from campaigns.campaign_choices import folder_key
from campaigns.folders import Tree
from campaigns.models import Campaign, CampaignFolder
from config.admin.campaign_filters import tree_of
from config.admin.waiting import cards


def home_context(request: HttpRequest) -> dict[str, Any]:
    tree = tree_of(request)
    here = folder_key(tree, request.GET.get("folder"))
    return {
        "cards": cards(request.user),
        "folder_path": [_shown(tree, folder) for folder in tree.path(here)],
        "folders": [_shown(tree, folder) for folder in tree.inside(here)],
        "list_url": _list_url(),
        "is_untouched": not request.GET and not Campaign.objects.exists(),
    }


def _list_url(folder: int | None = None) -> str:
    query = f"?folder={folder}" if folder is not None else ""
    return reverse("admin:campaigns_campaign_changelist") + query


def _shown(tree: Tree, folder: CampaignFolder) -> dict[str, Any]:
    return {"name": folder.name, "url": _list_url(folder.pk), "count": tree.count(folder.pk)}
