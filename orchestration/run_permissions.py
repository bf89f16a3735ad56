"""Who may act on a run, whichever door they come through."""

from __future__ import annotations

from orchestration.models import CampaignRun, RunKind

TEST, LIVE = "campaigns.change_campaign", "campaigns.publish_campaign"
CONFIRM = "campaigns.confirm_send"


def permission_to_act(run: CampaignRun) -> str:
    """Whoever may change a campaign may act on its tests; on live runs, whoever may publish it."""
    return TEST if run.kind == RunKind.TEST else LIVE
