"""Closed sets that a settings' schema only names by its widget: the dimensions, channels and audiences there are."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.api.serializers import SettingChoicesShape
from campaigns.models import Audience, ChannelConfiguration, TargetingDimension

Choices = list[dict[str, str]]


class SettingChoices(Door):
    """What the fields of a form may name."""

    needs: ClassVar = {"list": Need("read", "campaigns.view_campaign")}
    pagination_class = None
    filter_backends = ()

    @extend_schema(responses=forced_singular_serializer(SettingChoicesShape))  # type: ignore[no-untyped-call]
    def list(self, request: Any) -> Response:
        """By widget, each as the form shows it."""
        return Response({"dimension": _dimensions(), "channel": _channels(), "audience": _audiences()})


def _dimensions() -> Choices:
    return _choices(TargetingDimension.objects.values_list("slug", "label"))


def _channels() -> Choices:
    rows = ChannelConfiguration.objects.filter(enabled=True).order_by("slug")
    return [{"value": row.slug, "label": row.name or row.slug, "of": row.channel} for row in rows]


def _audiences() -> Choices:
    return _choices(Audience.objects.filter(archived_at=None).values_list("slug", "label"))


def _choices(rows: Any) -> Choices:
    return [{"value": slug, "label": label or slug} for slug, label in rows.order_by("slug")]
