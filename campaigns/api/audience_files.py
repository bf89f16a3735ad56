"""Files of people on their way into an audience: sent, checked, looked at, applied."""

from __future__ import annotations

import secrets
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from campaigns.api.audience_shapes import FileImportShape
from campaigns.api.door import Door
from campaigns.api.idempotency import idempotent
from campaigns.api.parameters import IDEMPOTENCY_KEY
from campaigns.api.permissions import Need
from campaigns.audience_refusals import refuse
from campaigns.audit import record
from campaigns.imports.members import create_member_import
from campaigns.imports.plans import ImportOptions
from campaigns.models import Audience, ImportJob
from campaigns.sources import MAX_BYTES
from campaigns.states import StateConflict

CHANGE = Need("write", "campaigns.change_audience")


class CsvParser(BaseParser):
    """A file of at most two million bytes; larger ones go through the admin, which writes them to disk as they come."""

    media_type = "text/csv"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        content: bytes = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            message = _("The file has more than %(most)d bytes.") % {"most": MAX_BYTES}
            refuse("import.too_large", message, "", str(_("Upload it in the admin, or send it in parts.")))
        return content


def _parameter(name: str, description: Any, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, str, description=description, **more)


PARAMETERS = [
    _parameter("match", _("The field of the dimension that lines are recognised by; its key unless given.")),
    _parameter("column", _("The column of the file that holds it, where it is called otherwise.")),
    _parameter("mode", _("Add the people, or make them the members."), enum=["append", "replace"]),
    IDEMPOTENCY_KEY,
]


class AudienceFiles(Door):
    """Mixed into the viewset of audiences."""

    needs: ClassVar = {"files": CHANGE, "file": Need("read", "campaigns.view_audience"), "apply_file": CHANGE}

    def get_parsers(self) -> list[Any]:
        method = self.request.method if self.request else None
        acting = self.action_map.get((method or "").lower())
        return [CsvParser()] if acting == "files" else super().get_parsers()

    @extend_schema(
        request={"text/csv": OpenApiTypes.BINARY}, responses={202: FileImportShape}, parameters=PARAMETERS
    )
    @action(detail=True, methods=["post"])
    @idempotent()
    def files(self, request: Any, slug: str) -> Response:
        """Send a CSV file. It is checked in the background; nothing is changed before it is applied."""
        audience: Audience = self.get_object()
        content = request.data if isinstance(request.data, bytes) else b""
        asked = request.query_params
        mode = ImportJob.Mode.REPLACE if asked.get("mode") == "replace" else ImportJob.Mode.APPEND
        options = ImportOptions(mode=mode, key=[asked["column"]] if asked.get("column") else ())
        match = asked.get("match", "")
        job = create_member_import(_kept(content), audience, match=match, options=options, by=request.user)
        record("import.upload", f"audience {slug}", by=request.user, number=job.pk)
        transaction.on_commit(partial(current_app.send_task, "campaigns.import_check", [job.pk]))
        return Response(FileImportShape(job).data, status=HTTPStatus.ACCEPTED)

    @extend_schema(responses=FileImportShape, filters=False)
    @action(
        detail=True,
        url_path=r"files/(?P<number>[1-9][0-9]{0,17})",
        pagination_class=None,
        filterset_class=None,
    )
    def file(self, request: Any, slug: str, number: str) -> Response:
        """How far it has come, and what applying it would do."""
        return Response(FileImportShape(self._job(number)).data)

    @extend_schema(request=None, responses={202: FileImportShape}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], url_path=r"files/(?P<number>[1-9][0-9]{0,17})/apply")
    @idempotent()
    def apply_file(self, request: Any, slug: str, number: str) -> Response:
        """Write the people of a checked file down."""
        job = self._job(number)
        if job.state != "checked":
            raise StateConflict
        record("import.apply", f"audience {slug}", by=request.user, number=job.pk)
        transaction.on_commit(partial(current_app.send_task, "campaigns.import_apply", [job.pk]))
        return Response(FileImportShape(job).data, status=HTTPStatus.ACCEPTED)

    def _job(self, number: str) -> ImportJob:
        return get_object_or_404(ImportJob, pk=int(number), audience=self.get_object())


def _kept(content: bytes) -> Any:
    """The file in a folder of its own."""
    folder = settings.IMPORTS_FOLDER / secrets.token_hex(8)
    folder.mkdir(mode=0o700, parents=True)
    path = folder / "people.csv"
    path.write_bytes(content)
    return path
