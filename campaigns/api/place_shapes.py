"""What an activity finds in its place, as the API answers it: for completion and pickers in any editor of settings."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class PlaceQuery(serializers.Serializer[Any]):
    """Which activity of the document."""

    activity = serializers.CharField(max_length=60)


class AttributeShape(serializers.Serializer[Any]):
    """An attribute as rules and messages name it; a column that people carry begins with @."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    type = serializers.CharField()
    group = serializers.CharField(
        allow_blank=True, help_text=_("The labels of the links that lead there; blank for the row itself.")
    )
    choices = serializers.DictField(
        child=serializers.CharField(allow_blank=True),
        required=False,
        help_text=_("The allowed values with their labels, where they are a closed set."),
    )


class CollectionShape(serializers.Serializer[Any]):
    """Linked rows that rules may ask for; `many` is false where the link leads to one row or none."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    group = serializers.CharField(allow_blank=True)
    table = serializers.CharField()
    many = serializers.BooleanField()  # type: ignore[assignment]  # a member of the answer


class TableAttributesShape(serializers.Serializer[Any]):
    """What a rule on the rows of a table may speak of, as a picker lists it."""

    table = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    attributes = AttributeShape(many=True)
    collections = CollectionShape(many=True)


class IncomingShape(serializers.Serializer[Any]):
    """One transition that arrives; the table is blank where nobody comes by it, or lines of a file do."""

    source = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    port = serializers.CharField()
    table = serializers.CharField(allow_blank=True)
    columns = AttributeShape(many=True)


class VariableShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    type = serializers.CharField()


class AudienceChoiceShape(serializers.Serializer[Any]):
    """An audience of rows of the table."""

    name = serializers.CharField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a member of the answer
    table = serializers.CharField()


class PlaceShape(serializers.Serializer[Any]):
    """Who comes in first, from `dimension` and so from `table`, and all that settings may name of them.

    Dimension and table are blank where nobody comes in yet, and where lines of a file do. As far as the settings of the
    activities before are valid.
    """

    dimension = serializers.CharField(allow_blank=True)
    table = serializers.CharField(allow_blank=True)
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a member of the answer
    attributes = AttributeShape(many=True)
    incoming = IncomingShape(many=True)
    dimensions = serializers.DictField(
        child=serializers.CharField(), help_text=_("The table of each dimension that settings may name.")
    )
    variables = VariableShape(many=True)
    audiences = AudienceChoiceShape(many=True)
