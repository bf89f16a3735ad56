"""Tokens of the person who is signed in: made, listed and revoked in a session, never by a token."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.idempotency import idempotent
from campaigns.api.parameters import IDEMPOTENCY_KEY
from campaigns.api.permissions import SignedIn
from campaigns.api.serializers import NewTokenShape, TokenBody, TokenSummary
from campaigns.models import ApiToken
from campaigns.tokens import issue_token, revoke_token


class Tokens(ListModelMixin, Door):
    """The secret is in the answer that makes the token and nowhere else."""

    queryset = ApiToken.objects.none()
    serializer_class = TokenSummary
    permission_classes = (SignedIn,)
    filter_backends = ()
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[ApiToken]:
        return ApiToken.objects.filter(user=self.request.user.pk)

    @extend_schema(request=TokenBody, responses={201: NewTokenShape}, parameters=[IDEMPOTENCY_KEY])
    @idempotent("secret")
    def create(self, request: Any) -> Response:
        body = TokenBody(data=request.data)
        body.is_valid(raise_exception=True)
        made = issue_token(request.user, **body.validated_data)
        return Response({**TokenSummary(made.token).data, "secret": made.secret}, status=201)

    @extend_schema(request=None, responses=TokenSummary, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @idempotent()
    def revoke(self, request: Any, pk: str) -> Response:
        token = self.get_object()
        revoke_token(token, by=request.user)
        return Response(TokenSummary(token).data)
