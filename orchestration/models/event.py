"""What came back: one append-only row per thing a provider or a recipient's software told us.

Both tables are partitioned by month of `occurred_at`; the migration that makes them is written by hand.
Verdicts on who caused an event stand in a table of their own, so that they can be computed again.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    DELIVERED = "delivered", _("delivered")
    BOUNCED = "bounced", _("bounced")
    DEFERRED = "deferred", _("deferred")
    OPENED = "opened", _("opened")
    CLICKED = "clicked", _("clicked")
    PROBED = "probed", _("probed")
    """A HEAD request on a link or a pixel: never a click or an open, but a hint at who fetched the rest."""
    COMPLAINED = "complained", _("complained")
    UNSUBSCRIBED = "unsubscribed", _("unsubscribed")


class MessageEvent(models.Model):
    """One event. (provider, provider_event_id, occurred_at) is unique, so that a repeated call adds nothing.

    `delivery_id`, `dimension_id` and `recipient_key` are copied from the message: reports and rules join
    nothing.
    """

    pk = models.CompositePrimaryKey("occurred_at", "id")
    id = models.BigIntegerField()
    message_id = models.BigIntegerField()
    delivery_id = models.BigIntegerField()
    dimension_id = models.BigIntegerField()
    recipient_key = models.CharField(_("recipient"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=EventKind)
    occurred_at = models.DateTimeField(_("occurred at"))
    recorded_at = models.DateTimeField(_("recorded at"), db_default=Now())
    provider = models.CharField(_("provider"), max_length=40)
    provider_event_id = models.CharField(max_length=200)
    link_number = models.PositiveSmallIntegerField(_("link"), null=True, blank=True)
    method = models.CharField(max_length=8, blank=True)
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    user_agent = models.CharField(_("user agent"), max_length=400, blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True)

    class Meta:
        managed = False
        db_table = "orchestration_messageevent"
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return f"{self.kind} {self.recipient_key}"


class EventVerdict(models.Model):
    """Whether software or a person caused an open or a click, by which signals, under which version of the rules."""

    pk = models.CompositePrimaryKey("occurred_at", "event_id")
    occurred_at = models.DateTimeField(_("occurred at"))
    event_id = models.BigIntegerField()
    delivery_id = models.BigIntegerField()
    bot = models.BooleanField(_("software"))
    score = models.PositiveSmallIntegerField(_("score"))
    signals = ArrayField(models.CharField(max_length=20), verbose_name=_("signals"))
    ruleset = models.PositiveSmallIntegerField(_("version of the rules"))
    computed_at = models.DateTimeField(_("judged at"), db_default=Now())

    class Meta:
        managed = False
        db_table = "orchestration_eventverdict"
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")

    def __str__(self) -> str:
        return f"{self.event_id} {self.score}"
