"""E-mail by SMTP to a relay, pipelined over one connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import pydantic
from django.utils.translation import gettext_lazy as _

from campaigns.settings_fields import Shown
from orchestration.channels import contract
from orchestration.channels.contract import SECRET_HELP, SecretVariable, secret_from
from orchestration.mail.connecting import Connection, Security, Server, connect
from orchestration.mail.outgoing import OutgoingMessage
from orchestration.mail.sessions import MailSession
from orchestration.mail.smtp import send_batch
from orchestration.transport import Outcome, Unavailable, not_attempted


class SmtpSettings(contract.Settings):
    """Where the relay is and how to talk to it. Times are seconds."""

    host: Annotated[str, Shown(_("Server"))] = pydantic.Field(min_length=1, max_length=253)
    port: Annotated[int, Shown(_("Port"))] = pydantic.Field(default=587, ge=1, le=65535)
    security: Annotated[Security, Shown(_("Encryption"))] = Security.STARTTLS
    username: Annotated[str, Shown(_("User name"))] = pydantic.Field(default="", max_length=200)
    password_env: Annotated[SecretVariable, Shown(_("Variable with the password"), SECRET_HELP)] = ""
    local_name: Annotated[
        str, Shown(_("Own name"), _("What the sender calls itself in its greeting to the server."))
    ] = pydantic.Field(default="localhost", pattern=r"^[A-Za-z0-9.-]{1,253}$")
    connect_timeout: Annotated[float, Shown(_("Seconds to connect"))] = pydantic.Field(
        default=10, gt=0, le=30
    )
    timeout: Annotated[float, Shown(_("Seconds for an answer"))] = pydantic.Field(default=20, gt=0, le=60)
    final_timeout: Annotated[
        float,
        Shown(
            _("Seconds for the last answer"),
            _("To a whole message; what is not answered by then is unknown and is not sent again."),
        ),
    ] = pydantic.Field(default=30, gt=0, le=60)
    messages_per_connection: Annotated[int, Shown(_("Messages per connection"))] = pydantic.Field(
        default=1_000, ge=1
    )


class SmtpSession(MailSession):
    """Renews its connection after as many messages as the relay is thought to like, and when it ended while
    idle.
    """

    def __init__(self, server: Server, messages_per_connection: int) -> None:
        self.server = server
        self.limit = messages_per_connection
        self.connection = connect(server)

    @property
    def is_open(self) -> bool:
        return self.connection.is_open

    @property
    def takes_eight_bit(self) -> bool:  # type: ignore[override]
        return self.connection.takes_eight_bit

    def send(self, messages: Sequence[OutgoingMessage]) -> list[Outcome]:
        try:
            return send_batch(self._fresh(), messages)
        except Unavailable as error:
            return [not_attempted(str(error)) for _message in messages]

    def close(self) -> None:
        self.connection.close()

    def _fresh(self) -> Connection:
        if self.connection.is_stale or self.connection.handed_over >= self.limit:
            self.connection.close()
            self.connection = connect(self.server)
        return self.connection


class Smtp(contract.Provider):
    """Hands messages to an SMTP server, pipelined where the server allows it."""

    name = "smtp"
    label = _("SMTP")
    channel = "email"
    Settings = SmtpSettings

    @classmethod
    def open(cls, settings: Any) -> SmtpSession:
        server = Server(
            host=settings.host,
            port=settings.port,
            security=settings.security,
            username=settings.username,
            password=secret_from(settings.password_env),
            local_name=settings.local_name,
            connect_timeout=settings.connect_timeout,
            timeout=settings.timeout,
            final_timeout=settings.final_timeout,
        )
        return SmtpSession(server, settings.messages_per_connection)
