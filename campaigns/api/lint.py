"""The lint for a document that is stored nowhere yet: what a canvas shows while one types."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from campaigns.activity_parts import known_ports
from campaigns.activity_places import ActivityPlace, Incoming
from campaigns.api.activity_types import described_ports
from campaigns.api.campaign_questions import judged
from campaigns.api.door import Door
from campaigns.api.formats import JsonDocumentParser, YamlDocumentParser, sent_document
from campaigns.api.parameters import DOCUMENT_BODY
from campaigns.api.permissions import Need
from campaigns.api.place_shapes import PlaceQuery, PlaceShape
from campaigns.api.rules import one_of
from campaigns.api.serializers import DocumentLintShape
from campaigns.attribute_lists import attributes_of, described_columns
from campaigns.document import Document
from campaigns.file_lines import addressable
from campaigns.lint import lint_document
from campaigns.world import load_world

VIEW = Need("read", "campaigns.view_campaign")


class Lint(Door):
    """Nothing is stored, nothing is executed."""

    needs: ClassVar = {"create": VIEW, "attributes": VIEW}
    parser_classes = (JsonDocumentParser, YamlDocumentParser)
    filter_backends = ()
    pagination_class = None

    @extend_schema(request=DOCUMENT_BODY, responses={200: DocumentLintShape})
    def create(self, request: Any) -> Response:
        """Everything that is wrong with the document sent, and the ways out of its activities."""
        document = sent_document(request)
        ports = {part.id: described_ports(known_ports(part)) for part in document.activities}
        return Response(judged(lint_document(document, load_world(document))) | {"ports": ports})

    @extend_schema(request=DOCUMENT_BODY, parameters=[PlaceQuery], responses={200: PlaceShape})
    @action(detail=False, methods=["post"])
    def attributes(self, request: Any) -> Response:
        """What one activity of the document sent finds in its place: who comes in, their attributes and columns, and the
        variables and audiences that its settings may name.
        """
        query = PlaceQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        return Response(_described(sent_document(request), query.validated_data["activity"]))


def _described(document: Document, activity: str) -> dict[str, Any]:
    one_of(activity, {part.id: part for part in document.activities}, "activity")
    place = ActivityPlace(document, load_world(document), activity)
    carried, known = place.carried, place.world.catalogue
    table = place.table_of(carried)
    columns = described_columns(carried.columns) if carried else []
    return {
        "dimension": carried.dimension if carried and table else "",
        "table": table,
        "label": known.tables[table].label if table else "",
        "attributes": [*columns, *(attributes_of(known, table) if table else ())],
        "incoming": [_incoming(place, each) for each in place.incoming],
        "dimensions": {slug: each.table for slug, each in addressable(place.world.dimensions).items()},
        "variables": [{"name": name, "type": kind} for name, kind in place.world.variables.items()],
        "audiences": [
            {"name": each.slug, "label": each.label, "table": each.table}
            for each in sorted(place.audiences.values(), key=lambda each: each.label)
        ],
    }


def _incoming(place: ActivityPlace, each: Incoming) -> dict[str, Any]:
    columns = described_columns(each.shape.columns) if each.shape else []
    return {
        "source": each.arrow.source,
        "port": each.arrow.port,
        "table": place.table_of(each.shape),
        "columns": columns,
    }
