"""Unsubscribing: one click from a mail program (RFC 8058), or a page with one button.

Nothing but a POST that says so changes anything: software follows every link it finds.
"""

from __future__ import annotations

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from psycopg import sql

from campaigns.consents import Statement, add_record, set_consent
from campaigns.models import Channel, ConsentState, Field, TargetingDimension
from orchestration.events import record_event
from orchestration.hits import Hit, read_hit
from orchestration.models import EventKind, Message, MessageEvent
from orchestration.tokens import PROOF, Purpose, TokenContent, read_token
from orchestration.tracking import PRIVATE, not_found

ONE_CLICK = "one_click"
PAGE = "page"
METHODS = ("GET", "HEAD", "POST")
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


@csrf_exempt
@transaction.non_atomic_requests
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST does. The token is the permission: no cookie, CSRF token, referrer or redirect."""
    if request.method not in METHODS:
        return HttpResponseNotAllowed(METHODS)
    claim = read_token(Purpose.UNSUBSCRIBE, token)
    if claim is not None and claim.message == PROOF:
        return _proof_page(request)
    message = _message(claim)
    if message is None:
        return not_found()
    source = _wish(request)
    if source is not None:
        unsubscribe(message, source=source, hit=read_hit(request))
    if source == ONE_CLICK:
        return HttpResponse(status=200, content_type="text/plain; charset=utf-8", headers=PRIVATE)
    return _page(request, message, done=source is not None)


def unsubscribe(message: Message, *, source: str, hit: Hit) -> bool:
    """Opt the recipient out of the message's channel; repeating it adds nothing. True if the consent changed.

    Consent, evidence and event are one transaction. The consent's row is locked first, so that a repetition
    waits here and then sees what the first one wrote.
    """
    statement = Statement(
        dimension_id=message.dimension_id,
        recipient_key=message.recipient_key,
        channel=Channel(message.delivery.channel),
        state=ConsentState.OPTED_OUT,
        source=source,
        message_id=message.pk,
    )
    with transaction.atomic():
        changed = set_consent(statement)
        first = not MessageEvent.objects.filter(message_id=message.pk, kind=EventKind.UNSUBSCRIBED).exists()
        if changed or first:
            add_record(statement)
        if first:
            record_event(hit.event(EventKind.UNSUBSCRIBED, message.pk))
    return changed


def _message(claim: TokenContent | None) -> Message | None:
    if claim is None:
        return None
    return Message.objects.select_related("delivery").filter(pk=claim.message).first()


def _wish(request: HttpRequest) -> str | None:
    """Which of the two ways to say it this request takes, if any."""
    if request.method != "POST":
        return None
    if request.POST.get("List-Unsubscribe", "").lower() == "one-click":
        return ONE_CLICK
    return PAGE if request.POST.get("confirm") else None


def _page(request: HttpRequest, message: Message, *, done: bool) -> HttpResponse:
    language = _language(message) or translation.get_language()
    with translation.override(language):
        response = render(
            request,
            "orchestration/unsubscribe.html",
            {"done": done, "sender": message.delivery.sender.get("name", ""), "language": language},
        )
    return _private(response, language)


def _proof_page(request: HttpRequest) -> HttpResponse:
    """Whoever tries the link out, or the button of their mail program, is told that nothing came of it."""
    language = translation.get_language()
    return _private(render(request, "orchestration/unsubscribe_proof.html", {"language": language}), language)


def _private(response: HttpResponse, language: str) -> HttpResponse:
    for name, value in {**PRIVATE, "Content-Security-Policy": POLICY, "Content-Language": language}.items():
        response.headers[name] = value
    return response


def _language(message: Message) -> str | None:
    """The recipient's own language where their table says one that exists here."""
    dimension = TargetingDimension.objects.select_related("table", "key_field", "language_field").get(
        pk=message.dimension_id
    )
    if dimension.language_field is None:
        return None
    stored = _stored_language(dimension, dimension.language_field, message.recipient_key)
    try:
        return translation.get_supported_language_variant(stored)
    except LookupError:
        return None


def _stored_language(dimension: TargetingDimension, field: Field, key: str) -> str:
    """An empty text when the person, or the table, is gone: the page must not depend on either."""
    query = sql.SQL("SELECT {language} FROM {table} WHERE {key} = %s").format(
        language=sql.Identifier(field.column_name),
        table=sql.Identifier(dimension.table.schema_name, dimension.table.table_name),
        key=sql.Identifier(dimension.key_field.column_name),
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query, [key])
            row = cursor.fetchone()
    except DatabaseError:
        return ""
    return str(row[0]).replace("_", "-") if row and row[0] else ""
