"""Audiences as the API shows them, and the bodies that change them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from campaigns.member_lists import MOST_KEYS
from campaigns.models import Audience, AudienceChange, ImportJob
from campaigns.models.audience import LONGEST_DAYS, SHORTEST_DAYS

STATES = ("ready", "live", "empty", "expired", "archived")


class AudienceSummary(serializers.ModelSerializer[Audience]):
    """An audience in a list."""

    dimension = serializers.CharField(source="dimension.slug", read_only=True)
    state = serializers.ChoiceField(
        STATES,
        read_only=True,
        help_text=_("Ready to be read; live is a rule; empty was never written; expired lost its members."),
    )
    members = serializers.IntegerField(
        source="row_count",
        read_only=True,
        allow_null=True,
        help_text=_("As last written; null for a composed one, which has to be counted."),
    )
    created_by = serializers.CharField(
        source="created_by.username", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Audience
        fields = (
            "slug",
            "label",
            "description",
            "dimension",
            "origin",
            "state",
            "members",
            "campaign",
            "retention_days",
            "edition",
            "created_by",
            "created_at",
            "modified_at",
            "filled_at",
            "expires_at",
            "archived_at",
        )
        read_only_fields = fields


class AudienceShape(AudienceSummary):
    """An audience with its rule, or the columns kept of its members."""

    rule = serializers.JSONField(read_only=True, help_text=_("Null where it has members instead."))
    columns = serializers.JSONField(read_only=True)

    class Meta:
        model = Audience
        fields = (*AudienceSummary.Meta.fields, "rule", "columns")
        read_only_fields = fields


class NewAudienceBody(serializers.Serializer[Any]):
    """With a rule it is composed; without one it waits for members to be imported."""

    slug = serializers.CharField(max_length=63)
    label = serializers.CharField(max_length=200)  # type: ignore[assignment]  # a member of the body
    dimension = serializers.CharField(max_length=63)
    description = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    retention_days = serializers.IntegerField(
        required=False, allow_null=True, min_value=SHORTEST_DAYS, max_value=LONGEST_DAYS
    )
    rule = serializers.JSONField(required=False, allow_null=True)


class AudienceChangesBody(serializers.Serializer[Any]):
    """Whatever is not sent stays as it is."""

    label = serializers.CharField(  # type: ignore[assignment]  # a member of the body
        required=False, max_length=200
    )
    description = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    retention_days = serializers.IntegerField(
        required=False, allow_null=True, min_value=SHORTEST_DAYS, max_value=LONGEST_DAYS
    )
    rule = serializers.JSONField(required=False)


class KeysBody(serializers.Serializer[Any]):
    """Keys of people of the audience's dimension."""

    keys = serializers.ListField(
        child=serializers.JSONField(),
        allow_empty=False,
        max_length=MOST_KEYS,
        help_text=_("Texts or numbers."),
    )


class MembersBody(KeysBody):
    """Whom to add, or who the members are from now on."""

    mode = serializers.ChoiceField(("append", "replace"), default="append")


class PutShape(serializers.Serializer[Any]):
    """What became of the keys."""

    given = serializers.IntegerField()
    found = serializers.IntegerField()
    added = serializers.IntegerField()
    members = serializers.IntegerField()
    unknown = serializers.ListField(child=serializers.CharField(), help_text=_("The first that are nobody."))


class RemovedShape(serializers.Serializer[Any]):
    """How many of the keys were members."""

    removed = serializers.IntegerField()


class AudienceChangeShape(serializers.ModelSerializer[AudienceChange]):
    """One thing that was done to an audience."""

    id = serializers.IntegerField(read_only=True)
    by = serializers.CharField(source="by_name", read_only=True)
    kept = serializers.SerializerMethodField(help_text=_("Whether these members can be put back."))

    class Meta:
        model = AudienceChange
        fields = (
            "id",
            "at",
            "mode",
            "by",
            "campaign",
            "run",
            "activity",
            "source",
            "rows_before",
            "rows_after",
            "rows_added",
            "rows_removed",
            "kept",
        )
        read_only_fields = fields

    def get_kept(self, change: AudienceChange) -> bool:
        return bool(change.table_name) and change.dropped_at is None


class PutBackBody(serializers.Serializer[Any]):
    """The change after which the members were as they shall be again."""

    change = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class UseShape(serializers.Serializer[Any]):
    """A place that names the audience."""

    kind = serializers.ChoiceField(("draft", "version", "filter", "audience"))
    slug = serializers.CharField()
    name = serializers.CharField()
    activity = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField(allow_null=True)


class UsesShape(serializers.Serializer[Any]):
    """Everything that names the audience."""

    uses = UseShape(many=True)


class MemberCountShape(serializers.Serializer[Any]):
    """How many are in it."""

    count = serializers.IntegerField()


class FileImportShape(serializers.ModelSerializer[ImportJob]):
    """A file on its way into an audience; what it does to the members is foretold once it is checked."""

    number = serializers.IntegerField(source="pk", read_only=True)
    state = serializers.CharField(read_only=True)
    mode = serializers.CharField(read_only=True)

    class Meta:
        model = ImportJob
        fields = (
            "number",
            "file_name",
            "mode",
            "state",
            "error",
            "rows_read",
            "rows_accepted",
            "rows_rejected",
            "rows_inserted",
            "rows_deleted",
        )
        read_only_fields = fields
