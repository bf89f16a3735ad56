"""Files into managed tables: a dry run that names every bad line, then one button that imports the rest."""

from __future__ import annotations

import csv
import re
import secrets
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

from celery import current_app
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.site_pages import ReadOnlyAdmin, needing, site_page, tell_problems
from campaigns.admin.state_labels import state_label
from campaigns.audit import record
from campaigns.formula_guard import guard
from campaigns.imports.jobs import cancel_import, create_import
from campaigns.imports.plans import ImportOptions, Plan
from campaigns.imports.rejects import masked, refused_by_column
from campaigns.models import ImportJob, ImportReject, Table
from campaigns.naming import slug_of
from campaigns.personal_data import PERMISSION, may_see
from campaigns.problems import ProblemsError
from campaigns.states import StateConflict

ADD, VIEW = "campaigns.add_importjob", "campaigns.view_importjob"
CHANGE_AUDIENCE = "campaigns.change_audience"
SHOWN_REJECTS = 20
FOR_AUDIENCES = (ImportJob.Mode.APPEND, ImportJob.Mode.REPLACE)


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    """Every import: where it stands, and what it did."""

    list_display = (
        "file_name",
        "target",
        "mode",
        "shown_state",
        "rows_read",
        "rows_rejected",
        "by",
        "created_at",
    )
    list_filter = ("state", "mode", ("created_at", admin.DateFieldListFilter))
    search_fields = ("file_name", "target")
    list_select_related = ("by",)
    list_before_template = "campaigns/admin/imports_intro.html"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("upload/", needing(ADD, upload), name="import_upload"),
            path("<int:pk>/progress/", needing(VIEW, progress), name="import_progress"),
            path("<int:pk>/apply/", needing(VIEW, apply), name="import_apply"),
            path("<int:pk>/cancel/", needing(VIEW, cancel), name="import_cancel"),
            path("<int:pk>/rejects/", needing(PERMISSION, rejects), name="import_rejects"),
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, job: ImportJob) -> SafeString:
        return state_label(job.state, job.get_state_display())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return _to(get_object_or_404(ImportJob, pk=object_id))


def _to(job: ImportJob) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:import_progress", args=[job.pk]))


def upload(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and request.FILES.get("file"):
        try:
            return _begun(request)
        except ProblemsError as error:
            tell_problems(request, error.problems)
    elif request.method == "POST":
        messages.error(request, _("Choose a file first."))
    context = {
        "tables": Table.objects.filter(origin=Table.Origin.MANAGED),
        "modes": [each for each in ImportJob.Mode.choices if each[0] not in FOR_AUDIENCES],
        "sent": request.POST,
        "opts": ImportJob._meta,
    }
    return site_page(request, "campaigns/admin/import_upload.html", context, title=_("Import a file"))


def _begun(request: HttpRequest) -> HttpResponse:
    sent, file = request.POST, cast("UploadedFile[Any]", request.FILES["file"])
    target = sent.get("target", "") or slug_of(sent.get("new_table", "") or Path(str(file.name)).stem)
    options = ImportOptions(
        mode=ImportJob.Mode(sent.get("mode", ImportJob.Mode.UPSERT)),
        key=[name.strip() for name in sent.get("key", "").split(",") if name.strip()],
        zone=sent.get("zone", "") or "UTC",
        label=sent.get("new_table", ""),
    )
    job = create_import(kept_upload(file), target, options=options, by=cast(User, request.user))
    record("import.upload", f"table {target}", by=request.user, file=job.file_name, number=job.pk)
    transaction.on_commit(partial(current_app.send_task, "campaigns.import_check", [job.pk]))
    return _to(job)


def kept_upload(file: Any) -> Path:
    """The upload in a folder of its own, under a name that no path can hide in."""
    folder: Path = settings.IMPORTS_FOLDER / secrets.token_hex(8)
    folder.mkdir(mode=0o700, parents=True)
    name = re.sub(r"[^\w.-]+", "-", Path(str(file.name)).name)[-100:].lstrip(".") or "upload.csv"
    kept = folder / name
    with kept.open("wb") as stream:
        for chunk in file.chunks():
            stream.write(chunk)
    return kept


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(ImportJob.objects.select_related("table", "audience", "by"), pk=pk)
    plan = Plan.model_validate(job.plan) if job.plan else None
    personal = may_see(request.user)
    context = {
        "job": job,
        "percent": 100 * job.bytes_done // max(1, job.bytes_total),
        "is_moving": job.state in ("pending", "reading"),
        "columns": plan.columns if plan else (),
        "notices": plan.notices if plan else (),
        "reasons": refused_by_column(job),
        "rejects": _shown_rejects(job, personal=personal),
        "may_see": personal,
        "may_act": _may_act(request, job),
        "opts": ImportJob._meta,
    }
    return site_page(request, "campaigns/admin/import_progress.html", context, title=job.file_name)


def _shown_rejects(job: ImportJob, *, personal: bool) -> list[ImportReject]:
    """The first refused lines, masked for whoever may not see people's data."""
    found = ImportReject.objects.filter(job=job).order_by("line_number")[:SHOWN_REJECTS]
    return [each if personal else masked(each) for each in found]


def _subject(job: ImportJob) -> str:
    return f"{'audience' if job.audience_id else 'table'} {job.target}"


def _may_act(request: HttpRequest, job: ImportJob) -> bool:
    """People go into an audience by the right to change it, rows into a table by the right to import."""
    return request.user.has_perm(CHANGE_AUDIENCE if job.audience_id else ADD)


def _acted_on(request: HttpRequest, pk: int) -> ImportJob:
    job = get_object_or_404(ImportJob, pk=pk)
    if not _may_act(request, job):
        raise PermissionDenied
    return job


def apply(request: HttpRequest, pk: int) -> HttpResponse:
    job = _acted_on(request, pk)
    if request.method == "POST" and job.state == "checked":
        record("import.apply", _subject(job), by=request.user, number=job.pk)
        transaction.on_commit(partial(current_app.send_task, "campaigns.import_apply", [job.pk]))
        messages.success(request, _("The import has begun."))
    return _to(job)


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = _acted_on(request, pk)
    if request.method == "POST":
        try:
            cancel_import(job)
            record("import.cancel", _subject(job), by=request.user, number=job.pk)
            messages.success(request, _("The import is cancelled; nothing was changed."))
        except (StateConflict, ProblemsError):
            messages.error(request, _("This import cannot be cancelled any more."))
    return _to(job)


class _Echo:
    """What csv writes to: each line is handed back."""

    def write(self, line: str) -> str:
        return line


def rejects(request: HttpRequest, pk: int) -> HttpResponse:
    """Every refused line as a file that is safe to open in a spreadsheet; whoever downloads it is written down."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    job = get_object_or_404(ImportJob, pk=pk)
    record("import.download_rejects", _subject(job), by=request.user, file=job.file_name, number=job.pk)
    answer = StreamingHttpResponse(_reject_lines(job), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{job.pk}-refused.csv"'
    answer["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]


def _reject_lines(job: ImportJob) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([_("line"), _("column"), _("reason"), _("content")])
    found = ImportReject.objects.filter(job=job).order_by("line_number")
    for each in found.iterator(chunk_size=2_000):
        yield writer.writerow([each.line_number, guard(each.column), guard(each.reason), guard(each.content)])
