"""SMS through any gateway that takes one JSON request a message, and tells replies by signed JSON requests."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import re
import select
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

import pydantic
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from campaigns.settings_fields import RefusedError, Shown
from orchestration.channels import contract
from orchestration.channels.contract import SECRET_HELP, SecretVariable, Session, secret_from
from orchestration.sms.outgoing import OutgoingText
from orchestration.sms.providers import InboundText, TextProvider, Unreadable, Untrusted
from orchestration.transport import REPLY_LENGTH, Kind, Outcome, Unavailable, not_attempted

BODY = '{"to": "{to}", "from": "{from}", "text": "{text}"}'
PLACES = re.compile(r"\{(to|from|text|id)\}")
HEADER = r"^([A-Za-z][A-Za-z0-9-]{0,63})?$"
MEMBER = r"^[^\x00-\x1f\x7f]{1,80}$"
MOST_ANSWERED = 16_384
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})

REFUSED = frozenset({400, 410, 413, 422})
"""Says of this message that it will never do."""
LATER = frozenset({408, 425, 429, 503})
"""Says that nothing was taken, and to come again."""
CONFLICT = 409
OK, SERVER = 2, 5


class SmsHttpSettings(contract.Settings):
    """Where the gateway is and what it wants to hear. Times are seconds."""

    url: Annotated[
        str, Shown(_("Address of the gateway"), _("https, or http where it runs on this machine."))
    ] = pydantic.Field(max_length=500)
    body: Annotated[
        str,
        Shown(
            _("Request (JSON)"),
            _("{to}, {from}, {text} and {id} stand for number, sender, text and reference of a message."),
        ),
    ] = pydantic.Field(default=BODY, max_length=4_000, json_schema_extra={"widget": "long_text"})
    token_env: Annotated[SecretVariable, Shown(_("Variable with the access token"), SECRET_HELP)] = ""
    idempotency_header: Annotated[
        str,
        Shown(
            _("Header for the reference"),
            _("As in Idempotency-Key, if the gateway sends a reference once only; else leave it empty."),
        ),
    ] = pydantic.Field(default="", pattern=HEADER)
    connect_timeout: Annotated[float, Shown(_("Seconds to connect"))] = pydantic.Field(
        default=10, gt=0, le=30
    )
    timeout: Annotated[
        float,
        Shown(
            _("Seconds for the answer"),
            _(
                "What is not answered by then is unknown and is not sent again, unless the reference makes it safe."
            ),
        ),
    ] = pydantic.Field(default=20, gt=0, le=40)
    inbound_secret_env: Annotated[
        SecretVariable, Shown(_("Variable with the secret of replies"), SECRET_HELP)
    ] = ""
    inbound_signature: Annotated[
        str,
        Shown(
            _("Header with the signature of replies"),
            _("HMAC-SHA256 of the request's body with the secret, in hexadecimal digits."),
        ),
    ] = pydantic.Field(default="X-Signature", pattern=HEADER)
    inbound_from: Annotated[str, Shown(_("Member with the number of a reply"))] = pydantic.Field(
        default="from", pattern=MEMBER
    )
    inbound_text: Annotated[str, Shown(_("Member with the text of a reply"))] = pydantic.Field(
        default="text", pattern=MEMBER
    )
    inbound_id: Annotated[str, Shown(_("Member with the gateway's id of a reply"))] = pydantic.Field(
        default="id", pattern=MEMBER
    )

    @pydantic.field_validator("url")
    @classmethod
    def _is_safe(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
            is_plain = url.isascii() and url.isprintable() and " " not in url
            usable = is_safe and is_plain and parts.hostname and parts.port != 0 and not parts.username
        except ValueError:
            usable = False
        if not usable:
            raise RefusedError(
                "url",
                _text("This is no address that may be sent to."),
                _text("Enter one that begins with https://."),
            )
        return url

    @pydantic.field_validator("body")
    @classmethod
    def _is_json(cls, body: str) -> str:
        try:
            is_object = isinstance(json.loads(body), dict)
        except ValueError:
            is_object = False
        if not is_object or not {"to", "text"} <= set(PLACES.findall(body)):
            raise RefusedError(
                "body",
                _text("This is no JSON object with {to} and {text} in it."),
                _text("Write one, as in %(example)s.") % {"example": BODY},
            )
        return body


class SmsHttpSession(Session[OutgoingText]):
    """One connection, one request a message. It ends when going on would make things worse: when nothing was answered,
    when the gateway asks to be left alone, and when it says that the settings are wrong.
    """

    def __init__(self, settings: SmsHttpSettings, token: str) -> None:
        self.settings = settings
        self.token = token
        self.body = json.loads(settings.body)
        self.url = urlsplit(settings.url)
        self.opened = True
        self.connection = _connected(settings, self.url)

    @property
    def is_open(self) -> bool:
        return self.opened

    def send(self, messages: Sequence[OutgoingText]) -> list[Outcome]:
        return [
            self._send(message)
            if self.opened
            else not_attempted("the conversation with the gateway has ended")
            for message in messages
        ]

    def close(self) -> None:
        self.opened = False
        self.connection.close()

    def _send(self, message: OutgoingText) -> Outcome:
        try:
            self._refresh()
        except Unavailable as error:
            self.close()
            return not_attempted(str(error))
        try:
            with _at_most(self.settings.timeout, self.connection):
                self._request(message)
                answer = self.connection.getresponse()
                said = self._rest(answer)
        except (OSError, http.client.HTTPException) as error:
            return self._unanswered(f"{type(error).__name__}: {error}")
        return self._judged(answer.status, " ".join(f"{answer.status} {said}".split())[:REPLY_LENGTH])

    def _rest(self, answer: http.client.HTTPResponse) -> str:
        """What the gateway says beside its status, which has decided already, whatever happens to the rest."""
        try:
            return answer.read(MOST_ANSWERED).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return ""
        finally:
            if not answer.isclosed():
                self.connection.close()

    def _refresh(self) -> None:
        """A connection that the gateway ended while nothing was asked is replaced before anything is asked on it."""
        sock = self.connection.sock
        if sock is None or select.select([sock], [], [], 0)[0]:
            self.connection.close()
            self.connection = _connected(self.settings, self.url)

    def _request(self, message: OutgoingText) -> None:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "tutti"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.settings.idempotency_header:
            headers[self.settings.idempotency_header] = message.reference
        query = f"?{self.url.query}" if self.url.query else ""
        body = json.dumps(_filled(self.body, _places(message)), ensure_ascii=False).encode()
        self.connection.request("POST", (self.url.path or "/") + query, body, headers)

    def _unanswered(self, reason: str, code: int | None = None) -> Outcome:
        """The gateway may have the message. Only where a reference makes that harmless is it handed over again, later."""
        self.close()
        is_safe = bool(self.settings.idempotency_header)
        kind = Kind.FAILED_TEMPORARY if is_safe else Kind.UNKNOWN
        return Outcome(kind, code, reason[:REPLY_LENGTH])

    def _judged(self, status: int, reply: str) -> Outcome:
        if status // 100 == OK:
            return Outcome(Kind.SENT, status, reply)
        if status in REFUSED:
            return Outcome(Kind.FAILED_PERMANENT, status, reply)
        if status // 100 == SERVER and status not in LATER:
            return self._unanswered(reply, status)
        if status == CONFLICT:
            return (
                self._unanswered(reply, status)
                if self.settings.idempotency_header
                else _refused(status, reply)
            )
        self.close()
        return Outcome(Kind.FAILED_TEMPORARY, status, reply) if status in LATER else not_attempted(reply)


class SmsHttp(TextProvider):
    """Posts each text to a gateway as JSON, with a bearer token."""

    name = "sms_http"
    label = _("SMS gateway (HTTP)")
    Settings = SmsHttpSettings

    @classmethod
    def open(cls, settings: Any) -> SmsHttpSession:
        return SmsHttpSession(settings, _printable(secret_from(settings.token_env)))

    @classmethod
    def read_inbound(cls, settings: Any, headers: Mapping[str, str], body: bytes) -> Sequence[InboundText]:
        _demand_signature(settings, headers, body)
        try:
            told = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Unreadable from error
        return [_inbound(settings, each) for each in (told if isinstance(told, list) else [told])]


def _connected(settings: SmsHttpSettings, url: SplitResult) -> http.client.HTTPConnection:
    """Raises Unavailable: nothing has been asked yet."""
    host, seconds = url.hostname or "", settings.connect_timeout
    if url.scheme == "https":
        context = ssl.create_default_context()
        made: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, url.port, timeout=seconds, context=context
        )
    else:
        made = http.client.HTTPConnection(host, url.port, timeout=seconds)
    try:
        made.connect()
    except (OSError, http.client.HTTPException) as error:
        made.close()
        words = {"host": host, "reason": error}
        raise Unavailable(_text("The gateway %(host)s cannot be reached: %(reason)s.") % words) from error
    made.sock.settimeout(settings.timeout)
    return made


@contextmanager
def _at_most(seconds: float, connection: http.client.HTTPConnection) -> Iterator[None]:
    """Ends the conversation after `seconds` in all: a gateway that dribbles would hold a worker beyond its lease."""
    sock = connection.sock

    def end() -> None:
        with suppress(OSError):
            sock.shutdown(2)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _places(message: OutgoingText) -> dict[str, str]:
    return {
        "to": message.recipient,
        "from": message.sender,
        "text": message.text,
        "id": message.reference,
    }


def _filled(part: Any, places: Mapping[str, str]) -> Any:
    """Values take the place of names in texts, once: what a value holds is never read as a name."""
    match part:
        case str():
            return PLACES.sub(lambda found: places[found[1]], part)
        case dict():
            return {key: _filled(each, places) for key, each in part.items()}
        case list():
            return [_filled(each, places) for each in part]
    return part


def _refused(status: int, reply: str) -> Outcome:
    return Outcome(Kind.FAILED_PERMANENT, status, reply)


def _printable(token: str) -> str:
    if token and not (token.isascii() and token.isprintable()):
        raise Unavailable(
            _text("The access token has a line break or another character that no token has. Set it again."),
            permanent=True,
        )
    return token


def _demand_signature(settings: SmsHttpSettings, headers: Mapping[str, str], body: bytes) -> None:
    """Without a secret nobody is believed."""
    try:
        secret = secret_from(settings.inbound_secret_env)
    except Unavailable as error:
        raise Untrusted from error
    given = headers.get(settings.inbound_signature, "").strip().lower().removeprefix("sha256=")
    right = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if not secret or not hmac.compare_digest(given.encode("utf-8", "replace"), right.encode()):
        raise Untrusted


def _inbound(settings: SmsHttpSettings, told: Any) -> InboundText:
    if not isinstance(told, dict):
        raise Unreadable
    sender, text = told.get(settings.inbound_from), told.get(settings.inbound_text)
    if not isinstance(sender, str) or not isinstance(text, str):
        raise Unreadable
    return InboundText(sender, text, str(told.get(settings.inbound_id) or ""))
