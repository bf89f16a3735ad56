"""The acts that take a campaign from one state to another; publishing and duplicating have pages of their
own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns import lifecycle
from campaigns.admin.acts import Act, Consequences
from campaigns.admin.page import CHANGE, Text
from campaigns.models import Campaign
from campaigns.signals import deletion_foreseen
from campaigns.states import CAMPAIGN

PUBLISH = "campaigns.publish_campaign"


class Words(NamedTuple):
    """What people read of an act."""

    label: Text
    icon: str
    before: Text
    after: Text


def _move(
    act: Callable[..., None], state: str, words: Words, *, permission: str = PUBLISH, tone: str = ""
) -> Act:
    """An act of `campaigns.lifecycle` that leads to `state`."""

    def perform(campaign: Campaign, request: HttpRequest) -> Text:
        act(campaign, by=request.user)
        return words.after

    return Act(
        name=act.__name__.removesuffix("_campaign").replace("_", "-"),
        label=words.label,
        icon=words.icon,
        permission=lambda campaign: permission,
        is_possible=lambda campaign: campaign.state in CAMPAIGN.before(state),
        consequences=lambda campaign: Consequences([words.before]),
        perform=perform,
        tone=tone,
    )


def _delete(campaign: Campaign, request: HttpRequest) -> Text:
    lifecycle.delete_draft(campaign, by=request.user)
    return _("The draft was deleted.")


def _is_fresh(campaign: Campaign) -> bool:
    return campaign.state == "draft" and not campaign.versions.exists()


def _what_goes(campaign: Campaign) -> Consequences:
    """The draft, and what receivers know to go with it."""
    answers: list[tuple[Any, Any]] = deletion_foreseen.send(Campaign, campaign=campaign)
    more = [sentence for _receiver, sentences in answers for sentence in sentences]
    last = _("This cannot be undone. What was done to the draft stays in the audit log.")
    return Consequences([_("The draft and its history are removed."), *more, last])


ACTS = (
    _move(
        lifecycle.back_to_draft,
        "draft",
        Words(
            _("Back to draft"),
            "undo",
            _(
                "The published version is withdrawn and launches no more. You can change the draft and publish it."
            ),
            _("The campaign is a draft again."),
        ),
    ),
    _move(
        lifecycle.close_campaign,
        "closed",
        Words(
            pgettext_lazy("campaign", "Close"),
            "door_front",
            _("No new run starts; runs under way finish."),
            _("The campaign is closed."),
        ),
    ),
    _move(
        lifecycle.stop_campaign,
        "stopped",
        Words(
            _("Stop"),
            "stop_circle",
            _(
                "All runs end at once and messages not yet sent are cancelled. A stopped campaign stays stopped."
            ),
            _("The campaign is stopped."),
        ),
        tone="danger",
    ),
    _move(
        lifecycle.archive_campaign,
        "archived",
        Words(
            _("Archive"),
            "archive",
            _("The campaign leaves the list; its reports stay."),
            _("The campaign is archived."),
        ),
        permission=CHANGE,
    ),
    Act(
        name="delete-draft",
        label=_("Delete draft"),
        icon="delete",
        permission=lambda campaign: "campaigns.delete_campaign",
        is_possible=_is_fresh,
        consequences=_what_goes,
        perform=_delete,
        tone="danger",
        ends=True,
    ),
)
