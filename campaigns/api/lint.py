"""The lint for a document that is stored nowhere yet: what a canvas shows while one types."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from campaigns.api.campaign_questions import judged
from campaigns.api.door import Door
from campaigns.api.formats import JsonDocumentParser, YamlDocumentParser, sent_document
from campaigns.api.parameters import DOCUMENT_BODY
from campaigns.api.permissions import Need
from campaigns.api.serializers import LintShape
from campaigns.lint import lint_document
from campaigns.world import load_world


class Lint(Door):
    """Nothing is stored, nothing is executed."""

    needs: ClassVar = {"create": Need("read", "campaigns.view_campaign")}
    parser_classes = (JsonDocumentParser, YamlDocumentParser)
    filter_backends = ()
    pagination_class = None

    @extend_schema(request=DOCUMENT_BODY, responses={200: LintShape})
    def create(self, request: Any) -> Response:
        """Everything that is wrong with the document sent."""
        document = sent_document(request)
        return Response(judged(lint_document(document, load_world(document))))
