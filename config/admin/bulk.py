"""What is done with several campaigns at once: each act shows first what it will do, and says afterwards what it did not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from campaigns.admin.folders import places
from campaigns.admin.site_pages import site_page
from campaigns.audit import through
from campaigns.campaign_choices import all_tags
from campaigns.conflicts import DraftConflict
from campaigns.folders import load_tree, put_into_folder
from campaigns.lifecycle import archive_campaign
from campaigns.models import Campaign
from campaigns.problems import ProblemsError
from campaigns.states import CAMPAIGN, StateConflict
from campaigns.tags import MOST_LETTERS, with_tag, without_tag

Rows = Iterable[Campaign]
CONFIRMED = "confirmed"
MOST_NAMED = 50
MOST_AT_ONCE = 500


def _bulk(label: Any) -> Any:
    return action(description=label, permissions=["change"])


class BulkActs:
    """Mixed into the list of campaigns."""

    actions = ("move_to_folder", "add_tag", "remove_tag", "archive")

    @_bulk(gettext_lazy("Move to a folder"))  # type: ignore[untyped-decorator]
    def move_to_folder(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        tree = load_tree()
        if CONFIRMED not in request.POST:
            return _ask(request, queryset, "move_to_folder", {"places": places(tree)})
        sent = request.POST.get("folder", "")
        try:
            with through("admin"):
                folder = int(sent) if sent.isdecimal() else None
                count = put_into_folder(queryset, folder, by=request.user)
        except ProblemsError as error:
            _tell_problems(request, error)
            return None
        messages.success(request, _moved(count))
        return None

    @_bulk(gettext_lazy("Add a tag"))  # type: ignore[untyped-decorator]
    def add_tag(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return _change_tag(request, queryset, "add_tag", with_tag, all_tags())

    @_bulk(gettext_lazy("Remove a tag"))  # type: ignore[untyped-decorator]
    def remove_tag(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        used = sorted({tag for campaign in queryset for tag in campaign.tags})
        return _change_tag(request, queryset, "remove_tag", without_tag, used)

    @_bulk(gettext_lazy("Archive"))  # type: ignore[untyped-decorator]
    def archive(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        possible = CAMPAIGN.before("archived")
        if CONFIRMED not in request.POST:
            left_out = [each for each in queryset if each.state not in possible]
            return _ask(request, queryset, "archive", {"left_out": left_out[:MOST_NAMED]})
        _each(
            request, queryset.filter(state__in=possible), lambda each: archive_campaign(each, by=request.user)
        )
        return None


def _change_tag(
    request: HttpRequest, queryset: Any, name: str, change: Callable[..., bool], known: list[str]
) -> HttpResponse | None:
    tag = " ".join(request.POST.get("tag", "").split())
    if CONFIRMED not in request.POST or not 0 < len(tag) <= MOST_LETTERS:
        return _ask(
            request, queryset, name, {"tags": known, "tag": tag, "is_missing": CONFIRMED in request.POST}
        )
    _each(request, queryset, lambda campaign: change(campaign, tag, by=request.user))
    return None


def _each(request: HttpRequest, campaigns: Rows, act: Callable[[Campaign], Any]) -> None:
    """One campaign that refuses keeps none of the others from it."""
    done, refused = 0, []
    for campaign in campaigns:
        try:
            with through("admin"):
                done += act(campaign) is not False
        except ProblemsError as error:
            refused.append(f"{campaign.name}: {error.problems[0].message}")
        except (DraftConflict, StateConflict):
            refused.append(_("%(name)s: somebody else was first.") % {"name": campaign.name})
    messages.success(
        request,
        ngettext("%(count)d campaign changed.", "%(count)d campaigns changed.", done) % {"count": done},
    )
    for words in refused[:MOST_NAMED]:
        messages.error(request, words)


def _moved(count: int) -> str:
    return ngettext("%(count)d campaign moved.", "%(count)d campaigns moved.", count) % {"count": count}


def _tell_problems(request: HttpRequest, error: ProblemsError) -> None:
    for problem in error.problems:
        messages.error(request, f"{problem.message} {problem.remedy}")


def _ask(request: HttpRequest, queryset: Any, name: str, more: dict[str, Any]) -> HttpResponse | None:
    chosen = list(queryset[: MOST_AT_ONCE + 1])
    if len(chosen) > MOST_AT_ONCE:
        messages.error(
            request, _("That is more than %(most)d campaigns. Mark fewer.") % {"most": MOST_AT_ONCE}
        )
        return None
    context = {
        "act": name,
        "chosen": chosen[:MOST_NAMED],
        "count": len(chosen),
        "keys": [campaign.pk for campaign in chosen],
        "opts": Campaign._meta,
        **more,
    }
    return site_page(request, "config/admin/bulk.html", context, title=_TITLES[name])


_TITLES = {
    "move_to_folder": gettext_lazy("Move to a folder"),
    "add_tag": gettext_lazy("Add a tag"),
    "remove_tag": gettext_lazy("Remove a tag"),
    "archive": gettext_lazy("Archive"),
}
