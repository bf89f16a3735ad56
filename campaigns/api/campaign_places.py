"""In which folder a campaign is kept."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.folders import put_into_folder
from campaigns.models import Campaign


class PlaceBody(serializers.Serializer[Any]):
    folder = serializers.IntegerField(allow_null=True, help_text=_("Its key; empty: in no folder."))


class CampaignPlaces(Door):
    """Mixed into the viewset of campaigns."""

    needs: ClassVar = {"folder": Need("write", "campaigns.change_campaign")}

    @extend_schema(request=PlaceBody, responses=PlaceBody)
    @action(detail=True, methods=["put"])
    def folder(self, request: Any, slug: str) -> Response:
        """Put the campaign into a folder, or into none. Its document and its ETag stay as they are."""
        campaign: Campaign = self.get_object()
        body = PlaceBody(data=request.data)
        body.is_valid(raise_exception=True)
        put_into_folder([campaign], body.validated_data["folder"], by=request.user)
        return Response({"folder": campaign.folder_id})
