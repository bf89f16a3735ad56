"""The shapes of answers and of the small bodies. A document has its own form and no serializer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from campaigns.models import ApiToken, Campaign, CampaignVersion
from campaigns.tokens import SCOPES


class CampaignSummary(serializers.ModelSerializer[Campaign]):
    """A campaign in a list."""

    owner = serializers.CharField(source="owner.username", default=None, allow_null=True, read_only=True)
    hash = serializers.CharField(source="draft_hash", read_only=True, help_text=_("The ETag of the draft."))
    folder = serializers.IntegerField(
        source="folder_id",
        allow_null=True,
        read_only=True,
        help_text=_("The folder it is kept in, which is no part of its document."),
    )

    class Meta:
        model = Campaign
        fields = (
            "slug",
            "name",
            "description",
            "time_zone",
            "tags",
            "folder",
            "state",
            "state_changed_at",
            "revision",
            "hash",
            "owner",
            "created_at",
            "modified_at",
        )
        read_only_fields = fields


class VersionSummary(serializers.ModelSerializer[CampaignVersion]):
    """A published version in a list."""

    published_by = serializers.CharField(
        source="published_by.username", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = CampaignVersion
        fields = ("number", "hash", "state", "published_at", "published_by")
        read_only_fields = fields


class OperationShape(serializers.Serializer[Any]):
    """One step of a JSON Patch (RFC 6902)."""

    op = serializers.ChoiceField(choices=["add", "remove", "replace", "test"])
    path = serializers.CharField(help_text=_("A JSON pointer into the document."))
    value = serializers.JSONField(required=False, help_text=_("Left out where something is removed."))


class FixShape(serializers.Serializer[Any]):
    """An edit that mends a problem, for the document in which it was found."""

    label = serializers.CharField(help_text=_("What a button for it says."))  # type: ignore[assignment]  # a member of the answer
    operations = OperationShape(many=True, help_text=_("All of them, or none where a test fails."))


class ProblemShape(serializers.Serializer[Any]):
    """One finding of the lint."""

    code = serializers.CharField()
    path = serializers.CharField(help_text=_("A JSON pointer into the document."))
    message = serializers.CharField()
    remedy = serializers.CharField()
    severity = serializers.ChoiceField(choices=["error", "warning"])
    activity = serializers.CharField(required=False)
    line = serializers.IntegerField(required=False)
    position = serializers.IntegerField(
        required=False, help_text=_("The offset in the expression at the path, where one is at fault.")
    )
    fixes = FixShape(many=True, required=False, help_text=_("Ways to mend it at once."))


class LintShape(serializers.Serializer[Any]):
    """Whether a document may be published."""

    publishable = serializers.BooleanField()
    problems = ProblemShape(many=True)


class ProblemDetailsShape(serializers.Serializer[Any]):
    """RFC 9457 problem details; some kinds of problems have members of their own beside these."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    problems = ProblemShape(many=True)
    correlation_id = serializers.CharField()


class FieldChangeShape(serializers.Serializer[Any]):
    """One value that differs; `old` or `new` is left out where the field was, or is, not there."""

    path = serializers.CharField()
    old = serializers.JSONField(required=False)
    new = serializers.JSONField(required=False)


class ChangeShape(serializers.Serializer[Any]):
    """One part of the document that differs."""

    change = serializers.ChoiceField(choices=["added", "removed", "changed"])
    part = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a member of the answer
    fields = FieldChangeShape(many=True)  # type: ignore[assignment]  # a member of the answer
    sentence = serializers.CharField()


class DiffShape(serializers.Serializer[Any]):
    """What differs between two documents."""

    changes = ChangeShape(many=True)


class DiffQuery(serializers.Serializer[Any]):
    """Which two documents of a campaign are compared."""

    old = serializers.CharField(
        default="published", help_text=_("“draft”, “published”, or a version's number.")
    )
    new = serializers.CharField(default="draft", help_text=_("“draft”, “published”, or a version's number."))


