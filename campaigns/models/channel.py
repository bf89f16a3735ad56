"""How a company sends: the administrator's part of every message."""

from __future__ import annotations

from django.core.validators import EmailValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import slug_is_plain
from campaigns.models.consent import Channel


class ChannelConfiguration(models.Model):
    """A sender and the provider it sends through. Documents name it by slug; it holds no secret, only where one is.

    `provider_config` is checked by the provider's own schema; `message_domain` makes Message-IDs and must never change
    once messages were prepared with it.
    """

    slug = models.CharField(_("slug"), max_length=80, unique=True, validators=[slug_is_plain])
    name = models.CharField(_("name"), max_length=120)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.EMAIL)
    provider = models.CharField(_("provider"), max_length=40, default="smtp")
    provider_config = models.JSONField(_("provider settings"), default=dict, blank=True)
    sender_address = models.CharField(_("sender address"), max_length=254, validators=[EmailValidator()])
    sender_name = models.CharField(_("sender name"), max_length=120, blank=True)
    reply_to = models.CharField(_("reply to"), max_length=254, blank=True, validators=[EmailValidator()])
    message_domain = models.CharField(_("domain of Message-IDs"), max_length=190)
    postal_address = models.CharField(
        _("postal address"),
        max_length=300,
        blank=True,
        help_text=_("Required by law at the foot of marketing mail."),
    )
    messages_per_second = models.PositiveIntegerField(
        _("messages per second"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(20_000)],
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    modified_at = models.DateTimeField(_("modified at"), db_default=Now())

    class Meta:
        ordering = ["slug"]
        verbose_name = _("channel configuration")
        verbose_name_plural = _("channel configurations")

    def __str__(self) -> str:
        return self.name
