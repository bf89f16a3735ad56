"""What helps people compose rules: filters they save, and the attributes each of them likes and last used."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.models.catalogue import slug_is_a_name


class PredefinedFilter(models.Model):
    """A rule under a name, with parameters. A shared one may be used in rules by its slug.

    Tables are named by slug, as rules name them. `content_hash` covers everything but whose it is, and serves
    as the ETag. Whoever composes campaigns composes filters, so the permissions are those of campaigns.
    """

    slug = models.CharField(_("slug"), max_length=63, unique=True, validators=[slug_is_a_name])
    label = models.CharField(_("label"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    table = models.CharField(_("table"), max_length=63)
    rule = models.JSONField(_("rule"))
    parameters = models.JSONField(_("parameters"), default=list, blank=True)
    shared = models.BooleanField(
        _("shared"), default=False, help_text=_("Everybody may use it; otherwise its owner alone sees it.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    content_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    modified_at = models.DateTimeField(_("modified at"), db_default=Now())

    class Meta:
        ordering = ["slug"]
        default_permissions = ()
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z][a-z0-9_]*$"), name="filter_slug_is_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class FilterFavourite(models.Model):
    """A filter that somebody wants at hand."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    filter = models.ForeignKey(PredefinedFilter, models.CASCADE, related_name="favourites")

    class Meta:
        default_permissions = ()
        verbose_name = _("favourite filter")
        verbose_name_plural = _("favourite filters")
        constraints = [
            models.UniqueConstraint(fields=["user", "filter"], name="a_filter_is_a_favourite_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.filter_id}"


class AttributeMark(models.Model):
    """An attribute of a table, named as rules name it, that somebody likes or has used lately."""

    class Kind(models.TextChoices):
        FAVOURITE = "favourite", _("favourite")
        RECENT = "recent", _("used lately")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    table = models.CharField(max_length=63)
    attribute = models.CharField(max_length=500)
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-marked_at", "-pk"]
        default_permissions = ()
        verbose_name = _("marked attribute")
        verbose_name_plural = _("marked attributes")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "table", "attribute"], name="an_attribute_is_marked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.table}.{self.attribute}"
