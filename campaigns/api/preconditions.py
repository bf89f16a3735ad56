"""ETags: of drafts, with the If-Match that every change of one has to carry, and of answers that are asked for often."""

from __future__ import annotations

import hashlib
import json
import re
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from campaigns.api.problem_details import Details, Refusal

_ETAG = re.compile(r'\s*"([0-9a-zA-Z]{0,64})"\s*')


def etag(draft_hash: str) -> str:
    return f'"{draft_hash}"'


def required_match(request: Any) -> str:
    """The hash in If-Match; refused with 428 where there is none, and where it names no draft in
    particular.
    """
    given = request.headers.get("If-Match", "")
    found = _ETAG.fullmatch(given)
    if found:
        return found[1]
    detail = _("Say which state you change: send its ETag as If-Match, in double quotes.")
    raise Refusal(Details(HTTPStatus.PRECONDITION_REQUIRED, "precondition_required", detail))


def unless_known(request: Any, data: Any) -> Response:
    """The answer with an ETag of what it says; 304 without it where the caller has just that."""
    text = json.dumps(data, cls=JSONEncoder, sort_keys=True)
    tag = etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == tag:
        return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(data, headers=headers)
