"""`Idempotency-Key`: a POST repeated with the same key is answered again, not done again.

The answer is written in the transaction of the act, so that either both are there or neither is; an act
that was refused or failed leaves nothing and may be tried again. While the first is under way its key is
locked.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial, wraps
from http import HTTPStatus
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from campaigns.api.problem_details import Details, Refusal
from campaigns.models import IdempotencyKey

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT = timedelta(hours=24)

_KEY = re.compile(r"[\x21-\x7e]{1,120}")
_REMEMBERED_HEADERS = ("ETag", "Location")
_TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"

Act = Callable[..., Response]


def idempotent(*hidden: str) -> Callable[[Act], Act]:
    """Decorates the method of a view that answers a POST which changes something.

    Members of the answer named in `hidden` are secrets: they are not kept, and null when it is repeated.
    """

    def decorated(act: Act) -> Act:
        @wraps(act)
        def answer(view: Any, request: Any, *args: Any, **kwargs: Any) -> Response:
            work = partial(act, view, request, *args, **kwargs)
            return work() if request.headers.get(HEADER) is None else _once(request, work, hidden)

        answer.is_idempotent = True  # type: ignore[attr-defined]
        return answer

    return decorated


def _once(request: Any, work: Callable[[], Response], hidden: tuple[str, ...]) -> Response:
    key = request.headers[HEADER]
    if not _KEY.fullmatch(key):
        detail = _("An Idempotency-Key has 1 to 120 visible ASCII characters.")
        raise _refusal(HTTPStatus.BAD_REQUEST, "idempotency_key_malformed", detail)
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        _lock(request, key)
        answer = _replay(request, key, fingerprint)
        if answer is None:
            answer = work()
            _remember(request, key, fingerprint, answer, hidden)
        return answer


def _lock(request: Any, key: str) -> None:
    """Nobody else works on this key until the transaction ends; refused where somebody does."""
    with connection.cursor() as cursor:
        cursor.execute(_TRY_LOCK, [f"idempotency {request.user.pk} {key}"])
        (locked,) = cursor.fetchone()
    if not locked:
        detail = _("The first request with this key is still under way. Wait a moment and ask again.")
        raise _refusal(HTTPStatus.CONFLICT, "idempotency_in_progress", detail)


def _replay(request: Any, key: str, fingerprint: str) -> Response | None:
    kept = IdempotencyKey.objects.filter(user=request.user, key=key)
    kept.filter(created_at__lt=timezone.now() - KEPT).delete()
    row = kept.first()
    if row is None:
        return None
    if row.request_hash != fingerprint:
        detail = _("This key was used for another request. Use a new key for every act.")
        raise _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "idempotency_key_reused", detail)
    data = json.loads(row.body) if row.body else None
    return Response(data, status=row.status, headers={**row.headers, REPLAYED: "true"})


def _remember(request: Any, key: str, fingerprint: str, response: Response, hidden: tuple[str, ...]) -> None:
    data = response.data
    if hidden:
        data = {name: None if name in hidden else value for name, value in data.items()}
    IdempotencyKey.objects.create(
        user=request.user,
        key=key,
        request_hash=fingerprint,
        status=response.status_code,
        headers={name: response[name] for name in _REMEMBERED_HEADERS if name in response},
        body="" if data is None else json.dumps(data, cls=JSONEncoder),
    )


def keep_body(view: Any, request: Any) -> None:
    """Reads what was sent before anything else does: checking the token of a session parses it, and then it is gone."""
    if request.headers.get(HEADER) is not None and not hasattr(view, "body_name"):
        request._request.body  # noqa: B018 - Django keeps what it has read


def _fingerprint(request: Any) -> str:
    """Everything that decides what the request does."""
    head = [
        request.method,
        request.get_full_path(),
        request.content_type,
        request.headers.get("If-Match", ""),
    ]
    return hashlib.sha256("\x1f".join(head).encode() + b"\x1f" + _body_of(request)).hexdigest()


def _body_of(request: Any) -> bytes:
    """What a view does not read whole it names in another way."""
    named = getattr(request.parser_context["view"], "body_name", None)
    return bytes(named(request) if named else request.body)


def _refusal(status: HTTPStatus, code: str, detail: str) -> Refusal:
    return Refusal(Details(status, code, detail))
