"""Answers the links and pixels of messages: a hit is committed before its answer leaves.

A token names a message and the number of a link; where the link leads is looked up, never carried. Whether
a person or a machine came is decided later (`orchestration.verdicts`); unsubscribing is
`orchestration.unsubscribes`.
"""

from __future__ import annotations

import base64
import logging

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from orchestration.events import EventRefused, NewEvent, record_click, record_event
from orchestration.hits import read_hit
from orchestration.link_targets import personal_target
from orchestration.models import EventKind
from orchestration.tokens import HONEYPOT, Purpose, read_token

PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
SAFE_METHODS = ("GET", "HEAD")

logger = logging.getLogger(__name__)


@csrf_exempt
@transaction.non_atomic_requests
def click(request: HttpRequest, token: str) -> HttpResponse:
    """302 to the link's target. A HEAD is answered alike and kept as a probe, never as a click."""
    if request.method not in SAFE_METHODS:
        return HttpResponseNotAllowed(SAFE_METHODS)
    if (claim := read_token(Purpose.CLICK, token)) is None:
        return not_found()
    kind = EventKind.CLICKED if request.method == "GET" else EventKind.PROBED
    event = read_hit(request).event(kind, claim.message, claim.link)
    if claim.link == HONEYPOT:
        return _answer(event, HttpResponse(status=204, headers=PRIVATE))
    url = record_click(event)
    return not_found() if url is None else _redirect(url, claim.message)


@csrf_exempt
@transaction.non_atomic_requests
def open_pixel(request: HttpRequest, token: str) -> HttpResponse:
    """A transparent pixel; its fetching is an open, by a person's software or by a machine."""
    if request.method not in SAFE_METHODS:
        return HttpResponseNotAllowed(SAFE_METHODS)
    if (claim := read_token(Purpose.OPEN, token)) is None:
        return not_found()
    kind = EventKind.OPENED if request.method == "GET" else EventKind.PROBED
    pixel = HttpResponse(PIXEL, content_type="image/gif", headers=PRIVATE)
    return _answer(read_hit(request).event(kind, claim.message), pixel)


def not_found() -> HttpResponse:
    """The same short answer for every token that leads nowhere, forged or outlived."""
    text = _("This link does not exist or no longer works. Open it from the message you received.")
    return HttpResponse(text, status=404, content_type="text/plain; charset=utf-8", headers=PRIVATE)


def _answer(event: NewEvent, response: HttpResponse) -> HttpResponse:
    """`response` once the event is committed; nothing is found where the message is gone."""
    try:
        record_event(event)
    except EventRefused:
        return not_found()
    return response


def _redirect(url: str, message_id: int) -> HttpResponse:
    """Checked again at the click: a link's row may have come by any road."""
    target = personal_target(url, message_id)
    if target is None:
        logger.error("A link of message %s has a target that is no web address; nobody was sent.", message_id)
        return not_found()
    return HttpResponse(status=302, headers={**PRIVATE, "Location": target})
