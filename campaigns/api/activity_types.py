"""The palette: every activity type with the JSON Schema of its settings."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from campaigns import activity_types
from campaigns.activity_parts import unfilled_ports
from campaigns.activity_types import ActivityType, Port
from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.api.serializers import ActivityTypeShape
from campaigns.forms.words import word


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
        "ports": described_ports(unfilled_ports(kind)),
        "settings": named_values(json.loads(json.dumps(kind.Config.model_json_schema(), default=str))),
    }


def described_ports(ports: Iterable[Port]) -> list[dict[str, Any]]:
    """The ways out, in their order."""
    return [
        {
            "name": port.name,
            "label": str(port.label),
            "optional": port.optional,
            "leads_back": port.leads_back,
        }
        for port in ports
    ]


def named_values(node: Any) -> Any:
    """The schema with words beside each `enum`: what people read for its values."""
    if isinstance(node, list):
        return [named_values(each) for each in node]
    if not isinstance(node, dict):
        return node
    named = {name: named_values(inner) for name, inner in node.items()}
    if isinstance(node.get("enum"), list):
        named["labels"] = {str(value): str(word(str(value))) for value in node["enum"]}
    return named
