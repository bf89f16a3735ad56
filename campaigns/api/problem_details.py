"""Every refusal of the API as RFC 9457 problem details: a stable code, what is wrong, where, and what to do.

What each exception means stands in `campaigns.api.refusals`. Another app teaches an exception of its own with
`@details_of.register`.
"""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.views import set_rollback

from campaigns.problems import Problem

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
CORRELATION = "X-Request-ID"
_PLAIN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass(frozen=True, slots=True)
class Details:
    """What a problem says; `more` are members of this kind of problem alone."""

    status: int
    code: str
    detail: str
    problems: tuple[Problem, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self, correlation: str) -> dict[str, Any]:
        return {
            "type": f"urn:tutti:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "problems": [problem.as_dict() for problem in self.problems],
            "correlation_id": correlation,
            **self.more,
        }


class Refusal(Exception):  # noqa: N818 - an answer, no fault
    """A request that HTTP's own rules refuse; carries what is to be said."""

    def __init__(self, details: Details) -> None:
        self.details = details
        super().__init__(details.detail)


def answer_exception(error: Exception, context: Mapping[str, Any]) -> Response:
    """The API's exception handler: no refusal leaves it in another form, and no failure without an id."""
    set_rollback()
    correlation = correlation_of(context.get("request"))
    details = details_of(error)
    if details.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("request %s failed", correlation, exc_info=error)
    headers = {CORRELATION: correlation, **details.headers}
    data = details.as_dict(correlation)
    return Response(data, status=details.status, headers=headers, content_type=MEDIA_TYPE)


def correlation_of(request: Any) -> str:
    """The caller's X-Request-ID where it is a plain one, else a new id."""
    given = request.headers.get(CORRELATION, "") if request is not None else ""
    return given if _PLAIN_ID.fullmatch(given) else uuid.uuid4().hex


@singledispatch
def details_of(error: Exception) -> Details:
    """What an exception means to a caller."""
    detail = _("Something failed here. Nothing was changed; give the administrator the correlation id.")
    return Details(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", detail)


@details_of.register
def _refusal(error: Refusal) -> Details:
    return error.details
