"""What the engine does when something happens elsewhere: a version is published, a draft deleted, a run ends or
fails.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext as _

from campaigns.conflicts import refuse
from campaigns.drafts import load_draft
from campaigns.models import Campaign, CampaignVersion
from campaigns.schedules.definition import is_recurring
from campaigns.signals import campaign_moving, campaign_published, deletion_foreseen, draft_deleting
from orchestration.exceptions import Refused
from orchestration.failure_mail import mail_owner
from orchestration.leftovers import leftovers_of, remove_test_runs
from orchestration.models import ActivityRun, CampaignRun, Occurrence
from orchestration.occurrences import ACTIVE, launch_due, note_missed, settle, withdraw_planned
from orchestration.readings import end_readings
from orchestration.runs import document_of_version, stop_run
from orchestration.signals import run_ended, run_failed


@receiver(campaign_published, dispatch_uid="orchestration.launch_at_once")
def launch_at_once(version: CampaignVersion, **_kwargs: Any) -> None:
    """A campaign without a calendar launches with its publication: the occurrence is part of the same
    transaction.
    """
    note_missed(version)
    document = document_of_version(version)
    if document.schedule.get("frequency", "as_soon_as_possible") == "as_soon_as_possible":
        Occurrence.objects.get_or_create(
            campaign_id=version.campaign_id, planned_at=version.published_at, defaults={"version": version}
        )
    transaction.on_commit(partial(launch_due, version.campaign_id))


@receiver(campaign_moving, dispatch_uid="orchestration.end_runs")
def end_runs(campaign: Campaign, state: str, by: Any = None, **_kwargs: Any) -> None:
    """What is taken back or stopped runs no more; a closed campaign completes when nothing of it runs."""
    if state == "draft":
        _refuse_once_executed(campaign)
    withdraw_planned(campaign)
    if state in ("draft", "stopped"):
        for run in campaign.runs.filter(kind="live", state__in=ACTIVE):
            stop_run(run, by=by)
    if state == "closed":
        transaction.on_commit(partial(settle, campaign.pk))


def _refuse_once_executed(campaign: Campaign) -> None:
    """A recurring campaign may not even have begun a run."""
    runs = campaign.runs.filter(kind="live")
    version = campaign.versions.filter(state="published").first()
    schedule = (document_of_version(version) if version else load_draft(campaign)).schedule
    if runs.filter(state="completed").exists() or (is_recurring(schedule) and runs.exists()):
        message = _("The campaign has been executed and cannot become a draft again.")
        refuse("campaign.executed", "", message, _("Duplicate it, or edit it and publish the next version."))


@receiver(deletion_foreseen, dispatch_uid="orchestration.foresee_removal")
def foresee_removal(campaign: Campaign, **_kwargs: Any) -> list[str]:
    return list(leftovers_of(campaign.runs.all()).sentences())


@receiver(draft_deleting, dispatch_uid="orchestration.remove_tests")
def remove_tests(campaign: Campaign, **_kwargs: Any) -> dict[str, int]:
    """Test runs would hold the draft for ever; live ones do, and the deletion is refused."""
    try:
        return remove_test_runs(campaign.runs.all()).as_data()
    except Refused as refusal:
        refuse("campaign.test_under_way", "", str(refusal), "")


@receiver(run_ended, dispatch_uid="orchestration.settle_campaign")
def settle_after_run(run: CampaignRun, **_kwargs: Any) -> None:
    """The next queued launch may start, or the campaign is complete."""
    if run.kind == "live":
        transaction.on_commit(partial(settle, run.campaign_id))


@receiver(run_ended, dispatch_uid="orchestration.end_readings")
def end_readings_of(run: CampaignRun, **_kwargs: Any) -> None:
    """In the transaction that completes the run its markers move."""
    if run.kind == "live":
        end_readings(run)


@receiver(run_failed, dispatch_uid="orchestration.mail_owner")
def tell_owner(run: CampaignRun, activity_run: ActivityRun, **_kwargs: Any) -> None:
    run.refresh_from_db()
    mail_owner(run, problem=activity_run.problem or run.problem, activity=str(activity_run))
