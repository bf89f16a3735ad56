"""By what campaigns are chosen from many: the channels they use, their tags, the folders they lie in."""

from __future__ import annotations

from django.db.models import Exists, Func, OuterRef, QuerySet

from campaigns import activity_types
from campaigns.activity_types import Category
from campaigns.folders import Tree
from campaigns.models import Activity, Campaign

MOST_TAGS = 200
NOWHERE = "none"
"""Stands for campaigns that lie in no folder."""

Campaigns = QuerySet[Campaign]


def channel_types() -> dict[str, str]:
    """Activity types that send, by name, in words."""
    kinds = activity_types.registered()
    return {name: str(kind.label) for name, kind in kinds.items() if kind.category is Category.CHANNEL}


def all_tags() -> list[str]:
    tags = Campaign.objects.annotate(tag=Func("tags", function="unnest")).values_list("tag", flat=True)
    return list(tags.distinct().order_by("tag")[:MOST_TAGS])


def using_channel(campaigns: Campaigns, kind: str) -> Campaigns:
    return campaigns.filter(Exists(Activity.objects.filter(campaign=OuterRef("pk"), type=kind)))


def in_folder(campaigns: Campaigns, tree: Tree, chosen: str) -> Campaigns:
    """Those in the folder of that key and below it, or in none; all where there is no such folder."""
    if chosen == NOWHERE:
        return campaigns.filter(folder__isnull=True)
    pk = folder_key(tree, chosen)
    return campaigns if pk is None else campaigns.filter(folder__in=tree.within(pk))


def folder_key(tree: Tree, chosen: str | None) -> int | None:
    """The folder's key where there is one of that name in addresses."""
    pk = int(chosen) if chosen and chosen.isdecimal() else None
    return pk if pk in tree.folders else None
