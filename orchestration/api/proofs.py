"""Sending a proof of an e-mail of a draft."""

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
from campaigns.models import Campaign
from orchestration.proofs import MOST_ADDRESSES, send_proof

CAMPAIGN = OpenApiParameter("campaign", str, OpenApiParameter.PATH)


class ProofBody(serializers.Serializer[Any]):
    """Which activity, to whom, and as whom: without a key, as the first person of the table."""

    activity = serializers.CharField(max_length=60)
    to = serializers.ListField(child=serializers.CharField(max_length=320), max_length=MOST_ADDRESSES)
    recipient = serializers.CharField(max_length=200, required=False, default="")


class ProofShape(serializers.Serializer[Any]):
    """What became of the proof to one address, with the server's reply."""

    address = serializers.CharField()
    state = serializers.CharField()
    reply = serializers.CharField()


class ProofsShape(serializers.Serializer[Any]):
    """Whom it was rendered for; `examples` are values that no run has made yet."""

    recipient = serializers.CharField()
    examples = serializers.ListField(child=serializers.CharField())
    proofs = ProofShape(many=True)


class SentProofs(Door):
    """Proofs are marked, and leave nothing in the ledger or in reports."""

    needs: ClassVar = {"create": Need("write", "campaigns.change_campaign")}
    filter_backends = ()

    @extend_schema(
        operation_id="campaigns_send_proof",
        request=ProofBody,
        responses={200: ProofsShape},
        parameters=[CAMPAIGN, IDEMPOTENCY_KEY],
    )
    @idempotent()
    def create(self, request: Any, campaign: str) -> Response:
        """Send one. What the server refuses is said in `state` and `reply`, not by the status."""
        found = get_object_or_404(Campaign, slug=campaign)
        body = ProofBody(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        sent = send_proof(
            found, asked["activity"], to=asked["to"], by=request.user, recipient=asked["recipient"]
        )
        return Response(ProofsShape(sent).data)
