"""Registered tables as the API shows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from campaigns.field_search import MOST_LEVELS
from campaigns.models import Field, Link, Table, TargetingDimension
from campaigns.models.catalogue import FIELD_TYPES


class TableSummary(serializers.ModelSerializer[Table]):
    """A table in a list: its slug, which rules use, and its name in the database."""

    class Meta:
        model = Table
        fields = (
            "slug",
            "label",
            "description",
            "schema_name",
            "table_name",
            "origin",
            "kind",
            "row_estimate",
            "refreshed_at",
        )
        read_only_fields = fields


class FieldShape(serializers.ModelSerializer[Field]):
    """A column of a table. One that rules cannot use says why."""

    type = serializers.ChoiceField(FIELD_TYPES, allow_blank=True, read_only=True)
    choices = serializers.JSONField(
        source="enumeration", read_only=True, help_text=_("The allowed values with their labels.")
    )

    class Meta:
        model = Field
        fields = (
            "slug",
            "label",
            "description",
            "column_name",
            "type",
            "database_type",
            "nullable",
            "key_position",
            "stored_zone",
            "choices",
            "hidden",
            "personal",
            "skipped_reason",
        )
        read_only_fields = fields


class LinkShape(serializers.ModelSerializer[Link]):
    """A way to another table; `on` pairs the fields that are equal, `path` names the links it stands for."""

    target = serializers.CharField(source="target.slug", read_only=True)
    on = serializers.ListField(child=serializers.ListField(child=serializers.CharField()), read_only=True)
    path = serializers.ListField(child=serializers.CharField(), read_only=True)
    inverse = serializers.CharField(source="inverse.slug", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Link
        fields = ("slug", "label", "target", "on", "path", "cardinality", "inverse", "orphans_counted")
        read_only_fields = fields


class DimensionShape(serializers.ModelSerializer[TargetingDimension]):
    """People can be addressed by the table: the field that is the key, and those that have their addresses."""

    key = serializers.CharField(source="key_field.slug", read_only=True)
    email = serializers.CharField(source="email_field.slug", default=None, allow_null=True, read_only=True)
    phone = serializers.CharField(source="phone_field.slug", default=None, allow_null=True, read_only=True)
    language = serializers.CharField(
        source="language_field.slug", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = TargetingDimension
        fields = ("slug", "label", "key", "email", "phone", "language")
        read_only_fields = fields


class TableShape(TableSummary):
    """A table with its fields, links and dimensions."""

    fields = FieldShape(many=True, read_only=True)  # type: ignore[assignment]  # a member of the answer
    links = LinkShape(many=True, read_only=True)
    dimensions = DimensionShape(many=True, read_only=True)

    class Meta:
        model = Table
        fields: tuple[Any, ...] = (*TableSummary.Meta.fields, "fields", "links", "dimensions")
        read_only_fields = fields


class FieldsQuery(serializers.Serializer[Any]):
    """Which fields are looked for, and how far."""

    search = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=200,
        help_text=_("Words of the label, slug or description; all fields where it is left out."),
    )
    levels = serializers.IntegerField(
        required=False, min_value=0, max_value=MOST_LEVELS, help_text=_("How many links are followed.")
    )


class FoundFieldShape(serializers.Serializer[Any]):
    """A field and the way to it. Where `many` is true the way leads to many rows: use “exists” or an aggregate over
    `collection`, in which the field is called `name`. Else a condition names it by `attribute`.
    """

    attribute = serializers.CharField()
    table = serializers.CharField()
    field = serializers.CharField()
    labels = serializers.ListField(child=serializers.CharField())
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    description = serializers.CharField(allow_blank=True)
    type = serializers.CharField()
    enumeration = serializers.JSONField()
    personal = serializers.BooleanField()
    many = serializers.BooleanField()  # type: ignore[assignment]  # a member of the answer
    collection = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    favourite = serializers.BooleanField()
    recent = serializers.BooleanField()


class FieldsShape(serializers.Serializer[Any]):
    """The first fifty; `partial` is true where there are more, or not every way was followed."""

    fields = FoundFieldShape(many=True)  # type: ignore[assignment]  # a member of the answer
    partial = serializers.BooleanField()  # type: ignore[assignment]  # a member of the answer
