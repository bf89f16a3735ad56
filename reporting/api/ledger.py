"""The ledger: one row for each message, newest first, searched by whole values."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.pagination import NewestFirst
from campaigns.api.permissions import Need
from orchestration.models import Message
from reporting.api.reports import sees_personal_data
from reporting.api.shapes import LedgerQuery, MessageShape
from reporting.ledger import LedgerSearch


class Ledger(Door):
    """Every message of every campaign; addresses in full for those who may see personal data."""

    needs: ClassVar = {"list": Need("read", "orchestration.view_message")}
    queryset = Message.objects.none()
    serializer_class = MessageShape
    pagination_class = NewestFirst
    filter_backends = ()

    @extend_schema(parameters=[LedgerQuery], responses=MessageShape(many=True))
    def list(self, request: Any) -> Response:
        """The messages that match."""
        page = self.paginate_queryset(search_of(request).rows())
        context = {"personal": sees_personal_data(request)}
        return self.get_paginated_response(MessageShape(page, many=True, context=context).data)


def search_of(request: Any) -> LedgerSearch:
    query = LedgerQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    return LedgerSearch(**query.validated_data)
