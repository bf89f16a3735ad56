"""Folders of campaigns: listed, made, renamed, moved, deleted when empty."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.reverse import reverse

from campaigns.api.door import Door
from campaigns.api.idempotency import idempotent
from campaigns.api.pagination import NewestFirst
from campaigns.api.parameters import IDEMPOTENCY_KEY
from campaigns.api.permissions import Need
from campaigns.folders import (
    LONGEST_NAME,
    Tree,
    create_folder,
    delete_folder,
    load_tree,
    move_folder,
    rename_folder,
)
from campaigns.models import CampaignFolder

VIEW = Need("read", "campaigns.view_campaign")
CHANGE = Need("write", "campaigns.change_campaign")


class FolderShape(serializers.ModelSerializer[CampaignFolder]):
    """A folder, with its way from the top and what lies in it."""

    parent = serializers.IntegerField(  # type: ignore[assignment]  # a member of the answer
        source="parent_id", allow_null=True, help_text=_("Empty: at the top.")
    )
    path = serializers.SerializerMethodField(help_text=_("The names from the top down to the folder."))
    campaigns = serializers.SerializerMethodField(
        help_text=_("Campaigns that lie in it, archived ones left out.")
    )
    campaigns_below = serializers.SerializerMethodField(
        help_text=_("Campaigns in it and in all folders below.")
    )

    class Meta:
        model = CampaignFolder
        fields = ("id", "name", "parent", "path", "campaigns", "campaigns_below", "created_at")
        read_only_fields = fields

    @property
    def _tree(self) -> Tree:
        tree: Tree = self.context["tree"]
        return tree

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_path(self, folder: CampaignFolder) -> list[str]:
        return [each.name for each in self._tree.path(folder.pk)]

    def get_campaigns(self, folder: CampaignFolder) -> int:
        return self._tree.own.get(folder.pk, 0)

    def get_campaigns_below(self, folder: CampaignFolder) -> int:
        return self._tree.count(folder.pk)


class NewFolderBody(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=LONGEST_NAME)
    parent = serializers.IntegerField(  # type: ignore[assignment]  # a member of the body
        allow_null=True, required=False, default=None, help_text=_("Empty: at the top.")
    )


class FolderBody(serializers.Serializer[Any]):
    """What is not sent stays as it is."""

    name = serializers.CharField(max_length=LONGEST_NAME, required=False)
    parent = serializers.IntegerField(  # type: ignore[assignment]  # a member of the body
        allow_null=True, required=False, help_text=_("Empty: to the top.")
    )


class FolderFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    parent = filters.NumberFilter(field_name="parent", help_text=_("Folders that lie in this one."))
    top = filters.BooleanFilter(
        field_name="parent", lookup_expr="isnull", help_text=_("Folders at the top, or all others.")
    )

    class Meta:
        model = CampaignFolder
        fields: tuple[str, ...] = ()


class OldestFirst(NewestFirst):
    ordering = "pk"


class Folders(ListModelMixin, Door):
    """Where campaigns are kept. Putting one into another folder changes neither its document nor its ETag."""

    queryset: QuerySet[CampaignFolder] = CampaignFolder.objects.all()
    serializer_class = FolderShape
    pagination_class = OldestFirst
    filterset_class = FolderFilter
    lookup_value_regex = "[0-9]{1,18}"
    needs: ClassVar = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": CHANGE,
        "partial_update": CHANGE,
        "destroy": CHANGE,
    }

    @cached_property
    def _tree(self) -> Tree:
        return load_tree()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "tree": self._tree}

    @extend_schema(responses=FolderShape)
    def retrieve(self, request: Any, pk: str) -> Response:
        """One folder."""
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=NewFolderBody, responses={201: FolderShape}, parameters=[IDEMPOTENCY_KEY])
    @idempotent()
    def create(self, request: Any) -> Response:
        """A new folder, at the top or in another one."""
        body = NewFolderBody(data=request.data)
        body.is_valid(raise_exception=True)
        made = create_folder(**body.validated_data, by=request.user)
        place = reverse("folder-detail", kwargs={"pk": made.pk})
        return Response(self._shown(made), status=201, headers={"Location": place})

    @extend_schema(request=FolderBody, responses=FolderShape)
    def partial_update(self, request: Any, pk: str) -> Response:
        """Rename the folder, or put it elsewhere with all that is in it."""
        folder = self.get_object()
        body = FolderBody(data=request.data)
        body.is_valid(raise_exception=True)
        if "name" in body.validated_data:
            rename_folder(folder, body.validated_data["name"], by=request.user)
        if "parent" in body.validated_data:
            move_folder(folder, body.validated_data["parent"], by=request.user)
        return Response(self._shown(folder))

    @extend_schema(responses={204: None})
    def destroy(self, request: Any, pk: str) -> Response:
        """Delete the folder; refused as long as anything lies in it."""
        delete_folder(self.get_object(), by=request.user)
        return Response(status=204)

    def _shown(self, folder: CampaignFolder) -> Any:
        folder.refresh_from_db()
        return FolderShape(folder, context={"tree": load_tree()}).data