class LayoutBody(serializers.Serializer[Any]):
    """Positions on the canvas by activity id: [x, y], or null for an activity that has none any more."""

    layout = serializers.DictField(
        child=serializers.ListField(
            child=serializers.IntegerField(min_value=-1_000_000, max_value=1_000_000),
            min_length=2,
            max_length=2,
            allow_null=True,
        )
    )


class StandingActShape(serializers.Serializer[Any]):
    """An act that takes the campaign from one state to another; where it is not possible `refused` says for what."""

    name = serializers.CharField()
    possible = serializers.BooleanField()
    refused = serializers.ChoiceField(choices=["", "state", "permission"])


class StandingShape(serializers.Serializer[Any]):
    """Where the campaign stands and what the caller may do with it."""

    state = serializers.CharField()
    label = serializers.CharField(help_text=_("The state in the reader's language."))  # type: ignore[assignment]  # a member of the answer
    published = VersionSummary(allow_null=True)
    acts = StandingActShape(many=True)


class ReplacementQuery(serializers.Serializer[Any]):
    """What replacing a draft does to its layout."""

    positions = serializers.ChoiceField(
        ("replaced", "kept"),
        default="replaced",
        help_text=_("With “kept”, activities stay where they are; the document places those that are new."),
    )


class PublishBody(serializers.Serializer[Any]):
    confirm_warnings = serializers.BooleanField(default=False)


class DuplicateBody(serializers.Serializer[Any]):
    slug = serializers.RegexField(r"^[a-z0-9]+([_-][a-z0-9]+)*\Z", max_length=80)
    name = serializers.CharField(max_length=200, required=False, default="")


class TokenSummary(serializers.ModelSerializer[ApiToken]):
    """A token without its secret, of which only the last characters are known."""

    class Meta:
        model = ApiToken
        fields = ("id", "name", "hint", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at")
        read_only_fields = fields


class NewTokenShape(serializers.ModelSerializer[ApiToken]):
    """The one answer that shows the secret."""

    secret = serializers.CharField(read_only=True)

    class Meta:
        model = ApiToken
        fields = (*TokenSummary.Meta.fields, "secret")
        read_only_fields = fields


class TokenBody(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=SCOPES), min_length=1, max_length=4)
    expires_at = serializers.DateTimeField()

    def validate_expires_at(self, value: datetime) -> datetime:
        return value if timezone.is_aware(value) else timezone.make_aware(value)


class WayOutShape(serializers.Serializer[Any]):
    """A way out of an activity. One that leads back takes no transition: the settings say where it leads."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    optional = serializers.BooleanField()
    leads_back = serializers.BooleanField()


class DocumentLintShape(LintShape):
    """What is wrong with a document, and by which ports its activities are left under their settings."""

    ports = serializers.DictField(
        child=WayOutShape(many=True),
        help_text=_("By activity. Settings that are not valid yet give the first."),
    )


class SettingChoiceShape(serializers.Serializer[Any]):
    """One value that a setting may have."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer


class ChannelChoiceShape(SettingChoiceShape):
    """A channel configuration; `of` is its channel, as in the schema of a setting that takes no other."""

    of = serializers.CharField()


class SettingChoicesShape(serializers.Serializer[Any]):
    """What the settings may name, by the `widget` that stands in their schema."""

    dimension = SettingChoiceShape(many=True)
    channel = ChannelChoiceShape(many=True)
    audience = SettingChoiceShape(many=True)


class ActivityTypeShape(serializers.Serializer[Any]):
    """One kind in the palette; `settings` is the JSON Schema its form is drawn from."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    description = serializers.CharField()
    category = serializers.CharField()
    icon = serializers.CharField()
    law = serializers.CharField()
    inbound_min = serializers.IntegerField()
    inbound_max = serializers.IntegerField(allow_null=True)
    ports = WayOutShape(many=True, help_text=_("The ways out as long as nobody has filled in the settings."))
    settings = serializers.JSONField()
