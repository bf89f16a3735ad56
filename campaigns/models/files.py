"""Files that the installation keeps: sent in by people for campaigns to load, or written by runs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign, slug_is_plain


class StoredFile(models.Model):
    """One file, known by its slug; what it holds lies in the files folder under `place`, a random name.

    The row is the truth: a file without one is a leftover, which housekeeping removes. What a run wrote names the run and
    the activity by their numbers; `activity_run` makes sure that work done twice leaves one file.
    """

    class Origin(models.TextChoices):
        UPLOADED = "uploaded", _("uploaded")
        EXTRACTED = "extracted", _("extracted")
        REJECTS = "rejects", _("rejected lines")

    slug = models.CharField(_("slug"), max_length=80, unique=True, validators=[slug_is_plain])
    name = models.CharField(_("file"), max_length=255)
    origin = models.CharField(_("origin"), max_length=9, choices=Origin, default=Origin.UPLOADED)
    place = models.CharField(max_length=80, unique=True, editable=False)
    size = models.BigIntegerField(_("size in bytes"))
    checksum = models.CharField(_("SHA-256"), max_length=64)
    rows = models.BigIntegerField(_("rows"), null=True, blank=True)
    campaign = models.ForeignKey(
        Campaign, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("campaign")
    )
    activity_id = models.CharField(_("activity"), max_length=60, blank=True)
    run = models.BigIntegerField(_("run"), null=True, blank=True)
    activity_run = models.BigIntegerField(null=True, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.UniqueConstraint(fields=["activity_run", "origin"], name="an_activity_run_keeps_one_file")
        ]

    def __str__(self) -> str:
        return self.name
