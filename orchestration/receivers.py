"""What the engine does when something happens elsewhere: a version is published, a run ends, a run fails."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from campaigns.models import CampaignVersion
from campaigns.signals import campaign_published
from orchestration.failure_mail import mail_owner
from orchestration.models import ActivityRun, CampaignRun, Occurrence
from orchestration.occurrences import launch_due, settle
from orchestration.runs import document_of_version
from orchestration.signals import run_ended, run_failed


@receiver(campaign_published, dispatch_uid="orchestration.launch_at_once")
def launch_at_once(version: CampaignVersion, **_kwargs: Any) -> None:
    """A campaign without a calendar launches with its publication: the occurrence is part of the same transaction."""
    document = document_of_version(version)
    if document.schedule.get("frequency", "as_soon_as_possible") == "as_soon_as_possible":
        Occurrence.objects.get_or_create(
            campaign_id=version.campaign_id, planned_at=version.published_at, defaults={"version": version}
        )
    transaction.on_commit(partial(launch_due, version.campaign_id))


@receiver(run_ended, dispatch_uid="orchestration.settle_campaign")
def settle_after_run(run: CampaignRun, **_kwargs: Any) -> None:
    """The next queued launch may start, or the campaign is complete."""
    if run.kind == "live":
        transaction.on_commit(partial(settle, run.campaign_id))


@receiver(run_failed, dispatch_uid="orchestration.mail_owner")
def tell_owner(run: CampaignRun, activity_run: ActivityRun, **_kwargs: Any) -> None:
    run.refresh_from_db()
    mail_owner(run, problem=activity_run.problem or run.problem, activity=str(activity_run))
