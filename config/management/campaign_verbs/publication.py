"""Verbs that publish and that take a campaign from one state to another."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from campaigns.publishing import publish_campaign
from config.management.campaign_verbs.operands import find_campaign, find_user
from config.management.campaign_verbs.outcome import Outcome


def publish_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument("--if-match", metavar="HASH", help=_("refuse unless the draft still has this hash"))
    parser.add_argument(
        "--confirm-warnings", action="store_true", help=_("publish although there are warnings")
    )


def publish(
    slug: str, if_match: str | None, confirm_warnings: bool, by: str | None, **_options: Any
) -> Outcome:
    campaign = find_campaign(slug)
    version = publish_campaign(
        campaign,
        by=find_user(by),
        if_match=if_match or campaign.draft_hash,
        confirm_warnings=confirm_warnings,
    )
    words = {"slug": slug, "number": version.number, "state": campaign.get_state_display()}
    line = _("Campaign “%(slug)s” is published as version %(number)d and is now %(state)s.") % words
    data = {
        "ok": True,
        "slug": slug,
        "version": version.number,
        "hash": version.hash,
        "state": campaign.state,
    }
    return Outcome(data, (line,))
