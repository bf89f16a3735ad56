"""How bodies are read and written: strict JSON everywhere, documents also as YAML, in their one form."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

from campaigns.document import Document
from campaigns.document_text import Form, Reading, read_document, read_source, write_data
from campaigns.sources import MAX_BYTES, refuse_line


class StrictJsonParser(BaseParser):
    """JSON without repeated keys, infinities or bottomless nesting; problems name the line."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return read_source(stream.read(MAX_BYTES + 1), Form.JSON).data


class JsonDocumentParser(BaseParser):
    """A campaign document; `request.data` is a `Reading`."""

    media_type = "application/json"
    form = Form.JSON

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return read_document(stream.read(MAX_BYTES + 1), self.form)


class YamlDocumentParser(JsonDocumentParser):
    """The same, written in YAML."""

    media_type = "application/yaml"
    form = Form.YAML


def sent_document(request: Any) -> Document:
    """The document of the request; an empty body has none."""
    if not isinstance(request.data, Reading):
        refuse_line("empty", 1, _("The request has no document."), _("Send the document as its body."))
    return request.data.document


class CanonicalJsonRenderer(JSONRenderer):
    """Documents byte for byte in their canonical form; anything else, such as a problem, as JSON."""

    form = Form.JSON

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        if isinstance(data, dict) and "tutti" in data:
            return write_data(data, self.form).encode()
        return bytes(super().render(data, "application/json", renderer_context))


class YamlDocumentRenderer(CanonicalJsonRenderer):
    """The same in YAML. A problem is JSON also here."""

    media_type = "application/yaml"
    format = "yaml"
    charset = "utf-8"
    form = Form.YAML
