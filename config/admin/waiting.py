"""Cards of what waits for this person, each with its number and the place where it is dealt with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from campaigns.admin.page import campaign_url
from orchestration.waiting import Waiting, waiting_for


@dataclass(frozen=True, slots=True)
class Card:
    kind: str
    icon: str
    number: int
    words: str
    where: str
    url: str


ICONS: Mapping[str, str] = {
    "confirmation": "send",
    "failed": "error",
    "paused": "pause_circle",
    "unknown": "help",
    "changes": "edit_note",
}


def _words(kind: str, number: int) -> str:
    match kind:
        case "confirmation":
            return ngettext("send waits for a confirmation", "sends wait for a confirmation", number)
        case "failed":
            return ngettext("run has failed", "runs have failed", number)
        case "paused":
            return ngettext("run is paused", "runs are paused", number)
        case "unknown":
            return ngettext("send has messages of which nobody knows whether they left",
                            "sends have messages of which nobody knows whether they left", number)  # fmt: skip
    return ngettext(
        "draft has changes that are not published", "drafts have changes that are not published", number
    )


_PLACES: Mapping[str, Callable[[Any], str]] = {
    "confirmation": lambda delivery: campaign_url(delivery.campaign, "delivery", delivery_id=delivery.pk),
    "failed": lambda run: campaign_url(run.campaign, "run", run_id=run.pk),
    "paused": lambda run: campaign_url(run.campaign, "run", run_id=run.pk),
    "unknown": lambda delivery: campaign_url(delivery.campaign, "delivery", delivery_id=delivery.pk),
    "changes": lambda campaign: campaign_url(campaign, "publish"),
}


def cards(user: Any) -> list[Card]:
    return [_card(kind, waiting) for kind, waiting in waiting_for(user).items()]


def _card(kind: str, found: Waiting) -> Card:
    """One thing is named and led to, several are listed."""
    if found.only is not None:
        name = str(getattr(found.only, "campaign", found.only))
        return Card(kind, ICONS[kind], 1, _words(kind, 1), name, _PLACES[kind](found.only))
    where = ngettext("in %(count)d campaign", "in %(count)d campaigns", found.campaigns) % {
        "count": found.campaigns
    }
    url = f"{reverse('admin:campaigns_campaign_changelist')}?needs={kind}"
    return Card(kind, ICONS[kind], found.things, _words(kind, found.things), where, url)
