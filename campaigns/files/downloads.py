"""Handing a stored file to whoever may have it, by any door; each time is written into the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from campaigns.audit import record
from campaigns.files.store import path_of
from campaigns.models import StoredFile

BLOCK = 1 << 18


def download(file: StoredFile, *, by: Any) -> StreamingHttpResponse:
    """The file as an answer that nothing keeps a copy of; raises FileRefused where it is gone."""
    path = path_of(file)
    record("file.download", f"file {file.slug}", by=by, file=file.name, number=file.pk)
    headers = {
        "Content-Disposition": content_disposition_header(True, file.name) or "attachment",
        "Content-Length": str(file.size),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingHttpResponse(_blocks(path), content_type="application/octet-stream", headers=headers)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            yield block
