"""What a campaign's state becomes by itself, from what runs and what is planned."""

from __future__ import annotations

from campaigns.models import Campaign
from campaigns.states import CAMPAIGN, move


def settle_campaign(campaign: Campaign, *, runs_active: bool, launches_ahead: bool) -> str:
    """Move the campaign to what it now is; the state it has afterwards.

    A published campaign is live once a run of it is active or was launched, scheduled while all its launches lie ahead,
    and completed when nothing runs and nothing is planned any more. A closed one completes when its runs have ended.
    """
    wanted = _wanted(campaign.state, runs_active=runs_active, launches_ahead=launches_ahead)
    if wanted != campaign.state:
        move(Campaign.objects.filter(pk=campaign.pk), CAMPAIGN, wanted)
        campaign.refresh_from_db()
    return campaign.state


def _wanted(state: str, *, runs_active: bool, launches_ahead: bool) -> str:
    match state:
        case "scheduled" | "live" if runs_active:
            return "live"
        case "scheduled" | "live" if not launches_ahead:
            return "completed"
        case "closed" if not runs_active:
            return "completed"
    return state
