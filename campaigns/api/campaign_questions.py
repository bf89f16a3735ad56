"""What one may ask of a campaign without changing it: its versions, its problems, what differs."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.pagination import NewestFirst
from campaigns.api.parameters import document_answer
from campaigns.api.permissions import Need
from campaigns.api.preconditions import etag
from campaigns.api.serializers import DiffQuery, DiffShape, LintShape, VersionSummary
from campaigns.diff import diff_documents
from campaigns.document import Document, parse_text
from campaigns.drafts import load_draft
from campaigns.lint import lint_campaign
from campaigns.models import Campaign, CampaignVersion
from campaigns.problems import Problem, errors_of

_NUMBER = re.compile(r"[0-9]{1,9}")

VIEW = Need("read", "campaigns.view_campaign")


class CampaignQuestions(Door):
    """Mixed into the viewset of campaigns."""

    needs: ClassVar = {"lint": VIEW, "diff": VIEW, "versions": VIEW, "version": VIEW}

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
    if which == "draft":
        return load_draft(campaign)
    return parse_text(_version(campaign, which).definition)
