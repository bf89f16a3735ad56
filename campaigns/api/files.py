"""The file store: files are sent as the body of a request, listed, looked into, downloaded and removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.downloads import AnyAccept
from campaigns.api.file_shapes import ColumnsBody, ColumnsShape, FileShape
from campaigns.api.idempotency import idempotent
from campaigns.api.parameters import IDEMPOTENCY_KEY
from campaigns.api.permissions import Need
from campaigns.files.downloads import download
from campaigns.files.refusals import FileRefused
from campaigns.files.store import keep_upload, path_of, remove_file
from campaigns.files.suggestions import fixed_width_of, suggest
from campaigns.models import StoredFile
from campaigns.personal_data import PERMISSION, may_see

VIEW = Need("read", "campaigns.view_storedfile")
BLOCK = 1 << 20
NAME = OpenApiParameter(
    "name", str, required=True, description=_("What the file is called; its slug follows from it.")
)
DIGEST = OpenApiParameter(
    "Content-Digest",
    str,
    OpenApiParameter.HEADER,
    description=_("With an Idempotency-Key: what tells this file from another of the same length."),
)


class FileParser(BaseParser):
    """Any body as a stream, unread."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return {"stream": stream, "media_type": media_type or ""}


class FileFilter(filters.FilterSet):  # type: ignore[misc]  # the library is untyped
    origin = filters.MultipleChoiceFilter(choices=StoredFile.Origin.choices)
    campaign = filters.CharFilter(field_name="campaign__slug")
    run = filters.NumberFilter(field_name="run", min_value=1, max_value=2**63 - 1)

    class Meta:
        model = StoredFile
        fields: tuple[str, ...] = ()


class Files(ListModelMixin, Door):
    """What campaigns load and what their runs wrote, with rejected lines."""

    queryset = StoredFile.objects.select_related("campaign", "by")
    serializer_class = FileShape
    filterset_class = FileFilter
    lookup_field = "slug"
    lookup_value_regex = r"[a-z0-9]+(?:[_-][a-z0-9]+)*"
    needs: ClassVar = {
        "list": VIEW,
        "retrieve": VIEW,
        "create": Need("write", "campaigns.add_storedfile"),
        "destroy": Need("write", "campaigns.delete_storedfile"),
        "columns": VIEW,
        "content": Need("read", PERMISSION, by_thing=lambda file: VIEW),
    }

    def get_parsers(self) -> list[Any]:
        sends = getattr(self, "action_map", {}).get("post") == "create"
        return [FileParser()] if sends else super().get_parsers()

    def get_content_negotiator(self) -> Any:
        return AnyAccept() if getattr(self, "action", "") == "content" else super().get_content_negotiator()

    def body_name(self, request: Any) -> bytes:
        """A repeated request is known by the length and the digest of its body, which is read only once."""
        return "\x1f".join(
            [request.headers.get("Content-Length", ""), request.headers.get("Content-Digest", "")]
        ).encode()

    def retrieve(self, request: Any, slug: str) -> Response:
        """One file, without what it holds."""
        return Response(FileShape(self.get_object()).data)

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={201: FileShape},
        parameters=[NAME, IDEMPOTENCY_KEY, DIGEST],
    )
    @idempotent()
    def create(self, request: Any) -> Response:
        """Keep a file: its bytes are the body, as they are."""
        name = request.query_params.get("name", "").strip()
        if not name or "\x00" in name:
            raise FileRefused(
                "no_name", _now("The file has no name."), _now("Add “?name=customers.csv” to the address.")
            )
        file = keep_upload(name, _chunks(request.data), by=request.user)
        return Response(FileShape(file).data, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Any, slug: str) -> Response:
        """Remove the file for good."""
        remove_file(self.get_object(), by=request.user)
        return Response(status=204)

    @extend_schema(request=ColumnsBody, responses=ColumnsShape)
    @action(detail=True, methods=["post"])
    def columns(self, request: Any, slug: str) -> Response:
        """Settings for an activity that loads the file, guessed from its beginning."""
        body = ColumnsBody(data=request.data)
        body.is_valid(raise_exception=True)
        found = suggest(path_of(self.get_object()), fixed_width_of(body.validated_data.get("format")))
        rows = found.rows if may_see(request.user) else []
        return Response({"format": found.format, "columns": found.columns, "rows": rows})

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def content(self, request: Any, slug: str) -> StreamingHttpResponse:
        """The file itself. Each download is written into the audit log."""
        return download(self.get_object(), by=request.user)


def _chunks(data: Any) -> Iterator[bytes]:
    """The body in blocks; one made by a form would be kept with what surrounds the file."""
    sent = data if isinstance(data, dict) and "stream" in data else {}
    if str(sent.get("media_type", "")).startswith(("multipart/", "application/x-www-form-urlencoded")):
        raise FileRefused(
            "form",
            _now("The body is a form."),
            _now("Send the bytes of the file themselves, with the type application/octet-stream."),
        )
    stream = sent.get("stream")
    while stream is not None and (block := stream.read(BLOCK)):
        yield block
