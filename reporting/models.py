"""The roll-up of what happened: counts that reports read fast and that can be made again from ledger and events."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from orchestration.models import Delivery
from reporting.facts import Breakdown
from reporting.metrics import MEASURES


class ReportCell(models.Model):
    """The measures of one delivery for one value of one breakdown; `value` is an hour's only where `hour` is set."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="+", db_index=False)
    breakdown = models.CharField(max_length=20, choices=[(str(b), str(b)) for b in Breakdown])
    value = models.CharField(max_length=320, blank=True)
    hour = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("report cell")
        verbose_name_plural = _("report cells")
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "breakdown", "value", "hour"],
                name="one_cell_a_value",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.breakdown} {self.value}"


# The columns follow the definitions, so that a measure is named in one place only.
for _measure in MEASURES:
    ReportCell.add_to_class(_measure.name, models.BigIntegerField(_measure.label, default=0))


class CountedDelivery(models.Model):
    """When a delivery was last counted and how long that took; `due` when something has happened to it since."""

    delivery = models.OneToOneField(Delivery, models.CASCADE, primary_key=True, related_name="+")
    due = models.BooleanField(default=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(default=0)

    class Meta:
        verbose_name = _("counted delivery")
        verbose_name_plural = _("counted deliveries")
        indexes = [
            models.Index(fields=["delivery"], condition=models.Q(due=True), name="counted_delivery_due")
        ]

    def __str__(self) -> str:
        return str(self.delivery_id)


class RollupState(models.Model):
    """How far the roll-up has read: every transaction before `horizon` is in it. One row, number 1."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    horizon = models.CharField(max_length=20, default="0")
    refreshed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("state of the roll-up")
        verbose_name_plural = _("state of the roll-up")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_rollup_state")]

    def __str__(self) -> str:
        return self.horizon
