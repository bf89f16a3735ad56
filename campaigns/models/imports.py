"""Files on their way into a managed table: how far each has come, and every line that was refused."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.models.audience import Audience
from campaigns.models.catalogue import Table
from campaigns.states import IMPORT


class ImportJob(models.Model):
    """One file and one table. Readable while it runs: each chunk commits its rows together with the progress.

    `bytes_done` and `lines_done` are where reading goes on after an interruption. `plan` says how the file is
    read (delimiter, columns with their types). `rows_read` and the like count rows of the file,
    `rows_inserted` and the like rows of the table: foretold in state “checked”, true in state “succeeded”.
    A table that the import itself creates is known by `target`, its slug, until then. One into an audience has no
    table: its rows are people who are looked for in the audience's dimension.
    """

    class Mode(models.TextChoices):
        UPSERT = "upsert", _("insert new rows, update those there")
        INSERT = "insert", _("insert new rows, refuse those there")
        DELETE = "delete", _("delete the rows whose keys are listed")
        APPEND = "append", _("add the people to those of the audience")
        REPLACE = "replace", _("make them the people of the audience")

    target = models.CharField(_("target"), max_length=63)
    table = models.ForeignKey(
        Table, models.CASCADE, null=True, blank=True, related_name="imports", verbose_name=_("table")
    )
    audience = models.ForeignKey(
        Audience, models.CASCADE, null=True, blank=True, related_name="imports", verbose_name=_("audience")
    )
    file_name = models.CharField(_("file"), max_length=255)
    path = models.CharField(max_length=4096, editable=False)
    mode = models.CharField(_("mode"), max_length=7, choices=Mode, default=Mode.UPSERT)
    dry_run = models.BooleanField(_("dry run"), default=True)
    plan = models.JSONField(_("how the file is read"), default=dict, blank=True, editable=False)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=9, default="pending", choices=IMPORT.choices)
    state_changed_at = models.DateTimeField(_("state changed at"), db_default=Now())
    error = models.TextField(_("error"), blank=True)
    bytes_total = models.BigIntegerField(_("size in bytes"), default=0)
    bytes_done = models.BigIntegerField(_("bytes read"), default=0)
    lines_done = models.BigIntegerField(_("lines read"), default=0)
    rows_read = models.BigIntegerField(_("rows read"), default=0)
    rows_accepted = models.BigIntegerField(_("rows accepted"), default=0)
    rows_rejected = models.BigIntegerField(_("rows refused"), default=0)
    rows_inserted = models.BigIntegerField(_("rows inserted"), null=True, blank=True)
    rows_updated = models.BigIntegerField(_("rows updated"), null=True, blank=True)
    rows_deleted = models.BigIntegerField(_("rows deleted"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=IMPORT.states), name="import_state_is_known"),
            models.CheckConstraint(
                condition=Q(rows_read=models.F("rows_accepted") + models.F("rows_rejected")),
                name="every_row_read_is_accepted_or_rejected",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} → {self.target}"


class ImportReject(models.Model):
    """One refused row of a file, with the physical line it begins on."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="rejects", db_index=False)
    line_number = models.BigIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    content = models.TextField(_("content"))

    class Meta:
        ordering = ["job", "line_number"]
        verbose_name = _("refused line")
        verbose_name_plural = _("refused lines")
        constraints = [models.UniqueConstraint(fields=["job", "line_number"], name="a_line_is_refused_once")]

    def __str__(self) -> str:
        return f"{self.line_number}: {self.reason}"
