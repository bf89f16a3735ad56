"""Reading and merging files in the background; both may be repeated, for an import holds its own lock."""

from __future__ import annotations

from celery import shared_task

from campaigns.imports.jobs import apply_import, check_import
from campaigns.models import ImportJob
from campaigns.problems import ProblemsError
from campaigns.states import StateConflict


@shared_task(name="campaigns.import_check")
def check_import_task(job_id: int) -> None:
    """What is refused stands in the job, where the person who waits reads it."""
    job = ImportJob.objects.filter(pk=job_id, state__in=("pending", "failed", "reading")).first()
    if job:
        _unless_refused(check_import, job)


@shared_task(name="campaigns.import_apply")
def apply_import_task(job_id: int) -> None:
    job = ImportJob.objects.filter(pk=job_id, state="checked").first()
    if job:
        _unless_refused(apply_import, job)


def _unless_refused(work: object, job: ImportJob) -> None:
    try:
        work(job)  # type: ignore[operator]
    except (ProblemsError, StateConflict):
        return
