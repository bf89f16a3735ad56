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

    class Meta:
        model = Campaign
        fields = (
            "slug",
            "name",
            "description",
            "time_zone",
            "tags",
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
    """Positions on the canvas by activity id: [x, y]."""

    layout = serializers.DictField(
        child=serializers.ListField(
            child=serializers.IntegerField(min_value=-1_000_000, max_value=1_000_000),
            min_length=2,
            max_length=2,
        )
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
    settings = serializers.JSONField()
