"""Acts that take a campaign from one state to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.reverse import reverse

from campaigns.api.door import Door
from campaigns.api.idempotency import idempotent
from campaigns.api.parameters import IDEMPOTENCY_KEY, IF_MATCH
from campaigns.api.permissions import Need
from campaigns.api.preconditions import required_match
from campaigns.api.serializers import CampaignSummary, PublishBody, VersionSummary
from campaigns.lifecycle import archive_campaign, back_to_draft, close_campaign, stop_campaign
from campaigns.publishing import publish_campaign

PUBLISH = Need("publish", "campaigns.publish_campaign")

_moves = extend_schema(request=None, responses=CampaignSummary, parameters=[IDEMPOTENCY_KEY])


class CampaignActs(Door):
    """Mixed into the viewset of campaigns."""

    needs: ClassVar = {
        "publish": PUBLISH,
        "close": PUBLISH,
        "stop": PUBLISH,
        "back_to_draft": PUBLISH,
        "archive": Need("write", "campaigns.change_campaign"),
    }

    @extend_schema(
        request=PublishBody, responses={201: VersionSummary}, parameters=[IF_MATCH, IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    @idempotent()
    def publish(self, request: Any, slug: str) -> Response:
        """Freeze the draft that has the ETag as the next version and let it take effect."""
        expected = required_match(request)
        body = PublishBody(data=request.data)
        body.is_valid(raise_exception=True)
        campaign = self.get_object()
        version = publish_campaign(campaign, by=request.user, if_match=expected, **body.validated_data)
        place = reverse("campaign-version", kwargs={"slug": slug, "number": version.number})
        return Response(VersionSummary(version).data, status=201, headers={"Location": place})

    @_moves
    @action(detail=True, methods=["post"])
    @idempotent()
    def close(self, request: Any, slug: str) -> Response:
        """No new run starts; those under way finish."""
        return self._move(close_campaign)

    @_moves
    @action(detail=True, methods=["post"])
    @idempotent()
    def stop(self, request: Any, slug: str) -> Response:
        """End the campaign and all its runs for good."""
        return self._move(stop_campaign)

    @_moves
    @action(detail=True, methods=["post"])
    @idempotent()
    def archive(self, request: Any, slug: str) -> Response:
        """Hide a campaign that is over."""
        return self._move(archive_campaign)

    @_moves
    @action(detail=True, methods=["post"], url_path="back-to-draft")
    @idempotent()
    def back_to_draft(self, request: Any, slug: str) -> Response:
        """Take a published campaign back, as long as it has not been executed."""
        return self._move(back_to_draft)

    def _move(self, act: Callable[..., None]) -> Response:
        campaign = self.get_object()
        act(campaign, by=self.request.user)
        return Response(CampaignSummary(campaign).data)
