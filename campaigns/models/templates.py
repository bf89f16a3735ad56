"""Campaigns kept as a beginning for others."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import slug_is_plain


class CampaignTemplate(models.Model):
    """A document with blanks in it; `blanks` says what is asked when a campaign is made of it.

    Whoever composes campaigns composes templates, so the permissions are those of campaigns.
    """

    slug = models.CharField(_("slug"), max_length=80, unique=True, validators=[slug_is_plain])
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    needs = models.TextField(_("what it needs"), blank=True)
    document = models.JSONField(_("document"))
    blanks = models.JSONField(_("blanks"), default=list, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        ordering = ["name", "pk"]
        default_permissions = ()
        verbose_name = _("campaign template")
        verbose_name_plural = _("campaign templates")

    def __str__(self) -> str:
        return self.name
