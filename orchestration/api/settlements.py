"""Saying what became of messages that may or may not have left."""

from __future__ import annotations

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.idempotency import idempotent
from campaigns.api.parameters import IDEMPOTENCY_KEY
from campaigns.api.permissions import Need
from orchestration.models import Delivery
from orchestration.run_permissions import CONFIRM
from orchestration.unknowns import STATES, count_unknown, settle_unknown

DELIVERY = OpenApiParameter("delivery", int, OpenApiParameter.PATH)
LARGEST = 2**63 - 1


class SettlementBody(serializers.Serializer[Any]):
    """What became of one message, or of all that are unknown, and how that is known."""

    state = serializers.ChoiceField(list(STATES))
    message = serializers.IntegerField(min_value=1, max_value=LARGEST, required=False)
    note = serializers.CharField(max_length=200, required=False, default="")


class SettlementShape(serializers.Serializer[Any]):
    """How many messages were settled, and how many are still unknown."""

    delivery = serializers.IntegerField()
    settled = serializers.IntegerField()
    unknown = serializers.IntegerField()


class Settlements(Door):
    """Nothing is sent by this, and it cannot be taken back."""

    needs: ClassVar = {"create": Need("confirm", CONFIRM)}
    filter_backends = ()

    @extend_schema(
        operation_id="deliveries_settle",
        request=SettlementBody,
        responses={200: SettlementShape},
        parameters=[DELIVERY, IDEMPOTENCY_KEY],
    )
    @idempotent()
    def create(self, request: Any, delivery: str) -> Response:
        """Settle the unknown messages of a delivery, whose number its `messages` show first."""
        found = get_object_or_404(Delivery, pk=delivery)
        body = SettlementBody(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        settled = settle_unknown(
            found, asked["state"], by=request.user, note=asked["note"], message=asked.get("message")
        )
        left = count_unknown(found)
        return Response(SettlementShape({"delivery": found.pk, "settled": settled, "unknown": left}).data)
