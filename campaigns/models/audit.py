"""Who did what: every act of a person on a campaign, a run or the settings, append-only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One act. `object` names the thing by kind and slug or key; `detail` holds before and after, no secrets."""

    at = models.DateTimeField(_("at"), db_default=Now())
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(_("by"), max_length=150, blank=True)
    door = models.CharField(_("door"), max_length=10, blank=True)
    action = models.CharField(_("action"), max_length=40)
    object = models.CharField(_("object"), max_length=200)
    detail = models.JSONField(_("detail"), default=dict, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        indexes = [models.Index(fields=["object", "-id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.action} {self.object}"
