"""Audiences: named sets of people that outlive the run that made them, and everything that was done to them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.catalogue import TargetingDimension, slug_is_a_name

SHORTEST_DAYS, LONGEST_DAYS = 1, 90


class Audience(models.Model):
    """A named set of people of one dimension.

    The members of a saved or imported one are the rows of `table_name` in schema `audience`, which has the columns
    of `columns` beside the key; those of a composed one are whom its `rule` finds. `edition` counts every change
    and serves as the ETag. Members that expire are due at `expires_at`, counted from when they were last written.
    """

    class Origin(models.TextChoices):
        SAVED = "saved", _("saved by a campaign")
        IMPORTED = "imported", _("imported")
        COMPOSED = "composed", _("composed by a rule")

    slug = models.CharField(_("slug"), max_length=63, unique=True, validators=[slug_is_a_name])
    label = models.CharField(_("label"), max_length=200, unique=True)
    description = models.TextField(_("description"), blank=True)
    dimension = models.ForeignKey(
        TargetingDimension,
        models.PROTECT,
        related_name="audiences",
        verbose_name=_("targeting dimension"),
    )
    origin = models.CharField(_("origin"), max_length=8, choices=Origin)
    rule = models.JSONField(_("rule"), null=True, blank=True)
    campaign = models.CharField(_("saved by the campaign"), max_length=80, blank=True)
    retention_days = models.PositiveSmallIntegerField(
        _("days its members are kept"),
        null=True,
        blank=True,
        validators=[MinValueValidator(SHORTEST_DAYS), MaxValueValidator(LONGEST_DAYS)],
        help_text=_("1 to 90, counted from when they were last written. Empty: for ever."),
    )
    table_name = models.CharField(max_length=63, blank=True, editable=False)
    columns = models.JSONField(_("columns"), default=list, blank=True, editable=False)
    row_count = models.BigIntegerField(_("members"), null=True, blank=True, editable=False)
    edition = models.PositiveIntegerField(_("edition"), default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    modified_at = models.DateTimeField(_("last change"), db_default=Now())
    filled_at = models.DateTimeField(_("members written at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("members expire at"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    class Meta:
        ordering = ["-modified_at", "-pk"]
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z][a-z0-9_]*$"), name="audience_slug_is_a_name"
            ),
            models.CheckConstraint(
                condition=Q(origin="composed", rule__isnull=False, table_name="")
                | (~Q(origin="composed") & Q(rule__isnull=True)),
                name="audience_has_a_rule_or_members",
            ),
            models.CheckConstraint(
                condition=Q(retention_days__isnull=True)
                | Q(retention_days__gte=SHORTEST_DAYS, retention_days__lte=LONGEST_DAYS),
                name="audience_retention_is_bounded",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_composed(self) -> bool:
        return self.origin == self.Origin.COMPOSED

    @property
    def state(self) -> str:
        """archived, live (a composed one), expired, empty (nothing was ever written) or ready."""
        if self.archived_at:
            return "archived"
        return "live" if self.is_composed else self.missing or "ready"

    @property
    def missing(self) -> str:
        """Why its members cannot be read: expired, empty, or "" where they can."""
        if self.is_composed:
            return ""
        if self.filled_at and (not self.table_name or self.is_due()):
            return "expired"
        return "" if self.table_name else "empty"

    def is_due(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


class AudienceChange(models.Model):
    """One thing that was done to an audience, by whom, and what its members were before and after.

    A campaign, its run and its activity are named, not pointed at: they may be gone before the audience is. The
    table is the one that held the members afterwards; it stays for a while, so that it can be put back.
    """

    class Mode(models.TextChoices):
        CREATE = "create", _("members written for the first time")
        OVERWRITE = "overwrite", _("members overwritten")
        APPEND = "append", _("members appended")
        IMPORT = "import", _("members imported")
        REMOVE = "remove", _("members removed")
        PUT_BACK = "put_back", _("earlier members put back")
        EXPIRE = "expire", _("members expired")
        COMPOSE = "compose", _("rule written")
        DESCRIBE = "describe", _("description changed")
        ARCHIVE = "archive", _("archived")
        RESTORE = "restore", _("taken out of the archive")

    audience = models.ForeignKey(Audience, models.CASCADE, related_name="changes", verbose_name=_("audience"))
    at = models.DateTimeField(_("at"), db_default=Now())
    mode = models.CharField(_("change"), max_length=9, choices=Mode)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    by_name = models.CharField(_("by"), max_length=150, blank=True)
    campaign = models.CharField(_("campaign"), max_length=80, blank=True)
    run = models.BigIntegerField(_("run"), null=True, blank=True)
    activity = models.CharField(_("activity"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=255, blank=True)
    rows_before = models.BigIntegerField(_("members before"), null=True, blank=True)
    rows_after = models.BigIntegerField(_("members after"), null=True, blank=True)
    rows_added = models.BigIntegerField(_("added"), null=True, blank=True)
    rows_removed = models.BigIntegerField(_("removed"), null=True, blank=True)
    table_name = models.CharField(max_length=63, blank=True, editable=False)
    columns = models.JSONField(default=list, blank=True, editable=False)
    dropped_at = models.DateTimeField(_("members dropped at"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("change of an audience")
        verbose_name_plural = _("changes of audiences")
        indexes = [
            models.Index(fields=["table_name"], condition=~Q(table_name=""), name="audience_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} {self.audience_id}"

    def detail(self) -> dict[str, Any]:
        """What changed in numbers, without what is not known."""
        names = ("rows_before", "rows_after", "rows_added", "rows_removed")
        return {name: value for name in names if (value := getattr(self, name)) is not None}
