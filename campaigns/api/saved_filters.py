"""Saved filters: kept, found, changed with their ETag, copied into rules."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.reverse import reverse

from campaigns.api.door import Door
from campaigns.api.filter_shapes import (
    AppliedShape,
    FilterBody,
    FilterShape,
    NewFilterBody,
    UsersShape,
    ValuesBody,
)
from campaigns.api.idempotency import idempotent
from campaigns.api.pagination import BySlug
from campaigns.api.parameters import IDEMPOTENCY_KEY, IF_MATCH
from campaigns.api.permissions import Need
from campaigns.api.preconditions import etag, required_match
from campaigns.catalogue import load_catalogue
from campaigns.models import FilterFavourite, PredefinedFilter
from campaigns.plain_data import normal
from campaigns.predefined_filters import (
    applied,
    create_filter,
    delete_filter,
    may_change,
    save_filter,
    saved_filter,
    set_favourite,
    users_of,
    visible_filters,
)
from campaigns.rule_questions import RuleQuestion

VIEW = Need("read", "campaigns.view_campaign")
CHANGE = Need("write", "campaigns.change_campaign")


class SavedFilterFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    table = filters.CharFilter(help_text=_("Filters about this table."))
    shared = filters.BooleanFilter()
    favourite = filters.BooleanFilter(method="liked", help_text=_("Your favourites, or all others."))
    search = filters.CharFilter(method="with_words", help_text=_("Part of the label, slug or description."))

    class Meta:
        model = PredefinedFilter
        fields: tuple[str, ...] = ()

    def liked(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        mine = Q(favourites__user=self.request.user)
        return rows.filter(mine) if value else rows.exclude(mine)

    def with_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = Q(label__icontains=value) | Q(slug__icontains=value) | Q(description__icontains=value)
        return rows.filter(words)


class SavedFilters(ListModelMixin, Door):
    """Rules under a name: your own, and those that are shared."""

    queryset = PredefinedFilter.objects.all()
    serializer_class = FilterShape
    pagination_class = BySlug
    filterset_class = SavedFilterFilter
    lookup_field = "slug"
    lookup_value_regex = "[a-z][a-z0-9_]*"
    needs: ClassVar = {
        "list": VIEW,
        "retrieve": VIEW,
        "users": VIEW,
        "apply": VIEW,
        "favourite": VIEW,
        "create": CHANGE,
        "update": CHANGE,
        "destroy": CHANGE,
    }

    def get_queryset(self) -> QuerySet[PredefinedFilter]:
        return visible_filters(self.request.user)

    def get_serializer_context(self) -> dict[str, Any]:
        liked = FilterFavourite.objects.filter(user=self.request.user.pk).values_list("filter", flat=True)
        return {**super().get_serializer_context(), "favourites": frozenset(liked)}

    @extend_schema(responses=FilterShape)
    def retrieve(self, request: Any, slug: str) -> Response:
        """One filter."""
        return self._shown(self.get_object())

    @extend_schema(request=NewFilterBody, responses={201: FilterShape}, parameters=[IDEMPOTENCY_KEY])
    @idempotent()
    def create(self, request: Any) -> Response:
        """Save a new filter; it is private unless it is shared."""
        body = NewFilterBody(data=request.data)
        body.is_valid(raise_exception=True)
        row = create_filter(body.validated_data["slug"], body.parts(), by=request.user)
        answer = self._shown(row, status=201)
        answer["Location"] = reverse("saved-filter-detail", kwargs={"slug": row.slug})
        return answer

    @extend_schema(request=FilterBody, responses=FilterShape, parameters=[IF_MATCH])
    def update(self, request: Any, slug: str) -> Response:
        """Replace the filter that has the ETag. Drafts mean the new one at once, published versions never."""
        expected = required_match(request)
        row = self._changeable()
        body = FilterBody(data=request.data)
        body.is_valid(raise_exception=True)
        return self._shown(save_filter(row, body.parts(), if_match=expected, by=request.user))

    @extend_schema(parameters=[IF_MATCH], responses={204: None})
    def destroy(self, request: Any, slug: str) -> Response:
        """Delete a filter that no draft and no other filter uses."""
        expected = required_match(request)
        delete_filter(self._changeable(), if_match=expected, by=request.user)
        return Response(status=204)

    @extend_schema(responses=UsersShape)
    @action(detail=True)
    def users(self, request: Any, slug: str) -> Response:
        """The drafts and filters that use it."""
        return Response({"users": users_of(self.get_object())})

    @extend_schema(request=ValuesBody, responses=AppliedShape)
    @action(detail=True, methods=["post"])
    def apply(self, request: Any, slug: str) -> Response:
        """A copy of the filter's rule with these values in it, to be changed as you like."""
        body = ValuesBody(data=request.data)
        body.is_valid(raise_exception=True)
        saved = saved_filter(self.get_object())
        rule = applied(saved, normal(body.validated_data.get("parameters", {}), ("parameters",)))
        return Response({"rule": rule, "sentence": RuleQuestion(rule, saved.table, load_catalogue()).words()})

    @extend_schema(methods=["PUT"], request=None, responses={204: None})
    @extend_schema(methods=["DELETE"], responses={204: None})
    @action(detail=True, methods=["put", "delete"])
    def favourite(self, request: Any, slug: str) -> Response:
        """Keep it at hand, or no longer."""
        set_favourite(self.get_object(), user=request.user, favourite=request.method == "PUT")
        return Response(status=204)

    def _changeable(self) -> PredefinedFilter:
        row: PredefinedFilter = self.get_object()
        if not may_change(self.request.user, row):
            raise PermissionDenied
        return row

    def _shown(self, row: PredefinedFilter, *, status: int = 200) -> Response:
        data = FilterShape(row, context=self.get_serializer_context()).data
        return Response(data, status=status, headers={"ETag": etag(row.content_hash)})
