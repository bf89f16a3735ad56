"""Which attributes somebody likes, and which they used lately."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.api.rules import one_of
from campaigns.attribute_marks import like, note_use, unlike
from campaigns.catalogue import load_catalogue
from campaigns.models import AttributeMark
from campaigns.rule_questions import RuleQuestion

VIEW = Need("read", "campaigns.view_table")


class MarkBody(serializers.Serializer[Any]):
    """An attribute, seen from a table."""

    table = serializers.CharField(max_length=63)
    attribute = serializers.CharField(max_length=500, help_text=_("Such as “city.country”."))


class MarkShape(serializers.ModelSerializer[AttributeMark]):
    class Meta:
        model = AttributeMark
        fields = ("kind", "table", "attribute", "marked_at")
        read_only_fields = fields


class MarksShape(serializers.Serializer[Any]):
    """At most twenty of each kind, the latest first."""

    favourites = MarkShape(many=True)
    recents = MarkShape(many=True)


class Attributes(Door):
    """Favourites and recents are your own; they change nothing for anybody else."""

    needs: ClassVar = {"marks": VIEW, "favourites": VIEW, "recents": VIEW}
    pagination_class = None
    filter_backends = ()

    @extend_schema(responses=MarksShape)
    @action(detail=False)
    def marks(self, request: Any) -> Response:
        """Your favourites, and what you used lately."""
        rows = list(AttributeMark.objects.filter(user=request.user))
        kinds = {"favourites": AttributeMark.Kind.FAVOURITE, "recents": AttributeMark.Kind.RECENT}
        lists = {name: [row for row in rows if row.kind == kind] for name, kind in kinds.items()}
        return Response(MarksShape(lists).data)

    @extend_schema(methods=["PUT"], request=MarkBody, responses={204: None})
    @extend_schema(methods=["DELETE"], request=MarkBody, responses={204: None})
    @action(detail=False, methods=["put", "delete"])
    def favourites(self, request: Any) -> Response:
        """Make an attribute a favourite, or no longer one."""
        asked = _asked(request)
        if request.method == "PUT":
            like(_question(asked), asked["attribute"], by=request.user)
        elif not unlike(asked["table"], asked["attribute"], by=request.user):
            raise Http404
        return Response(status=204)

    @extend_schema(request=MarkBody, responses={204: None})
    @action(detail=False, methods=["put"])
    def recents(self, request: Any) -> Response:
        """Note that you used an attribute just now."""
        asked = _asked(request)
        note_use(_question(asked), asked["attribute"], by=request.user)
        return Response(status=204)


def _asked(request: Any) -> dict[str, Any]:
    body = MarkBody(data=request.data)
    body.is_valid(raise_exception=True)
    asked: dict[str, Any] = body.validated_data
    return asked


def _question(asked: dict[str, Any]) -> RuleQuestion:
    known = load_catalogue()
    return RuleQuestion(None, one_of(asked["table"], known.tables, "table"), known)
