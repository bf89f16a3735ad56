"""Headers and bodies that several endpoints share, as the API's schema describes them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter

from campaigns.document import Document

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description=_("The ETag of the draft that is meant, in double quotes."),
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description=_("The ETag of the last answer; where it would be the same, 304 comes instead."),
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=_("The same key sent again gets the same answer; the act is done once."),
)
DOCUMENT_BODY = {"application/json": Document, "application/yaml": Document}


def document_answer(status: int = 200) -> dict[tuple[int, str], type[Document]]:
    return {(status, media_type): Document for media_type in DOCUMENT_BODY}
