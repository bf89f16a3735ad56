"""Campaigns: the list, the document with its ETag, the layout, duplicates."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.reverse import reverse

from campaigns.api.campaign_acts import CampaignActs
from campaigns.api.campaign_places import CampaignPlaces
from campaigns.api.campaign_questions import CampaignQuestions
from campaigns.api.door import Door
from campaigns.api.filters import CampaignFilter
from campaigns.api.formats import (
    CanonicalJsonRenderer,
    JsonDocumentParser,
    YamlDocumentParser,
    YamlDocumentRenderer,
    sent_document,
)
from campaigns.api.idempotency import idempotent
from campaigns.api.pagination import LatestChangeFirst
from campaigns.api.parameters import DOCUMENT_BODY, IDEMPOTENCY_KEY, IF_MATCH, document_answer
from campaigns.api.permissions import Need
from campaigns.api.preconditions import etag, required_match
from campaigns.api.serializers import CampaignSummary, DuplicateBody, LayoutBody, ReplacementQuery
from campaigns.document import Document, as_data
from campaigns.drafts import duplicate_campaign, read_draft, save_draft, save_layout
from campaigns.lifecycle import delete_draft
from campaigns.models import Campaign

ADD = Need("write", "campaigns.add_campaign")
CHANGE = Need("write", "campaigns.change_campaign")
VIEW = Need("read", "campaigns.view_campaign")
WRITES_DOCUMENTS = frozenset({"create", "update"})
SHOWS_DOCUMENTS = WRITES_DOCUMENTS | {"retrieve", "version", "duplicate"}


class Campaigns(CampaignActs, CampaignPlaces, CampaignQuestions, ListModelMixin, Door):
    """A campaign is read and written as one document, JSON or YAML; its ETag does not change with the
    layout.
    """

    queryset = Campaign.objects.select_related("owner")
    serializer_class = CampaignSummary
    pagination_class = LatestChangeFirst
    filterset_class = CampaignFilter
    lookup_field = "slug"
    lookup_value_regex = r"[a-z0-9]+(?:[_-][a-z0-9]+)*"
    needs: ClassVar = {
        "list": VIEW,
        "retrieve": VIEW,
        "summary": VIEW,
        "create": ADD,
        "update": CHANGE,
        "layout": CHANGE,
        "duplicate": ADD,
        "destroy": Need("write", "campaigns.delete_campaign"),
        **CampaignActs.needs,
        **CampaignPlaces.needs,
        **CampaignQuestions.needs,
    }

    def get_parsers(self) -> list[Any]:
        documents = self._acting() in WRITES_DOCUMENTS
        return [JsonDocumentParser(), YamlDocumentParser()] if documents else super().get_parsers()

    def get_renderers(self) -> list[Any]:
        documents = self._acting() in SHOWS_DOCUMENTS
        return [CanonicalJsonRenderer(), YamlDocumentRenderer()] if documents else super().get_renderers()

    def _acting(self) -> str | None:
        """The action, also before the framework has set it."""
        method = self.request.method if self.request else None
        return getattr(self, "action", None) or self.action_map.get((method or "").lower())

    @extend_schema(responses=document_answer())
    def retrieve(self, request: Any, slug: str) -> Response:
        """The draft."""
        try:
            draft = read_draft(slug)
        except Campaign.DoesNotExist:
            raise Http404 from None
        return Response(as_data(draft.document), headers={"ETag": etag(draft.hash)})

    @extend_schema(request=DOCUMENT_BODY, responses=document_answer(201), parameters=[IDEMPOTENCY_KEY])
    @idempotent()
    def create(self, request: Any) -> Response:
        """A new campaign from its document."""
        document = sent_document(request)
        return self._created(save_draft(None, document, by=request.user), document)

    @extend_schema(
        request=DOCUMENT_BODY, responses=document_answer(), parameters=[IF_MATCH, ReplacementQuery]
    )
    def update(self, request: Any, slug: str) -> Response:
        """Replace the draft that has the ETag; another one is left as it is, and the answer says what
        differs.
        """
        query = ReplacementQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        keep = query.validated_data["positions"] == "kept"
        expected = required_match(request)
        campaign = self.get_object()
        document = sent_document(request)
        save_draft(campaign, document, if_match=expected, by=request.user, keep_positions=keep)
        data = as_data(document)
        if keep and campaign.layout:
            data["layout"] = campaign.layout
        return Response(data, headers={"ETag": etag(campaign.draft_hash)})

    @extend_schema(parameters=[IF_MATCH], responses={204: None})
    def destroy(self, request: Any, slug: str) -> Response:
        """Delete a draft that was never published and never run."""
        delete_draft(self.get_object(), if_match=required_match(request), by=request.user)
        return Response(status=204)

    @extend_schema(responses=CampaignSummary)
    @action(detail=True)
    def summary(self, request: Any, slug: str) -> Response:
        """What the list says of this campaign."""
        campaign = self.get_object()
        return Response(CampaignSummary(campaign).data, headers={"ETag": etag(campaign.draft_hash)})

    @extend_schema(request=LayoutBody, responses={204: None})
    @action(detail=True, methods=["patch"])
    def layout(self, request: Any, slug: str) -> Response:
        """Place activities on the canvas. Positions never conflict, and those not sent stay."""
        body = LayoutBody(data=request.data)
        body.is_valid(raise_exception=True)
        save_layout(self.get_object(), body.validated_data["layout"])
        return Response(status=204)

    @extend_schema(request=DuplicateBody, responses=document_answer(201), parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @idempotent()
    def duplicate(self, request: Any, slug: str) -> Response:
        """A new draft with the same content."""
        body = DuplicateBody(data=request.data)
        body.is_valid(raise_exception=True)
        copy = duplicate_campaign(self.get_object(), **body.validated_data, by=request.user)
        return self._created(copy, read_draft(copy.slug).document)

    def _created(self, campaign: Campaign, document: Document) -> Response:
        place = reverse("campaign-detail", kwargs={"slug": campaign.slug})
        headers = {"ETag": etag(campaign.draft_hash), "Location": place}
        return Response(as_data(document), status=201, headers=headers)
