"""The ledger: a delivery, its messages, the buckets workers lease and the links that are tracked."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Channel, TargetingDimension
from orchestration.models.run import ActivityRun
from orchestration.states import DELIVERY, MESSAGE


class ExclusionReason(models.TextChoices):
    """Why somebody who was targeted gets nothing."""

    NO_ADDRESS = "no_address", _("no address")
    MALFORMED_ADDRESS = "malformed_address", _("malformed address")
    SUPPRESSED = "suppressed", _("suppressed address")
    NO_CONSENT = "no_consent", _("no consent")
    DUPLICATE_ADDRESS = "duplicate_address", _("duplicate address")
    NOT_IN_DIMENSION = "not_in_dimension", _("no longer in the table")


class Delivery(models.Model):
    """One sending of one content to one population.

    `content`, `sender` and `variables` are frozen copies. `values` are the paths of the content that differ from
    person to person; `values_table` is the working table that holds them as columns v0, v1, …, one row for each
    message. A delivery of a test run is *tested* from the start: nothing of it can ever be claimed.
    """

    class Category(models.TextChoices):
        MARKETING = "marketing", _("marketing")
        TRANSACTIONAL = "transactional", _("transactional")

    class Kind(models.TextChoices):
        LIVE = "live", _("live")
        TEST = "test", _("test")

    activity_run = models.OneToOneField(ActivityRun, models.PROTECT, related_name="delivery")
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="deliveries", verbose_name=_("campaign")
    )
    activity_id = models.CharField(_("activity"), max_length=60)
    label = models.CharField(_("label"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=4, choices=Kind)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    category = models.CharField(_("category"), max_length=13, choices=Category)
    dimension = models.ForeignKey(
        TargetingDimension, models.PROTECT, related_name="+", verbose_name=_("dimension")
    )
    configuration = models.CharField(_("channel configuration"), max_length=80)
    content = models.JSONField(_("content"))
    sender = models.JSONField(_("sender"))
    values = models.JSONField(_("values used"), default=list)
    variables = models.JSONField(_("variables"), default=dict, encoder=DjangoJSONEncoder)
    values_table = models.CharField(max_length=63, blank=True)
    state = models.CharField(_("state"), max_length=22, choices=DELIVERY.choices)
    state_changed_at = models.DateTimeField(db_default=Now())
    buckets_made = models.PositiveSmallIntegerField(default=1)
    targeted = models.BigIntegerField(_("targeted"), default=0)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    retry_hours = models.PositiveSmallIntegerField(_("retry for hours"), default=24)
    give_up_at = models.DateTimeField(_("retries end at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [models.Index(fields=["campaign", "activity_id", "-id"], name="delivery_activity")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=DELIVERY.states), name="delivery_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="live", state__in=[s for s in DELIVERY.states if s != "tested"])
                | models.Q(kind="test", state="tested"),
                name="test_delivery_is_never_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.targeted})"

    @property
    def title(self) -> str:
        """What people call it: the label of its activity, else its channel."""
        return self.label or str(self.get_channel_display())


class DeliveryBucket(models.Model):
    """The lease on one part of a delivery's messages: the only rows workers lock."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="buckets")
    bucket = models.PositiveSmallIntegerField()
    owner = models.UUIDField(null=True, blank=True)
    epoch = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_default=Now())

    class Meta:
        verbose_name = _("bucket")
        verbose_name_plural = _("buckets")
        constraints = [models.UniqueConstraint(fields=["delivery", "bucket"], name="one_lease_a_bucket")]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(due_at__isnull=False), name="delivery_bucket_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}/{self.bucket}"


class Message(models.Model):
    """One row of the ledger: what became of one person in one delivery. Written before anything is sent."""

    id = models.BigAutoField(primary_key=True)
    # The unique key begins with the delivery; an index of its own would be one more to write twice a message.
    delivery = models.ForeignKey(
        Delivery, models.PROTECT, related_name="messages", verbose_name=_("delivery"), db_index=False
    )
    dimension = models.ForeignKey(TargetingDimension, models.PROTECT, related_name="+", db_index=False)
    recipient_key = models.CharField(_("recipient"), max_length=200)
    entity_key = models.CharField(_("entity"), max_length=200, default="", blank=True)
    bucket = models.PositiveSmallIntegerField()
    address = models.CharField(_("address"), max_length=320, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=MESSAGE.choices)
    exclusion_reason = models.CharField(
        _("excluded because"), max_length=20, blank=True, choices=ExclusionReason
    )
    # What an exclusion was found in, as it was: {suppression, since}, {consent, since} or {owner}, the key of whom the
    # same address was sent to. NULL, which takes no room, wherever the address says it all.
    evidence = models.JSONField(_("as it was"), null=True, blank=True, editable=False)
    owner = models.UUIDField(null=True, blank=True)
    epoch = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    in_flight_at = models.DateTimeField(_("in flight since"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    reply_code = models.PositiveSmallIntegerField(_("reply code"), null=True, blank=True)
    reply = models.CharField(_("reply"), max_length=300, blank=True)
    # In channels that are paid by segments; NULL, which takes no room, in others.
    segments = models.PositiveSmallIntegerField(_("segments"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "recipient_key", "entity_key"],
                name="one_message_a_recipient_and_delivery",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=MESSAGE.states), name="message_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="excluded") ^ models.Q(exclusion_reason=""),
                name="excluded_message_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["delivery", "bucket", "id"],
                condition=models.Q(state__in=["ready", "failed_temporary"]),
                name="message_claimable",
            ),
            models.Index(
                fields=["delivery", "bucket"], condition=models.Q(state="in_flight"), name="message_in_flight"
            ),
            models.Index(fields=["delivery"], condition=models.Q(state="unknown"), name="message_unknown"),
            models.Index(fields=["dimension", "recipient_key"], name="message_recipient"),
            models.Index(fields=["address"], name="message_address"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_key} {self.state}"


class TrackedLink(models.Model):
    """A link of a delivery's content; a click token names it by number, the target is looked up here."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="links")
    number = models.PositiveSmallIntegerField(_("number"))
    url = models.TextField(_("URL"))
    label = models.CharField(_("label"), max_length=200, blank=True)

    class Meta:
        ordering = ["delivery", "number"]
        verbose_name = _("tracked link")
        verbose_name_plural = _("tracked links")
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="link_number_is_unique")]

    def __str__(self) -> str:
        return self.label or self.url
