"""What may stand in a template, for completion where a message is written."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.content.email_content import SYSTEM_VARIABLES
from campaigns.content.environment import TAG_NAMES
from campaigns.content.filter_examples import described_filters


class TemplateFilterShape(serializers.Serializer[Any]):
    """A filter as it is written behind a value, and an example of what it gives."""

    name = serializers.CharField()
    written = serializers.CharField()
    example = serializers.CharField()
    gives = serializers.CharField(allow_blank=True)


class TemplateLanguageShape(serializers.Serializer[Any]):
    """The names every template knows. `variables` are supplied with every message, whoever gets it."""

    filters = TemplateFilterShape(many=True)
    tags = serializers.ListField(child=serializers.CharField())
    variables = serializers.ListField(child=serializers.CharField())


class TemplateLanguage(Door):
    """The language of templates. What is known of the people is asked of the lint."""

    needs: ClassVar = {"language": Need("read")}
    pagination_class = None
    filter_backends = ()

    @extend_schema(responses=TemplateLanguageShape)
    @action(detail=False, methods=["get"])
    def language(self, request: Any) -> Response:
        """Its filters, its tags, and the variables that every message has."""
        found = {
            "filters": list(described_filters()),
            "tags": TAG_NAMES,
            "variables": sorted(SYSTEM_VARIABLES),
        }
        return Response(TemplateLanguageShape(found).data)
