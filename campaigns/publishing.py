"""Publishing: the draft becomes a version, frozen word for word, and the one that new runs take.

What follows from it (occurrences, runs) is done by receivers of `campaign_published`, in the same
transaction.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from campaigns.audit import record
from campaigns.conflicts import DraftConflict, refuse
from campaigns.document import Document, canonical, document_hash
from campaigns.drafts import load_draft
from campaigns.frozen_filters import freeze_filters
from campaigns.lint import lint_campaign
from campaigns.models import Campaign, CampaignVersion, PublishedActivityId
from campaigns.problems import Problem, ProblemsError, errors_of
from campaigns.schedules.definition import has_planned_times
from campaigns.schedules.reading import read_schedule
from campaigns.signals import campaign_published
from campaigns.states import CAMPAIGN, VERSION, move, move_one

__all__ = ["UnconfirmedWarnings", "campaign_published", "publish_campaign"]

PUBLISHABLE = ("draft", "scheduled", "live", "completed")


class UnconfirmedWarnings(ProblemsError):  # noqa: N818 - a question, no fault
    """There are only warnings; whoever publishes has to confirm them."""


@transaction.atomic
def publish_campaign(
    campaign: Campaign, *, by: Any, if_match: str, confirm_warnings: bool = False
) -> CampaignVersion:
    """Freeze the draft with the hash `if_match` as the next version and let it take effect.

    Raises DraftConflict when the draft has another hash, ProblemsError with what the lint finds,
    UnconfirmedWarnings when there are only warnings and they were not confirmed.
    """
    locked = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    _refuse_state(locked)
    if locked.draft_hash != if_match:
        raise DraftConflict(yours=if_match, current=locked.draft_hash)
    _refuse_problems(lint_campaign(locked), confirm_warnings)
    document = freeze_filters(load_draft(locked))
    _refuse_unchanged(locked, document)
    version = _freeze(locked, document, by)
    _move(locked, document)
    record("campaign.publish", f"campaign {locked.slug}", by=by, version=version.number, hash=version.hash)
    campaign_published.send(CampaignVersion, version=version)
    campaign.refresh_from_db()
    return version


def _refuse_state(campaign: Campaign) -> None:
    if campaign.state not in PUBLISHABLE:
        message = _("The campaign is %(state)s and cannot be published.") % {
            "state": campaign.get_state_display()
        }
        refuse("campaign.not_publishable", "", message, _("Duplicate it and publish the copy."))


def _refuse_problems(problems: tuple[Problem, ...], confirm_warnings: bool) -> None:
    if errors_of(problems):
        raise ProblemsError(problems)
    if problems and not confirm_warnings:
        raise UnconfirmedWarnings(problems)


def _refuse_unchanged(campaign: Campaign, document: Document) -> None:
    """A completed campaign may be published again as it is: that launches it once more."""
    same = campaign.versions.filter(state="published", hash=document_hash(document)).first()
    if same and campaign.state in ("scheduled", "live"):
        message = _("Version %(number)d, which is published, is the same.") % {"number": same.number}
        refuse("campaign.unchanged", "", message, _("Change the draft before you publish it."))


def _freeze(campaign: Campaign, document: Document, by: Any) -> CampaignVersion:
    move(campaign.versions.all(), VERSION, "superseded")
    last = campaign.versions.aggregate(last=Max("number"))["last"] or 0
    version = CampaignVersion.objects.create(
        campaign=campaign,
        number=last + 1,
        definition=canonical(document),
        hash=document_hash(document),
        draft_hash=campaign.draft_hash,
        published_by=by,
    )
    taken = [
        PublishedActivityId(campaign=campaign, activity_id=a.id, type=a.type) for a in document.activities
    ]
    PublishedActivityId.objects.bulk_create(taken, ignore_conflicts=True)
    version.refresh_from_db()
    return version


def _move(campaign: Campaign, document: Document) -> None:
    """A live campaign stays live; another waits for its first launch where its schedule plans one."""
    planned = campaign.state != "live" and has_planned_times(read_schedule(document.schedule))
    state = "scheduled" if planned else "live"
    if campaign.state != state:
        move_one(campaign, CAMPAIGN, state)
