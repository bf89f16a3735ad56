"""Deliveries: whom they reach, how far they are, and the confirmation that lets them go."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.idempotency import idempotent
from campaigns.api.parameters import IDEMPOTENCY_KEY
from campaigns.api.permissions import Need
from orchestration.api.filters import DeliveryFilter
from orchestration.api.run_questions import VIEW
from orchestration.api.shapes import ConfirmedShape, DeliveryShape, DeliverySummary, ProgressShape
from orchestration.confirmation import confirm_delivery, send_waterfall
from orchestration.models import Delivery
from orchestration.run_counts import message_counts, progress_of
from orchestration.run_permissions import CONFIRM


class Deliveries(ListModelMixin, Door):
    """One sending of one content to one population, of live runs and of tests."""

    queryset = Delivery.objects.all()
    serializer_class = DeliverySummary
    filterset_class = DeliveryFilter
    lookup_value_regex = r"[0-9]{1,18}"
    needs: ClassVar = {"list": VIEW, "retrieve": VIEW, "confirm": Need("confirm", CONFIRM)}

    def get_queryset(self) -> QuerySet[Delivery]:
        rows = Delivery.objects.select_related("activity_run", "campaign", "dimension", "confirmed_by")
        return rows.defer("content", "variables", "values", "activity_run__statements", "activity_run__memo")

    @extend_schema(responses=DeliveryShape)
    def retrieve(self, request: Any, pk: str) -> Response:
        """One delivery, with the way from those targeted to those who get a message."""
        return Response(described(self.get_object()))

    @extend_schema(request=None, responses=ConfirmedShape, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], filter_backends=())
    @idempotent()
    def confirm(self, request: Any, pk: str) -> Response:
        """Let a prepared delivery be sent. Read its waterfall first: what has left cannot be called back."""
        delivery = self.get_object()
        released = confirm_delivery(delivery, by=request.user)
        return Response({**described(delivery), "released": released})


def described(delivery: Delivery) -> dict[str, Any]:
    counts = message_counts([delivery]).get(delivery.pk, {})
    return {
        **DeliverySummary(delivery).data,
        "waterfall": send_waterfall(delivery),
        "messages": counts,
        "progress": ProgressShape(progress_of(counts)).data,
    }
