"""What people reply to texts: STOP keeps their number from ever being written to again, with what shows why.

The provider proves itself by its own secret or signature; a call that is repeated changes nothing.
"""

from __future__ import annotations

import pydantic
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from campaigns.consents import suppress_address
from campaigns.models import Channel, ChannelConfiguration, Suppression
from campaigns.phone_numbers import e164
from orchestration.channels.registry import provider_named
from orchestration.hits import Hit, read_hit
from orchestration.models import Message
from orchestration.sms.providers import InboundText, TextProvider, Unreadable, Untrusted
from orchestration.sms.stop_words import says_stop
from orchestration.transport import Unavailable
from orchestration.unsubscribes import unsubscribe

SOURCE = "sms_reply"
LONGEST_CALL = 64 * 1024
LONGEST_NOTE = 200
MOST_PEOPLE = 100
"""So many people with one number are opted out one by one; the number itself is suppressed for all."""
PLAIN = "text/plain; charset=utf-8"


@csrf_exempt
@transaction.non_atomic_requests
def sms_replies(request: HttpRequest, slug: str) -> HttpResponse:
    """204 once everything in the call is done; 404 to whoever does not prove to be the provider of this channel."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    configuration = ChannelConfiguration.objects.filter(slug=slug, channel=Channel.SMS).first()
    body = request.read(LONGEST_CALL + 1)
    if configuration is None or len(body) > LONGEST_CALL:
        return HttpResponse(status=404, content_type=PLAIN)
    try:
        texts = _read(configuration, request, body)
    except Untrusted:
        return HttpResponse(status=404, content_type=PLAIN)
    except Unreadable:
        return HttpResponse("The call has not the form of the settings.", status=400, content_type=PLAIN)
    for text in texts:
        take_reply(configuration, text, hit=read_hit(request))
    return HttpResponse(status=204)


def _read(configuration: ChannelConfiguration, request: HttpRequest, body: bytes) -> list[InboundText]:
    try:
        provider = provider_named(configuration.provider)
        if not issubclass(provider, TextProvider):
            raise Untrusted
        settings = provider.Settings.model_validate(configuration.provider_config)
    except (Unavailable, pydantic.ValidationError) as error:
        raise Untrusted from error
    return list(provider.read_inbound(settings, request.headers, body))


def take_reply(configuration: ChannelConfiguration, reply: InboundText, *, hit: Hit) -> bool:
    """Whether the reply asks for no more texts, which is done then: the number suppressed, and whoever was last written
    to at it opted out, in one transaction. Repeating it adds nothing.
    """
    number = e164(reply.sender, configuration.default_region)
    if number is None or not says_stop(reply.text):
        return False
    note = _storable(f"“{reply.text.strip()[:40]}” {configuration.slug} {reply.reference}")
    with transaction.atomic():
        reason = Suppression.Reason.OPTED_OUT
        suppress_address(number, channel=Channel.SMS, reason=reason, note=note)
        for message in _last_to(number):
            unsubscribe(message, source=SOURCE, hit=hit)
    return True


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode().strip()[:LONGEST_NOTE]


def _last_to(number: str) -> list[Message]:
    """The last text that left for this number, of each person who has it."""
    sent = Message.objects.filter(
        address=number, delivery__channel=Channel.SMS, state__in=("sent", "unknown")
    )
    last = sent.order_by("dimension_id", "recipient_key", "-pk").distinct("dimension_id", "recipient_key")
    return list(last.select_related("delivery")[:MOST_PEOPLE])
