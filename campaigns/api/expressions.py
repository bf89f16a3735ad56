"""What may stand in an expression: the functions of the language, for completion where one is written."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.targeting.expressions.functions import FAMILY_LABELS, Family, Function
from campaigns.targeting.expressions.registry import functions_of


class FunctionShape(serializers.Serializer[Any]):
    """One function of the expression language."""

    name = serializers.CharField()
    category = serializers.CharField()
    category_label = serializers.CharField()
    signature = serializers.CharField(help_text=gettext_lazy("The arguments with their types; [optional]."))
    gives = serializers.CharField(
        allow_null=True, help_text=gettext_lazy("The type; null where that of the arguments decides.")
    )
    description = serializers.CharField()
    of_empty = serializers.CharField(help_text=gettext_lazy("What it gives of empty values."))
    example = serializers.CharField()


class Expressions(Door):
    """The expression language. The attributes of a table are listed by the tables."""

    needs: ClassVar = {"functions": Need("read")}
    pagination_class = None
    filter_backends = ()

    @extend_schema(responses=FunctionShape(many=True))
    @action(detail=False, methods=["get"])
    def functions(self, request: Any) -> Response:
        """Every function by category and name, described in the reader's language."""
        return Response([_described(each) for family in Family for each in functions_of(family)])


def _described(function: Function) -> dict[str, Any]:
    return {
        "name": function.name,
        "category": function.family.value,
        "category_label": str(FAMILY_LABELS[function.family]),
        "signature": function.signature,
        "gives": function.gives.value if function.gives else None,
        "description": str(function.description),
        "of_empty": str(function.of_empty),
        "example": function.example,
    }
