"""Stored files as the API shows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from campaigns.models import StoredFile


class FileShape(serializers.ModelSerializer[StoredFile]):
    """A file: activities that load it name its slug."""

    campaign = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True, allow_null=True)
    by = serializers.SlugRelatedField[Any](slug_field="username", read_only=True, allow_null=True)

    class Meta:
        model = StoredFile
        fields = (
            "slug",
            "name",
            "origin",
            "size",
            "checksum",
            "rows",
            "campaign",
            "activity_id",
            "run",
            "by",
            "created_at",
            "expires_at",
        )
        read_only_fields = fields


class ColumnsBody(serializers.Serializer[Any]):
    """What is known of a file before its columns are read."""

    format = serializers.JSONField(
        required=False,
        allow_null=True,
        help_text=_("Settings for `format`. Those of fixed width are kept; any other is guessed anew."),
    )


class ColumnsShape(serializers.Serializer[Any]):
    """What a file seems to be: settings for `format` and `columns`, and its first rows for whoever may see them."""

    format = serializers.DictField(read_only=True)
    columns = serializers.ListField(child=serializers.DictField(), read_only=True)
    rows = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(allow_blank=True)), read_only=True
    )
