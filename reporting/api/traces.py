"""One person's way through a run."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.api.problem_details import Details, details_of
from campaigns.models import TargetingDimension
from orchestration.models import CampaignRun
from reporting.api.reports import sees_personal_data
from reporting.api.shapes import TraceQuery, TraceShape
from reporting.conditions import trace_data
from reporting.memberships import NotAKey
from reporting.traces import trace

RUN = OpenApiParameter("run", int, OpenApiParameter.PATH)


class Traces(Door):
    """Why somebody did or did not get something."""

    needs: ClassVar = {"list": Need("read", "orchestration.view_message")}
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        parameters=[RUN, TraceQuery],
        responses=forced_singular_serializer(TraceShape),  # type: ignore[no-untyped-call]
    )
    def list(self, request: Any, run: str) -> Response:
        """Each activity of the run: in, out by which port and why, the message and what came back, and which of its
        conditions hold now.
        """
        query = TraceQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        slug = query.validated_data.get("dimension")
        dimension = get_object_or_404(TargetingDimension, slug=slug) if slug else None
        asked = get_object_or_404(CampaignRun, pk=run)
        found = trace(asked, query.validated_data["recipient"], dimension=dimension)
        return Response(TraceShape(trace_data(asked, found, personal=sees_personal_data(request))).data)


@details_of.register
def _no_key(error: NotAKey) -> Details:
    return Details(HTTPStatus.UNPROCESSABLE_ENTITY, "not_a_key", str(error))
