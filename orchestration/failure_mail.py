"""Telling a campaign's owner that a run needs a person."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from orchestration.models import CampaignRun

logger = logging.getLogger(__name__)


def mail_owner(run: CampaignRun, *, problem: str, activity: str = "") -> bool:
    """Send the owner what happened and where to act; False when nobody is to be told or the mail did not leave."""
    owner = run.campaign.owner
    if owner is None or not owner.email:
        return False
    subject = " ".join((_("Campaign “%(campaign)s” needs you") % {"campaign": run.campaign.name}).split())
    lines = [
        _("Run %(run)s of the campaign “%(campaign)s” is %(state)s.")
        % {"run": run.pk, "campaign": run.campaign.name, "state": run.get_state_display()},
        _("Activity: %(activity)s") % {"activity": activity} if activity else "",
        _("What happened: %(problem)s") % {"problem": problem},
        _("Open the run to see its log, then retry, resume or stop it: %(url)s") % {"url": _address_of(run)},
    ]
    try:
        sent = send_mail(subject, "\n\n".join(filter(None, lines)), None, [owner.email], fail_silently=False)
    except OSError:
        logger.exception("The owner of campaign %s could not be told of run %s.", run.campaign_id, run.pk)
        return False
    return bool(sent)


def _address_of(run: CampaignRun) -> str:
    try:
        path = reverse("admin:orchestration_campaignrun_change", args=[run.pk])
    except NoReverseMatch:
        path = reverse("admin:index")
    return f"{settings.PUBLIC_BASE_URL}{path}"
