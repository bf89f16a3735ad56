"""Saved filters as the API takes and shows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from campaigns.models import PredefinedFilter
from campaigns.targeting.saved_filters import MOST_PARAMETERS

SLUG = r"^[a-z][a-z0-9_]*\Z"


class ParameterShape(serializers.Serializer[Any]):
    """A value that whoever uses the filter gives; without a default they have to."""

    name = serializers.RegexField(SLUG, max_length=40)
    type = serializers.ChoiceField(["text", "number", "date", "boolean", "period"])
    label = serializers.CharField(  # type: ignore[assignment]  # a member of the body
        required=False, allow_blank=True, max_length=200
    )
    many = serializers.BooleanField(required=False)  # type: ignore[assignment]  # a member of the body
    default = serializers.JSONField(required=False)


class FilterBody(serializers.Serializer[Any]):
    """All of a filter but its slug."""

    label = serializers.CharField(max_length=200)  # type: ignore[assignment]  # a member of the body
    description = serializers.CharField(required=False, allow_blank=True, max_length=2_000)
    table = serializers.CharField(max_length=63)
    rule = serializers.JSONField(
        help_text=_("A rule; a value that is given where the filter is used is written {parameter: name}.")
    )
    parameters = serializers.ListField(child=ParameterShape(), required=False, max_length=MOST_PARAMETERS)
    shared = serializers.BooleanField(
        required=False, help_text=_("Private where it is left out: seen by its owner alone.")
    )

    def parts(self) -> dict[str, Any]:
        """With what was left out."""
        return {"description": "", "parameters": [], "shared": False, **self.validated_data}


class NewFilterBody(FilterBody):
    """A filter and its slug, which never changes."""

    slug = serializers.RegexField(SLUG, max_length=63)

    def parts(self) -> dict[str, Any]:
        given = super().parts()
        del given["slug"]
        return given


class FilterShape(serializers.ModelSerializer[PredefinedFilter]):
    """A saved filter, with its sentence and whether it is one's favourite."""

    owner = serializers.CharField(source="owner.username", default=None, allow_null=True, read_only=True)
    hash = serializers.CharField(source="content_hash", read_only=True, help_text=_("Its ETag."))
    parameters = serializers.ListField(child=ParameterShape(), read_only=True)
    favourite = serializers.SerializerMethodField()

    class Meta:
        model = PredefinedFilter
        fields = (
            "slug",
            "label",
            "description",
            "table",
            "rule",
            "parameters",
            "shared",
            "owner",
            "favourite",
            "hash",
            "created_at",
            "modified_at",
        )
        read_only_fields = fields

    def get_favourite(self, row: PredefinedFilter) -> bool:
        return row.pk in self.context.get("favourites", ())


class ValuesBody(serializers.Serializer[Any]):
    """Values for the parameters, by name."""

    parameters = serializers.DictField(child=serializers.JSONField(allow_null=True), required=False)


class AppliedShape(serializers.Serializer[Any]):
    """A rule of one's own, made from a filter."""

    rule = serializers.JSONField()
    sentence = serializers.CharField()


class UsersShape(serializers.Serializer[Any]):
    """Where a filter is used, in words."""

    users = serializers.ListField(child=serializers.CharField())
