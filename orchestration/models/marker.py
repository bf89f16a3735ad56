"""How far an incremental query has read: its marker, and each reading of a live run."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from orchestration.models.run import CampaignRun
from orchestration.states import READING


class QueryMarker(models.Model):
    """Up to when one incremental query has read, named by campaign and activity id of the document.

    `revision` grows with every change, by a run or by a person, and is what changes compare themselves with.
    `returned_table` is the working table of the keys returned so far, `returned_dimension` whose keys they are.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="markers", verbose_name=_("campaign"))
    activity_id = models.CharField(_("activity"), max_length=60)
    value = models.DateTimeField(_("read until"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    returned_table = models.CharField(max_length=63, blank=True)
    returned_dimension = models.CharField(max_length=80, blank=True)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now())
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["campaign", "activity_id"]
        verbose_name = _("marker")
        verbose_name_plural = _("markers")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "activity_id"], name="one_marker_an_activity")
        ]

    def __str__(self) -> str:
        return f"{self.campaign}.{self.activity_id}"


class QueryReading(models.Model):
    """What one live run read: everything after `read_from` (None: from the beginning) until `read_to`.

    `revision` is that of the marker as the run found it: where it is another by the time the run completes, a person
    has set the marker meanwhile, and what they said stands.
    """

    marker = models.ForeignKey(QueryMarker, models.CASCADE, related_name="readings")
    run = models.ForeignKey(CampaignRun, models.CASCADE, related_name="readings", verbose_name=_("run"))
    read_from = models.DateTimeField(_("after"), null=True, blank=True)
    read_to = models.DateTimeField(_("until"))
    revision = models.PositiveIntegerField()
    people = models.BigIntegerField(_("people"))
    state = models.CharField(_("state"), max_length=7, default="open", choices=READING.choices)
    state_changed_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(_("read at"), db_default=Now())

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            models.UniqueConstraint(
                fields=["marker"], condition=models.Q(state="open"), name="one_open_reading_a_marker"
            ),
            models.CheckConstraint(condition=models.Q(state__in=READING.states), name="reading_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.marker} → {self.read_to:%Y-%m-%d %H:%M}"
