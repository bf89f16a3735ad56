"""Where people put campaigns: folders within folders. No part of what a campaign does, and of no document."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _


class CampaignFolder(models.Model):
    """A folder. Within one folder, and at the top, no two have the same name, whatever the case.

    Whoever composes campaigns keeps them in order, so the permissions are those of campaigns.
    """

    name = models.CharField(_("name"), max_length=80)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("in the folder"),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        ordering = ["name", "pk"]
        default_permissions = ()
        verbose_name = _("folder")
        verbose_name_plural = _("folders")
        constraints = [
            models.UniqueConstraint(
                Lower("name"), "parent", nulls_distinct=False, name="folder_name_is_unique_beside_others"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="folder_has_a_name"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("pk")),
                name="folder_is_not_in_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name
