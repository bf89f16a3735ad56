"""What an author draws. Rows of Activity and Transition hold the draft; a CampaignVersion holds what was
published.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from campaigns.states import CAMPAIGN, VERSION

slug_is_plain = RegexValidator(
    r"^[a-z0-9]+([_-][a-z0-9]+)*$",
    _("Use lower-case letters, digits, single hyphens and underscores, such as “win-back-2018”."),
)


class Campaign(models.Model):
    """A campaign and its present draft.

    `revision` counts every accepted write of the draft; `draft_hash` is the SHA-256 of the canonical
    document without its layout and serves as the ETag.
    """

    slug = models.CharField(_("slug"), max_length=80, unique=True, validators=[slug_is_plain])
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    tags = ArrayField(models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=12, default="draft", choices=CAMPAIGN.choices)
    state_changed_at = models.DateTimeField(_("state changed at"), db_default=Now())
    schedule = models.JSONField(_("schedule"), default=dict, blank=True)
    variables = models.JSONField(_("variables"), default=dict, blank=True)
    errors = models.JSONField(_("error policy"), default=dict, blank=True)
    layout = models.JSONField(_("layout"), default=dict, blank=True)
    notes = models.JSONField(_("notes"), default=dict, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    draft_hash = models.CharField(_("draft hash"), max_length=64, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    folder = models.ForeignKey(
        "campaigns.CampaignFolder",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("folder"),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    modified_at = models.DateTimeField(_("modified at"), db_default=Now())

    class Meta:
        ordering = ["-modified_at", "-pk"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        permissions = [
            ("publish_campaign", _("Can publish, pause, stop and close campaigns")),
            ("confirm_send", _("Can confirm a send")),
            ("view_personal_data", _("Can see addresses and personal data")),
        ]
        indexes = [
            GinIndex(fields=["tags"], name="campaign_tags"),
            models.Index(fields=["state", "-modified_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=CAMPAIGN.states), name="campaign_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Activity(models.Model):
    """One box of the draft, known in the document by `activity_id`."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="activities", verbose_name=_("campaign")
    )
    activity_id = models.CharField(_("id"), max_length=60, validators=[slug_is_plain])
    type = models.CharField(_("type"), max_length=40)
    label = models.CharField(_("label"), max_length=200, blank=True)
    config = models.JSONField(_("settings"), default=dict, blank=True)

    class Meta:
        ordering = ["campaign", "activity_id"]
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "activity_id"], name="activity_id_is_unique_in_campaign"
            )
        ]

    def __str__(self) -> str:
        return self.label or self.activity_id


class Transition(models.Model):
    """An arrow of the draft; it leaves `source` by a named port."""

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="transitions", verbose_name=_("campaign")
    )
    source = models.CharField(_("from"), max_length=60)
    port = models.CharField(_("port"), max_length=60, default="main")
    target = models.CharField(_("to"), max_length=60)
    label = models.CharField(_("label"), max_length=200, blank=True)

    class Meta:
        ordering = ["campaign", "source", "port", "target"]
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "source", "port", "target"], name="transition_is_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}.{self.port} → {self.target}"


class DraftRevision(models.Model):
    """A draft as it was accepted once: what two writers' changes are compared with. The latest ones are
    kept.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="draft_revisions")
    revision = models.PositiveIntegerField(_("revision"))
    definition = models.TextField(_("definition"))
    hash = models.CharField(_("hash"), max_length=64)
    saved_at = models.DateTimeField(_("saved at"), db_default=Now())
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        ordering = ["campaign", "-revision"]
        verbose_name = _("draft revision")
        verbose_name_plural = _("draft revisions")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "revision"], name="draft_revision_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.campaign} r{self.revision}"


class PublishedActivityId(models.Model):
    """An activity id that a version used: for good the name of that activity, never given to another type."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="published_activity_ids")
    activity_id = models.CharField(max_length=60)
    type = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("published activity id")
        verbose_name_plural = _("published activity ids")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "activity_id"], name="published_id_is_unique")
        ]

    def __str__(self) -> str:
        return self.activity_id


class CampaignVersion(models.Model):
    """A published document, frozen: a database trigger refuses any change but its state.

    `draft_hash` is the hash of the draft it was made from: `hash` differs from it where saved filters were frozen.
    """

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="versions", verbose_name=_("campaign")
    )
    number = models.PositiveIntegerField(_("number"))
    definition = models.TextField(_("definition"))
    hash = models.CharField(_("hash"), max_length=64)
    draft_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    state = models.CharField(_("state"), max_length=12, default="published", choices=VERSION.choices)
    state_changed_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(_("published at"), db_default=Now())
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        ordering = ["campaign", "-number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="version_number_is_unique"),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=models.Q(state="published"),
                name="one_published_version_per_campaign",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=VERSION.states), name="version_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} v{self.number}"
