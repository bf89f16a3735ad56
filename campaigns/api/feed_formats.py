"""How rows arrive: as one JSON object, or as lines of JSON with the options in the address."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from campaigns.imports.feed_rows import load_json, read_lines
from campaigns.sources import refuse_line

MOST_BYTES = 10 << 20


class RowsParser(BaseParser):
    """`{"mode": …, "on_error": …, "rows": […]}` with exact numbers."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            found = load_json(_text(stream))
        except ValueError as error:
            refuse_line(
                "not_json", getattr(error, "lineno", 1), _("This is not JSON."), _("Send valid JSON.")
            )
        if not isinstance(found, dict):
            refuse_line("not_an_object", 1, _("The request is no object."), _("Send an object with “rows”."))
        return found


class RowLinesParser(BaseParser):
    """One row a line; `mode` and `on_error` are parameters of the address."""

    media_type = "application/x-ndjson"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        asked = (parser_context or {})["request"].query_params
        options = {name: asked[name] for name in ("mode", "on_error") if name in asked}
        return {**options, "rows": list(read_lines(_text(stream)))}


def _text(stream: Any) -> str:
    raw = stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        refuse_line("too_large", 1, _("The request is larger than 10 MB."), _("Send fewer rows at once."))
    try:
        return str(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        refuse_line("not_utf8", 1, _("The text is not UTF-8."), _("Send UTF-8."))
