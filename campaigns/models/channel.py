"""How a company sends: the administrator's part of every message."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxValueValidator, MinValueValidator, validate_email
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import slug_is_plain
from campaigns.models.consent import Channel
from campaigns.phone_numbers import REGIONS

SMS_SENDER = re.compile(r"\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ._&+-]{1,11}", re.ASCII)


class ChannelConfiguration(models.Model):
    """A sender and the provider it sends through. Documents name it by slug; it holds no secret, only where
    one is.

    `provider_config` is checked by the provider's own schema; `message_domain` makes Message-IDs and must
    never change once messages were prepared with it.
    """

    slug = models.CharField(_("slug"), max_length=80, unique=True, validators=[slug_is_plain])
    name = models.CharField(_("name"), max_length=120)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.EMAIL)
    provider = models.CharField(_("provider"), max_length=40, default="smtp")
    provider_config = models.JSONField(_("provider settings"), default=dict, blank=True)
    sender_address = models.CharField(
        _("sender address"),
        max_length=254,
        help_text=_(
            "For SMS a number such as +821012345678, a short code, or a name of at most 11 characters."
        ),
    )
    sender_name = models.CharField(_("sender name"), max_length=120, blank=True)
    reply_to = models.CharField(_("reply to"), max_length=254, blank=True, validators=[EmailValidator()])
    message_domain = models.CharField(_("domain of Message-IDs"), max_length=190)
    postal_address = models.CharField(
        _("postal address"),
        max_length=300,
        blank=True,
        help_text=_("Required by law at the foot of marketing mail."),
    )
    default_region = models.CharField(
        _("country of numbers"),
        max_length=2,
        blank=True,
        help_text=_("For SMS: the country, as in KR, that telephone numbers without one are dialled in."),
    )
    opt_out_text = models.CharField(
        _("opt-out text"),
        max_length=160,
        blank=True,
        help_text=_("For SMS: what {{ opt_out_text }} says, as in “Reply STOP to opt out”."),
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

    def clean(self) -> None:
        """What the sender and its country may be depends on the channel."""
        problems = dict(_problems(self))
        if problems:
            raise ValidationError(problems)


def _problems(configuration: ChannelConfiguration) -> Iterator[tuple[str, str]]:
    if configuration.channel == Channel.SMS:
        yield from _sms_problems(configuration)
    elif configuration.channel == Channel.EMAIL and not _is_email(configuration.sender_address):
        yield "sender_address", _now("Enter a valid e-mail address.")


def _sms_problems(configuration: ChannelConfiguration) -> Iterator[tuple[str, str]]:
    if not SMS_SENDER.fullmatch(configuration.sender_address):
        yield (
            "sender_address",
            _now(
                "Enter a number in the form +821012345678, a short code, or a name of at most 11 letters and digits."
            ),
        )
    if configuration.default_region and configuration.default_region not in REGIONS:
        yield "default_region", _now("Enter the two capital letters of a country, as in KR.")


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
