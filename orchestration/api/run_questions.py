"""What one may ask of a run beside its counts: the document it obeys, its tasks, its log, the people on an arrow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import DataError, ProgrammingError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from campaigns import personal_data
from campaigns.activity_parts import known_ports
from campaigns.api.activity_types import described_ports
from campaigns.api.door import Door
from campaigns.api.pagination import NewestFirst
from campaigns.api.parameters import IF_NONE_MATCH
from campaigns.api.permissions import Need
from campaigns.api.preconditions import unless_known
from campaigns.document import as_data
from orchestration.api.shapes import (
    DefinitionShape,
    LogEntryShape,
    LogQuery,
    PeopleQuery,
    PeopleShape,
    TaskShape,
)
from orchestration.models import Population
from orchestration.people import People, read_people
from orchestration.runs import document_of

VIEW = Need("read", "campaigns.view_campaign")
ACTIVITY = OpenApiParameter("activity", str, OpenApiParameter.PATH)
POPULATION = OpenApiParameter("population", int, OpenApiParameter.PATH)


class RunQuestions(Door):
    """Mixed into the viewset of runs."""

    needs: ClassVar = {"definition": VIEW, "tasks": VIEW, "log": VIEW, "people": VIEW}

    @extend_schema(responses=DefinitionShape, parameters=[IF_NONE_MATCH])
    @action(detail=True, filter_backends=())
    def definition(self, request: Any, pk: str) -> Response:
        """The document as it is run, which never changes, with the ways out of its activities."""
        document = document_of(self.get_object())
        ports = {part.id: described_ports(known_ports(part)) for part in document.activities}
        return unless_known(request, {"document": as_data(document), "ports": ports})

    @extend_schema(responses=TaskShape(many=True), parameters=[ACTIVITY])
    @action(
        detail=True,
        url_path="activities/(?P<activity>[a-z0-9_-]{1,60})",
        filter_backends=(),
        pagination_class=None,
    )
    def tasks(self, request: Any, pk: str, activity: str) -> Response:
        """One activity in each round: times, attempts, what went wrong, and its SQL."""
        run = self.get_object()
        if activity not in document_of(run).graph.ids:
            raise Http404
        rows = run.activity_runs.filter(activity_id=activity).defer("memo").order_by("iteration")
        return Response(TaskShape(rows, many=True).data)

    @extend_schema(responses=LogEntryShape(many=True), parameters=[LogQuery])
    @action(detail=True, filter_backends=(), pagination_class=NewestFirst)
    def log(self, request: Any, pk: str) -> Response:
        """The execution log, newest first."""
        query = LogQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        entries = self.get_object().log.select_related("actor")
        if activity := query.validated_data.get("activity"):
            entries = entries.filter(activity_id=activity)
        page = self.paginate_queryset(entries)
        return self.get_paginated_response(LogEntryShape(page, many=True).data)

    @extend_schema(responses=PeopleShape, parameters=[POPULATION, PeopleQuery])
    @action(
        detail=True,
        url_path="populations/(?P<population>[0-9]{1,18})",
        filter_backends=(),
        pagination_class=None,
    )
    def people(self, request: Any, pk: str, population: str) -> Response:
        """The schema of what left by a port and some of its rows by key; 404 once they are no longer kept."""
        query = PeopleQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        rows = Population.objects.select_related("activity_run").filter(activity_run__run=self.get_object())
        found = get_object_or_404(rows, pk=population)
        people = _read(found, asked["after"], asked["limit"])
        return Response(_described(found, people, personal=personal_data.may_see(request.user)))


def _read(population: Population, after: str, limit: int) -> People:
    """Retention may drop the table at any moment; `after` may be no key of it."""
    if not population.is_kept:
        raise Http404
    try:
        with transaction.atomic():
            return read_people(population, after=after, limit=limit)
    except ProgrammingError as error:
        raise Http404 from error
    except DataError as error:
        raise ValidationError({"after": _("This is no key of these rows.")}) from error


def _described(population: Population, people: People, *, personal: bool) -> dict[str, Any]:
    return {
        "activity": population.activity_run.activity_id,
        "port": population.port,
        "dimension": population.dimension,
        "count": population.row_count,
        "columns": [_column(each) for each in population.columns],
        "labels": [str(label) for label in people.columns],
        "rows": [_row(row, personal) for row in people.rows],
        "next": people.next_after if personal else None,
        "masked": not personal,
    }


def _column(column: dict[str, Any]) -> dict[str, str]:
    name = str(column.get("slug") or column["name"])
    return {"name": name, "label": str(column.get("label") or name), "type": str(column.get("type", ""))}


def _row(values: Iterable[Any], personal: bool) -> list[str | None]:
    if not personal:
        return [personal_data.MASKED for _value in values]
    return [None if value is None else str(value) for value in values]
