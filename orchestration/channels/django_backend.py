"""E-mail through any e-mail backend of Django: everything that has one can be used, one message at a time."""

from __future__ import annotations

import email
import email.policy
import smtplib
from collections.abc import Sequence
from email.message import EmailMessage as ParsedMessage
from typing import Annotated, Any

import pydantic
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from campaigns.settings_fields import Shown
from orchestration.channels import contract
from orchestration.channels.contract import SECRET_HELP, SecretVariable, secret_from
from orchestration.mail.outgoing import OutgoingMessage
from orchestration.mail.sessions import MailSession
from orchestration.transport import REPLY_LENGTH, Kind, Outcome, Stage, Unavailable, not_attempted

KEPT_HEADERS = (
    "Date",
    "Message-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
    "X-Tutti-Proof",
)
TEMPORARY, PERMANENT = 4, 5


class DjangoBackendSettings(contract.Settings):
    """`options` are keyword arguments of the backend; `secrets` maps others to environment variables."""

    backend: Annotated[
        str, Shown(_("Backend"), _("Its dotted path, as in django.core.mail.backends.smtp.EmailBackend."))
    ] = pydantic.Field(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$", max_length=200)
    options: Annotated[dict[str, str | int | float | bool | None], Shown(_("Options"))] = {}
    secrets: Annotated[dict[str, SecretVariable], Shown(_("Variables with secrets"), SECRET_HELP)] = {}


class DjangoBackendSession(MailSession):
    """Messages go one by one, because a backend says of a list only how many of it were sent."""

    takes_eight_bit = True

    def __init__(self, backend: BaseEmailBackend) -> None:
        self.backend = backend
        self.opened = True

    @property
    def is_open(self) -> bool:
        return self.opened

    def send(self, messages: Sequence[OutgoingMessage]) -> list[Outcome]:
        return [
            self._send(message) if self.opened else not_attempted("the connection was lost")
            for message in messages
        ]

    def close(self) -> None:
        self.opened = False
        self.backend.close()

    def _send(self, message: OutgoingMessage) -> Outcome:
        try:
            count = self.backend.send_messages([rebuilt(message)])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
            return _refusal(error)
        except Exception as error:  # a backend may raise anything, and may have sent before it did
            self.opened = False
            return Outcome(Kind.UNKNOWN, None, f"{type(error).__name__}: {error}"[:REPLY_LENGTH])
        if count:
            return Outcome(Kind.SENT, None, "the backend reports it as sent")
        return not_attempted("the backend reports that nothing was sent")


class DjangoBackend(contract.Provider):
    """Sends through an e-mail backend named by its dotted path; slower than SMTP."""

    name = "django_backend"
    label = _("Django e-mail backend")
    channel = "email"
    Settings = DjangoBackendSettings

    @classmethod
    def open(cls, settings: Any) -> DjangoBackendSession:
        options: dict[str, Any] = dict(settings.options)
        options |= {name: secret_from(variable) for name, variable in settings.secrets.items()}
        try:
            backend = _backend_class(settings.backend)(fail_silently=False, **options)
            backend.open()
        except (ImportError, TypeError, ValueError, ImproperlyConfigured) as error:
            raise Unavailable(_cannot(settings.backend, error), permanent=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(_cannot(settings.backend, error)) from error
        return DjangoBackendSession(backend)


def _backend_class(path: str) -> type[BaseEmailBackend]:
    found = import_string(path)
    if not isinstance(found, type) or not issubclass(found, BaseEmailBackend):
        raise TypeError(_text("it is no e-mail backend"))
    return found


def _cannot(path: str, error: Exception) -> str:
    text = _text("The e-mail backend %(path)s cannot be used: %(reason)s. Check its name and options.")
    return text % {"path": path, "reason": error}


def _refusal(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> Outcome:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        raw: bytes | str = answer
        stage = Stage.RCPT
    else:
        code, raw = error.smtp_code, error.smtp_error
        stage = Stage.MAIL if isinstance(error, smtplib.SMTPSenderRefused) else Stage.CONTENT
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    reply = " ".join(f"{code} {text}".split())[:REPLY_LENGTH]
    kinds = {TEMPORARY: Kind.FAILED_TEMPORARY, PERMANENT: Kind.FAILED_PERMANENT}
    return Outcome(kinds.get(code // 100, Kind.UNKNOWN), code, reply, stage)


def rebuilt(message: OutgoingMessage) -> EmailMultiAlternatives:
    """Django's own form of a message, read back from its bytes: backends want fields, not bytes."""
    parsed = email.message_from_bytes(message.data, policy=email.policy.SMTP)
    if not isinstance(parsed, ParsedMessage):
        raise TypeError("The policy makes another kind of message.")
    text, html = (part.get_payload(decode=True) for part in parsed.iter_parts())
    if not isinstance(text, bytes) or not isinstance(html, bytes):
        raise TypeError("A message has a text and an HTML part.")
    made = EmailMultiAlternatives(
        subject=str(parsed["Subject"]),
        body=text.decode("utf-8").replace("\r\n", "\n"),
        from_email=str(parsed["From"]),
        to=[message.recipient],
        reply_to=[str(parsed["Reply-To"])] if parsed["Reply-To"] else None,
        headers={name: str(parsed[name]) for name in KEPT_HEADERS if parsed[name]},
    )
    made.attach_alternative(html.decode("utf-8").replace("\r\n", "\n"), "text/html")
    return made
