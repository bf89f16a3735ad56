"""The catalogue: registered tables with their fields, links and dimensions, to be read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from campaigns.api.pagination import BySlug
from campaigns.api.permissions import Need
from campaigns.api.place_shapes import TableAttributesShape
from campaigns.api.table_acts import TableActs
from campaigns.api.table_shapes import FieldsQuery, FieldsShape, TableShape, TableSummary
from campaigns.attribute_lists import described_table
from campaigns.attribute_marks import marks_of
from campaigns.catalogue import load_catalogue
from campaigns.field_search import LEVELS, search_fields
from campaigns.models import Link, Table, TargetingDimension

VIEW = Need("read", "campaigns.view_table")
ROLES = ("key_field", "email_field", "phone_field", "language_field")


class TableFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    origin = filters.MultipleChoiceFilter(choices=Table.Origin.choices)
    search = filters.CharFilter(method="with_words", help_text=_("Part of the label or of the slug."))

    class Meta:
        model = Table
        fields: tuple[str, ...] = ()

    def with_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(label__icontains=value) | Q(slug__icontains=value))


class Tables(ListModelMixin, TableActs):
    """What rules may speak of."""

    queryset = Table.objects.all()
    serializer_class = TableSummary
    pagination_class = BySlug
    filterset_class = TableFilter
    lookup_field = "slug"
    lookup_value_regex = "[a-z][a-z0-9_]*"
    needs: ClassVar = {**TableActs.needs, "list": VIEW, "retrieve": VIEW, "fields": VIEW, "attributes": VIEW}

    @extend_schema(responses=TableShape)
    def retrieve(self, request: Any, slug: str) -> Response:
        """One table with everything that is known of it."""
        return Response(TableShape(self.get_object()).data)

    @extend_schema(parameters=[FieldsQuery], responses=FieldsShape)
    @action(detail=True, filter_backends=(), pagination_class=None)
    def fields(self, request: Any, slug: str) -> Response:
        """Fields of the table and of those its links lead to, by their words: favourites first, then what you
        used lately, then the nearest.
        """
        query = FieldsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        table = self.get_object().slug
        found = search_fields(
            load_catalogue(),
            table,
            query.validated_data.get("search", ""),
            marks=marks_of(request.user, table),
            levels=query.validated_data.get("levels", LEVELS),
        )
        return Response(FieldsShape(found).data)

    @extend_schema(responses=TableAttributesShape)
    @action(detail=True, filter_backends=(), pagination_class=None)
    def attributes(self, request: Any, slug: str) -> Response:
        """What a rule on its rows may speak of: attributes, those of the rows it points to, and collections."""
        return Response(described_table(load_catalogue(), self.get_object().slug))

    def get_queryset(self) -> QuerySet[Table]:
        if self.action != "retrieve":
            return Table.objects.all()
        return Table.objects.prefetch_related(
            "fields",
            Prefetch("links", Link.objects.select_related("target", "inverse")),
            Prefetch("dimensions", TargetingDimension.objects.select_related(*ROLES)),
        )
