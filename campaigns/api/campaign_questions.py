"""What one may ask of a campaign without changing it: its versions, its problems, what differs."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.campaign_acts import CampaignActs
from campaigns.api.door import Door
from campaigns.api.pagination import NewestFirst
from campaigns.api.parameters import document_answer
from campaigns.api.permissions import Need, is_allowed
from campaigns.api.preconditions import etag
from campaigns.api.serializers import DiffQuery, DiffShape, LintShape, StandingShape, VersionSummary
from campaigns.diff import diff_documents
from campaigns.document import Document, parse_text
from campaigns.drafts import load_draft
from campaigns.frozen_filters import freeze_filters
from campaigns.lint import lint_campaign
from campaigns.models import Campaign, CampaignVersion
from campaigns.problems import Problem, errors_of
from campaigns.publishing import PUBLISHABLE
from campaigns.states import CAMPAIGN

_MOVES: Mapping[str, Collection[str]] = {
    "publish": PUBLISHABLE,
    "back_to_draft": CAMPAIGN.before("draft"),
    "close": CAMPAIGN.before("closed"),
    "stop": CAMPAIGN.before("stopped"),
    "archive": CAMPAIGN.before("archived"),
}
"""The acts by name, with the states in which each is possible."""

_NUMBER = re.compile(r"[0-9]{1,9}")

VIEW = Need("read", "campaigns.view_campaign")


class CampaignQuestions(Door):
    """Mixed into the viewset of campaigns."""

    needs: ClassVar = {"lint": VIEW, "diff": VIEW, "standing": VIEW, "versions": VIEW, "version": VIEW}

    @extend_schema(responses=LintShape)
    @action(detail=True, filter_backends=())
    def lint(self, request: Any, slug: str) -> Response:
        """Everything that is wrong with the draft."""
        return Response(judged(lint_campaign(self.get_object())))

    @extend_schema(parameters=[DiffQuery], responses=DiffShape)
    @action(detail=True, filter_backends=())
    def diff(self, request: Any, slug: str) -> Response:
        """What differs in meaning between two of the campaign's documents."""
        query = DiffQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        campaign = self.get_object()
        old, new = (_document(campaign, query.validated_data[side]) for side in ("old", "new"))
        return Response({"changes": [change.as_dict() for change in diff_documents(old, new)]})

    @extend_schema(responses=StandingShape)
    @action(detail=True, filter_backends=())
    def standing(self, request: Any, slug: str) -> Response:
        """The state of the campaign, the version that is published, and which acts are possible for the caller."""
        campaign = self.get_object()
        acts = [_act(request, campaign, name, states) for name, states in _MOVES.items()]
        published = _versions(campaign).filter(state="published").first()
        told = {
            "state": campaign.state,
            "label": campaign.get_state_display(),
            "published": published,
            "acts": acts,
        }
        return Response(StandingShape(told).data)

    @extend_schema(responses=VersionSummary(many=True))
    @action(detail=True, filter_backends=(), pagination_class=NewestFirst)
    def versions(self, request: Any, slug: str) -> Response:
        """The published versions, newest first."""
        page = self.paginate_queryset(_versions(self.get_object()))
        return self.get_paginated_response(VersionSummary(page, many=True).data)

    @extend_schema(responses=document_answer())
    @action(detail=True, url_path=r"versions/(?P<number>[0-9]{1,9})", filter_backends=())
    def version(self, request: Any, slug: str, number: str) -> Response:
        """A version as it was published."""
        version = _version(self.get_object(), number)
        return Response(json.loads(version.definition), headers={"ETag": etag(version.hash)})


def _act(request: Any, campaign: Campaign, name: str, states: Collection[str]) -> dict[str, Any]:
    """Permission first: whoever may not do it is not told to wait for another state."""
    need = CampaignActs.needs[name]
    refused = "" if campaign.state in states else "state"
    refused = refused if is_allowed(request, need) else "permission"
    return {"name": name.replace("_", "-"), "possible": not refused, "refused": refused}


def judged(problems: tuple[Problem, ...]) -> dict[str, Any]:
    return {"publishable": not errors_of(problems), "problems": [problem.as_dict() for problem in problems]}


def _versions(campaign: Campaign) -> QuerySet[CampaignVersion]:
    return campaign.versions.select_related("published_by")


def _version(campaign: Campaign, which: str) -> CampaignVersion:
    """A version by its number, or the published one."""
    chosen = {"state": "published"} if which == "published" else {"number": _number(which)}
    version = _versions(campaign).filter(**chosen).first()
    if version is None:
        raise Http404
    return version


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0


def _document(campaign: Campaign, which: str) -> Document:
    """Of a draft what publishing it would freeze, so that a filter which nobody changed is no difference."""
    if which == "draft":
        return freeze_filters(load_draft(campaign))
    return parse_text(_version(campaign, which).definition)
