"""How the list of campaigns is narrowed: state, what waits, channel, tag, folder, owner."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns.campaign_choices import (
    NOWHERE,
    Campaigns,
    all_tags,
    channel_types,
    in_folder,
    using_channel,
)
from campaigns.folders import Tree, load_tree
from campaigns.states import CAMPAIGN
from orchestration.waiting import KINDS, campaigns_that_wait

NOT_ARCHIVED = tuple(state for state in CAMPAIGN.states if state != "archived")
NEEDS = {
    "confirmation": _("A confirmation"),
    "failed": _("Help: a run has failed"),
    "paused": _("Help: a run is paused"),
    "unknown": _("Help: messages are unknown"),
    "changes": _("To be published: the draft has changed"),
}


def tree_of(request: HttpRequest) -> Tree:
    """Read once for each page."""
    known = getattr(request, "campaign_folders", None)
    if known is None:
        known = load_tree()
        request.campaign_folders = known  # type: ignore[attr-defined]
    tree: Tree = known
    return tree


class StateFilter(SimpleListFilter):
    """Archived campaigns are out of sight until they are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [("every", _("With archived")), *CAMPAIGN.choices]

    def queryset(self, request: HttpRequest, queryset: Campaigns) -> Campaigns:
        chosen = self.value()
        if chosen is None:
            return queryset.filter(state__in=NOT_ARCHIVED)
        return queryset if chosen == "every" else queryset.filter(state=chosen)


class NeedsFilter(SimpleListFilter):
    """Campaigns in which something waits for a person."""

    title = _("what it needs")
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return list(NEEDS.items())

    def queryset(self, request: HttpRequest, queryset: Campaigns) -> Campaigns:
        chosen = self.value()
        return queryset.filter(campaigns_that_wait(chosen)) if chosen and chosen in KINDS else queryset


class ChannelFilter(SimpleListFilter):
    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return list(channel_types().items())

    def queryset(self, request: HttpRequest, queryset: Campaigns) -> Campaigns:
        chosen = self.value()
        return using_channel(queryset, chosen) if chosen else queryset


class TagFilter(SimpleListFilter):
    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [(tag, tag) for tag in all_tags()]

    def queryset(self, request: HttpRequest, queryset: Campaigns) -> Campaigns:
        chosen = self.value()
        return queryset.filter(tags__contains=[chosen]) if chosen else queryset


class FolderFilter(SimpleListFilter):
    """A folder stands for all that lies in it and below."""

    title = _("folder")
    parameter_name = "folder"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        tree = tree_of(request)
        found = [(str(folder.pk), tree.words(folder.pk)) for folder, _level in tree.ordered()]
        return [*found, (NOWHERE, _("In no folder"))] if found else []

    def queryset(self, request: HttpRequest, queryset: Campaigns) -> Campaigns:
        return in_folder(queryset, tree_of(request), self.value() or "")
