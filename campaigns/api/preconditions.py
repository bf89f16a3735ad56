"""ETags of drafts and the If-Match that every change of one has to carry."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _

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
