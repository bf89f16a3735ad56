"""Acts of a person that take a campaign from one state to another. Publishing is `campaigns.publishing`'s.

What runs is ended by receivers of `campaign_moving`; they may refuse the move. What tests left is removed by
receivers of `draft_deleting`.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from campaigns.audit import record
from campaigns.conflicts import DraftConflict, refuse
from campaigns.models import Campaign
from campaigns.signals import campaign_moving, draft_deleting
from campaigns.states import CAMPAIGN, VERSION, move, move_one


def close_campaign(campaign: Campaign, *, by: Any = None) -> None:
    """No new run starts; those under way finish."""
    _move(campaign, "closed", "campaign.close", by)


def stop_campaign(campaign: Campaign, *, by: Any = None) -> None:
    """End the campaign and all its runs for good."""
    _move(campaign, "stopped", "campaign.stop", by)


def archive_campaign(campaign: Campaign, *, by: Any = None) -> None:
    """Hide a campaign that is over."""
    _move(campaign, "archived", "campaign.archive", by)


@transaction.atomic
def back_to_draft(campaign: Campaign, *, by: Any = None) -> None:
    """Take a published campaign back: its version is withdrawn and launches no more."""
    _move(campaign, "draft", "campaign.back_to_draft", by)
    move(campaign.versions.all(), VERSION, "superseded")


@transaction.atomic
def delete_draft(campaign: Campaign, *, if_match: str | None = None, by: Any = None) -> None:
    """Remove a draft that was never published and never ran live, with its test runs; with `if_match` only as long
    as it has this hash.
    """
    locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if if_match is not None and if_match != locked.draft_hash:
        raise DraftConflict(yours=if_match, current=locked.draft_hash)
    if locked.state != "draft":
        _refuse_deletion(_("Only a draft can be deleted; this campaign is %(state)s.") % _state(locked))
    removed = _removed_with(locked)
    record("campaign.delete", f"campaign {locked.slug}", by=by, hash=locked.draft_hash, **removed)
    try:
        locked.delete()
    except ProtectedError:
        _refuse_deletion(_("This draft ran live or was published, and what happened is kept."))


def _removed_with(campaign: Campaign) -> dict[str, Any]:
    """What receivers removed that would have held the draft."""
    answers: list[tuple[Any, Any]] = draft_deleting.send(Campaign, campaign=campaign)
    return {name: value for _receiver, answer in answers for name, value in answer.items()}


def _refuse_deletion(message: str) -> None:
    refuse("campaign.not_deletable", "", message, _("Keep it, or archive it once it is over."))


@transaction.atomic
def _move(campaign: Campaign, state: str, action: str, by: Any) -> None:
    locked = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if locked.state not in CAMPAIGN.before(state):
        words = {"states": ", ".join(CAMPAIGN.before(state))} | _state(locked)
        message = _("The campaign is %(state)s, where this is not possible.") % words
        refuse("campaign.wrong_state", "", message, _("It has to be one of: %(states)s.") % words)
    before = locked.state
    campaign_moving.send(Campaign, campaign=locked, state=state, by=by)
    move_one(locked, CAMPAIGN, state)
    record(action, f"campaign {locked.slug}", by=by, before=before, after=state)
    campaign.refresh_from_db()


def _state(campaign: Campaign) -> dict[str, str]:
    return {"state": campaign.get_state_display()}
