"""The library of audiences: the list, one with its ETag, its members, its history, and who uses it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.reverse import reverse

from campaigns.api.audience_files import AudienceFiles
from campaigns.api.audience_shapes import (
    AudienceChangesBody,
    AudienceChangeShape,
    AudienceShape,
    AudienceSummary,
    KeysBody,
    MemberCountShape,
    MembersBody,
    NewAudienceBody,
    PutBackBody,
    PutShape,
    RemovedShape,
    UsesShape,
)
from campaigns.api.idempotency import idempotent
from campaigns.api.pagination import LatestChangeFirst, NewestFirst
from campaigns.api.parameters import IDEMPOTENCY_KEY, IF_MATCH
from campaigns.api.permissions import Need
from campaigns.api.preconditions import etag, required_match
from campaigns.api.problem_details import Details, details_of
from campaigns.api.rule_shapes import PreviewShape
from campaigns.audience_refusals import AudienceChanged
from campaigns.audience_uses import uses_of
from campaigns.audiences import (
    Description,
    add_audience,
    archive_audience,
    change_rule,
    compose_audience,
    delete_audience,
    describe_audience,
    put_back,
    restore_audience,
)
from campaigns.member_lists import count_members, member_question, put_members, remove_keys
from campaigns.models import Audience, AudienceChange
from campaigns.personal_data import may_see
from campaigns.plain_data import with_names
from campaigns.previews import preview
from campaigns.rule_questions import MOST_SHOWN

VIEW = Need("read", "campaigns.view_audience")
CHANGE = Need("write", "campaigns.change_audience")
NAMES = ("label", "description")
"""What people read of an audience, beside its rule."""
AFTER = OpenApiParameter("after", str, description=_("“next” of the page before."))


class AudienceFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    """What is in the archive is listed only where it is asked for."""

    origin = filters.MultipleChoiceFilter(choices=Audience.Origin.choices)
    dimension = filters.CharFilter(field_name="dimension__slug", help_text=_("The slug of its dimension."))
    campaign = filters.CharFilter(help_text=_("The slug of the campaign that saves it."))
    archived = filters.BooleanFilter(
        method="in_archive", help_text=_("Those in the archive instead of the others.")
    )
    search = filters.CharFilter(method="with_words", help_text=_("Part of the label or of the slug."))

    class Meta:
        model = Audience
        fields: tuple[str, ...] = ()

    def in_archive(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(archived_at__isnull=not value)

    def with_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(label__icontains=value) | Q(slug__icontains=value))


class Audiences(AudienceFiles, ListModelMixin):
    """Named sets of people: saved by campaigns, imported, or composed by a rule."""

    queryset = Audience.objects.select_related("dimension__table", "dimension__key_field", "created_by")
    serializer_class = AudienceSummary
    pagination_class = LatestChangeFirst
    filterset_class = AudienceFilter
    lookup_field = "slug"
    lookup_value_regex = "[a-z][a-z0-9_]*"
    needs: ClassVar = {
        "list": VIEW,
        "retrieve": VIEW,
        "changes": VIEW,
        "uses": VIEW,
        "count": VIEW,
        "preview": VIEW,
        "create": Need("write", "campaigns.add_audience"),
        "destroy": Need("write", "campaigns.delete_audience"),
        **dict.fromkeys(
            ("partial_update", "archive", "restore", "put_back", "members", "remove_members"), CHANGE
        ),
        **AudienceFiles.needs,
    }

    @extend_schema(responses=AudienceShape)
    def retrieve(self, request: Any, slug: str) -> Response:
        """One audience."""
        return _shown(self.get_object())

    @extend_schema(request=NewAudienceBody, responses={201: AudienceShape}, parameters=[IDEMPOTENCY_KEY])
    @idempotent()
    def create(self, request: Any) -> Response:
        """Compose an audience by a rule, or make one that members are imported into."""
        body = NewAudienceBody(data=request.data)
        body.is_valid(raise_exception=True)
        asked = with_names(body.validated_data, *NAMES)
        rule = asked.pop("rule", None)
        description = Description(**asked)
        if rule is None:
            made = add_audience(description, Audience.Origin.IMPORTED, by=request.user)
        else:
            made = compose_audience(description, rule, by=request.user)
        place = reverse("audience-detail", kwargs={"slug": made.slug})
        return _shown(made, status=HTTPStatus.CREATED, headers={"Location": place})

    @extend_schema(request=AudienceChangesBody, responses=AudienceShape, parameters=[IF_MATCH])
    def partial_update(self, request: Any, slug: str) -> Response:
        """Change the label, the description, the rule or how long members are kept."""
        expected = _edition(request)
        body = AudienceChangesBody(data=request.data)
        body.is_valid(raise_exception=True)
        changes = with_names(body.validated_data, *NAMES)
        with transaction.atomic():
            audience = self.get_object()
            if "rule" in changes:
                audience = change_rule(audience, changes.pop("rule"), if_match=expected, by=request.user)
                expected = audience.edition
            if changes:
                audience = describe_audience(audience, changes, if_match=expected, by=request.user)
        return _shown(audience)

    @extend_schema(parameters=[IF_MATCH], responses={204: None})
    def destroy(self, request: Any, slug: str) -> Response:
        """Delete an audience that nothing uses."""
        delete_audience(self.get_object(), if_match=_edition(request), by=request.user)
        return Response(status=HTTPStatus.NO_CONTENT)

    @extend_schema(request=None, responses=AudienceShape, parameters=[IF_MATCH, IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @idempotent()
    def archive(self, request: Any, slug: str) -> Response:
        """No longer offer it; what uses it goes on."""
        return self._act(archive_audience)

    @extend_schema(request=None, responses=AudienceShape, parameters=[IF_MATCH, IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @idempotent()
    def restore(self, request: Any, slug: str) -> Response:
        """Take it out of the archive."""
        return self._act(restore_audience)

    @extend_schema(request=PutBackBody, responses=AudienceShape, parameters=[IF_MATCH, IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], url_path="put-back")
    @idempotent()
    def put_back(self, request: Any, slug: str) -> Response:
        """Make the members as they were after a change the present ones again."""
        body = PutBackBody(data=request.data)
        body.is_valid(raise_exception=True)
        changes = AudienceChange.objects.select_related("audience").filter(audience=self.get_object())
        change = get_object_or_404(changes, pk=body.validated_data["change"])
        return _shown(put_back(change, if_match=_edition(request), by=request.user))

    @extend_schema(request=MembersBody, responses=PutShape, parameters=[IF_MATCH, IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @idempotent()
    def members(self, request: Any, slug: str) -> Response:
        """Add people by their keys, or make them the members; who is nobody is left out and told."""
        body = MembersBody(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        replace, audience = asked["mode"] == "replace", self.get_object()
        done = put_members(
            audience, asked["keys"], replace=replace, if_match=_edition(request), by=request.user
        )
        return Response(asdict(done))

    @extend_schema(request=KeysBody, responses=RemovedShape, parameters=[IF_MATCH, IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], url_path="members/remove")
    @idempotent()
    def remove_members(self, request: Any, slug: str) -> Response:
        """Take people out by their keys."""
        body = KeysBody(data=request.data)
        body.is_valid(raise_exception=True)
        keys = body.validated_data["keys"]
        removed = remove_keys(self.get_object(), keys, if_match=_edition(request), by=request.user)
        return Response({"removed": removed})

    @extend_schema(responses=AudienceChangeShape(many=True), filters=False)
    @action(detail=True, pagination_class=NewestFirst, filterset_class=None)
    def changes(self, request: Any, slug: str) -> Response:
        """Everything that was done to it, the last first."""
        page = self.paginate_queryset(self.get_object().changes.all())
        return self.get_paginated_response(AudienceChangeShape(page, many=True).data)

    @extend_schema(responses=UsesShape)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def uses(self, request: Any, slug: str) -> Response:
        """Who names it: drafts, versions in force, other audiences."""
        return Response({"uses": [asdict(use) for use in uses_of(self.get_object().slug)]})

    @extend_schema(responses=MemberCountShape)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def count(self, request: Any, slug: str) -> Response:
        """How many are in it now."""
        return Response({"count": count_members(self.get_object())})

    @extend_schema(responses=PreviewShape, parameters=[AFTER])
    @action(detail=True, pagination_class=None, filterset_class=None)
    def preview(self, request: Any, slug: str) -> Response:
        """Those who are in it and have a row in its dimension, by key, page by page."""
        question = member_question(self.get_object())
        after = request.query_params.get("after") or None
        found = preview(question, after=after, limit=MOST_SHOWN, personal=may_see(request.user))
        return Response(PreviewShape(found).data)

    def _act(self, act: Callable[..., Audience]) -> Response:
        return _shown(act(self.get_object(), if_match=_edition(self.request), by=self.request.user))


def _edition(request: Any) -> int:
    """The edition that is meant; one that cannot be is no audience's."""
    given = required_match(request)
    return int(given) if given.isdecimal() and given.isascii() else -1


def _shown(audience: Audience, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    tags = {"ETag": etag(str(audience.edition))}
    return Response(AudienceShape(audience).data, status=status, headers={**tags, **(headers or {})})


@details_of.register
def _changed(error: AudienceChanged) -> Details:
    headers = {"ETag": etag(str(error.current))}
    return Details(HTTPStatus.PRECONDITION_FAILED, "audience_changed", str(error), headers=headers)
