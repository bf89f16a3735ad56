"""Who may be addressed: consent with its evidence, and addresses that must not be used."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.phone_numbers import e164


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")
    PUSH = "push", _("Push")


def canonical_address(channel: str, address: str) -> str:
    """The one form in which an address is compared with those of messages."""
    number = e164(address) if channel == Channel.SMS else None
    return number or address.strip().lower()


class ConsentState(models.TextChoices):
    OPTED_IN = "opted_in", _("opted in")
    OPTED_OUT = "opted_out", _("opted out")


class ConsentRecord(models.Model):
    """One statement of one person, append-only: the evidence from which `Consent` can be recomputed."""

    dimension = models.ForeignKey("campaigns.TargetingDimension", models.PROTECT, related_name="+")
    recipient_key = models.CharField(_("recipient"), max_length=200)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    state = models.CharField(_("state"), max_length=10, choices=ConsentState)
    source = models.CharField(_("source"), max_length=80)
    text_version = models.CharField(_("text version"), max_length=40, blank=True)
    message_id = models.BigIntegerField(_("message"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now())

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        indexes = [
            models.Index(
                fields=["dimension", "recipient_key", "channel", "-id"], name="consent_record_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient_key} {self.channel} {self.state}"


class Consent(models.Model):
    """What a person's last statement for a channel was. No row means no marketing."""

    dimension = models.ForeignKey("campaigns.TargetingDimension", models.PROTECT, related_name="+")
    recipient_key = models.CharField(_("recipient"), max_length=200)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    state = models.CharField(_("state"), max_length=10, choices=ConsentState)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now())

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "recipient_key", "channel"], name="one_consent_per_channel"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient_key} {self.channel} {self.state}"


class Suppression(models.Model):
    """An address that must not be used, whoever it belongs to: in lower case, a telephone number as E.164."""

    class Reason(models.TextChoices):
        HARD_BOUNCE = "hard_bounce", _("hard bounce")
        COMPLAINT = "complaint", _("complaint")
        MANUAL = "manual", _("added by hand")
        OPTED_OUT = "opted_out", _("opted out by reply")

    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    address = models.CharField(_("address"), max_length=320)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        constraints = [
            models.UniqueConstraint(fields=["channel", "address"], name="one_suppression_per_address"),
            models.CheckConstraint(
                condition=models.Q(address=models.functions.Lower("address")),
                name="suppressed_address_is_lower_case",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} ({self.reason})"

    def save(self, *args: object, **kwargs: object) -> None:
        self.address = canonical_address(self.channel, self.address)
        super().save(*args, **kwargs)  # type: ignore[arg-type]
