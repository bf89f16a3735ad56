"""The palette: every activity type with the JSON Schema of its settings."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from campaigns import activity_types
from campaigns.activity_types import ActivityType
from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.api.serializers import ActivityTypeShape


class ActivityTypes(Door):
    """What may be placed on the canvas, in the order of the palette and in the reader's language."""

    needs: ClassVar = {"list": Need("read")}
    pagination_class = None
    filter_backends = ()

    @extend_schema(responses=ActivityTypeShape(many=True))
    def list(self, request: Any) -> Response:
        return Response([described(kind) for kind in activity_types.registered().values()])


def described(kind: type[ActivityType]) -> dict[str, Any]:
    return {
        "name": kind.name,
        "label": str(kind.label),
        "description": str(kind.description),
        "category": str(kind.category),
        "icon": kind.icon,
        "law": str(kind.law),
        "inbound_min": kind.inbound_min,
        "inbound_max": kind.inbound_max,
        "settings": json.loads(json.dumps(kind.Config.model_json_schema(), default=str)),
    }
